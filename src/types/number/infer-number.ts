import { undecorated } from './number-decoration.ts';

/** How a column writes its numbers. */
export interface NumberGuess {
  readonly whole: boolean;
  /** Most digits after the decimal point. */
  readonly decimals: number;
  /** Most digits before it. */
  readonly digits: number;
  readonly groupChar: string | null;
  readonly decimalChar: string;
  /** Signs of currency or percent beside the digits, each once; empty where there are none. */
  readonly signs: readonly string[];
  /** Number of texts with such a sign. */
  readonly signed: number;
  /** (1,234.50) or 1,234.50- is a negative number. */
  readonly accounting: boolean;
  /** 1,234 may mean a thousand or a little more than one. */
  readonly ambiguous: boolean;
}

interface Notation {
  readonly group: string | null;
  readonly decimal: string;
}

const NOTATIONS: readonly Notation[] = [
  { group: null, decimal: '.' },
  { group: ',', decimal: '.' },
  { group: null, decimal: ',' },
  { group: '.', decimal: ',' },
  { group: ' ', decimal: ',' },
  { group: ' ', decimal: '.' },
  { group: "'", decimal: '.' },
];
const IN_BRACKETS = /^([^\d()]*)\(([^()]+)\)([^\d()]*)$/;

/**
 * The notation in which every text is a number; null where a text is not one, or where leading zeros show codes. Where
 * two notations fit, it is the one with the decimal sign of the file's other numbers.
 */
export function inferNumber(
  written: readonly string[],
  decimalChar: string | null = null,
): NumberGuess | null {
  if (written.length === 0) return null;
  // Spaces of all widths mean the same between digits, and so do the two kinds of minus signs and of apostrophes.
  const texts = written.map((text) =>
    text
      .replace(/[\u00a0\u202f\u2009]/g, ' ')
      .replace(/\u2212/g, '-')
      .replace(/\u2019/g, "'"),
  );
  // 007 is a code, and one such text among ordinary numbers makes the whole column codes.
  if (texts.some(isCode)) return null;
  const plain = fitting(texts, decimalChar);
  if (plain) return { ...plain, signs: [], signed: 0, accounting: false };
  const bookkept = texts.map(withoutBookkeeping);
  const accounting = bookkept.some((text, i) => text !== texts[i]);
  const found = accounting ? fitting(bookkept, decimalChar) : null;
  if (found) return { ...found, signs: [], signed: 0, accounting };
  return withSigns(bookkept, accounting, decimalChar);
}

function withSigns(
  texts: readonly string[],
  accounting: boolean,
  decimalChar: string | null,
): NumberGuess | null {
  const bare: string[] = [];
  const signs = new Set<string>();
  let signed = 0;
  let glued = 0;
  for (const text of texts) {
    const found = undecorated(text);
    if (found === null || isCode(found.bare)) return null;
    bare.push(found.bare);
    if (found.sign !== null) signs.add(found.sign);
    signed += found.sign === null ? 0 : 1;
    glued += found.glued ? 1 : 0;
  }
  const found = fitting(bare, decimalChar);
  // ALL123 and TOP124 are part numbers, although their letters are also those of currencies.
  if (found === null || (glued > 0 && glued === signed && found.whole && found.groupChar === null))
    return null;
  return { ...found, signs: [...signs].sort(), signed, accounting };
}

function isCode(text: string): boolean {
  return /^[-+]?0\d/.test(text);
}

function withoutBookkeeping(text: string): string {
  const inside = IN_BRACKETS.exec(text);
  if (inside) return `-${inside[1]}${inside[2]}${inside[3]}`;
  return /\d ?-$/.test(text) ? `-${text.slice(0, -1).trimEnd()}` : text;
}

function fitting(
  texts: readonly string[],
  decimalChar: string | null,
): Omit<NumberGuess, 'signs' | 'signed' | 'accounting'> | null {
  const all = NOTATIONS.filter((notation) => texts.every((text) => pattern(notation).test(text)));
  const known = all.find((notation) => notation.decimal === decimalChar);
  const chosen = known ?? all[0];
  if (!chosen) return null;
  let decimals = 0;
  let digits = 1;
  for (const text of texts) {
    const bare = chosen.group === null ? text : text.replaceAll(chosen.group, '');
    const [before = '', after = ''] = bare.replace(/^[-+]/, '').split(chosen.decimal);
    decimals = Math.max(decimals, after.length);
    digits = Math.max(digits, before.length);
  }
  const swapped = all.some((one) => one.decimal !== chosen.decimal);
  return {
    whole: decimals === 0,
    decimals,
    digits,
    groupChar: chosen.group,
    decimalChar: chosen.decimal,
    ambiguous: swapped && known === undefined && texts.some((text) => /[.,]/.test(text)),
  };
}

/** The decimal sign of all columns in which it is beyond doubt; null where there is none, or they differ. */
export function decimalCharOf(columns: readonly (readonly string[])[]): string | null {
  const signs = new Set<string>();
  for (const texts of columns) {
    const found = texts.some((text) => /\d[.,]\d/.test(text)) ? inferNumber(texts) : null;
    if (found && !found.ambiguous) signs.add(found.decimalChar);
  }
  return signs.size === 1 ? ([...signs][0] as string) : null;
}

const patterns = new Map<Notation, RegExp>();
function pattern(notation: Notation): RegExp {
  const known = patterns.get(notation);
  if (known) return known;
  const literal = (char: string) => char.replace('.', '\\.');
  const whole = notation.group === null ? '\\d+' : `(?:\\d+|\\d{1,3}(?:${literal(notation.group)}\\d{3})+)`;
  const made = new RegExp(`^[-+]?${whole}(?:${literal(notation.decimal)}\\d+)?$`);
  patterns.set(notation, made);
  return made;
}
