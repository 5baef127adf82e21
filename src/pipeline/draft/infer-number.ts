/** How a column writes its numbers. */
export interface NumberGuess {
  readonly whole: boolean;
  /** Most digits after the decimal point. */
  readonly decimals: number;
  /** Most digits before it. */
  readonly digits: number;
  readonly groupChar: string | null;
  readonly decimalChar: string;
  /** Signs of currency or percent stand beside the digits. */
  readonly decorated: boolean;
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
  { group: '\u00a0', decimal: ',' },
  { group: "'", decimal: '.' },
];
const DECORATION = /^(-?)\s*(?:[$€£¥]|[A-Z]{3}\s)?\s*(-?[\d.,' \u00a0]*\d)\s*(?:[$€£¥%]|\s[A-Z]{3})?$/;

/** The notation that reads every text as a number; null where one is none, or where leading zeros show codes. */
export function inferNumber(texts: readonly string[]): NumberGuess | null {
  if (texts.length === 0) return null;
  // 007 is a code, and one of these among ordinary numbers makes the whole column codes.
  if (texts.some((text) => /^[-+]?0\d/.test(text))) return null;
  const plain = fitting(texts);
  if (plain) return { ...plain, decorated: false };
  const bare = texts.map((text) => {
    const found = DECORATION.exec(text);
    return found ? `${found[1] ?? ''}${found[2] ?? ''}` : 'x';
  });
  if (bare.includes('x') || bare.some((text) => /^[-+]?0\d/.test(text))) return null;
  const decorated = fitting(bare);
  return decorated ? { ...decorated, decorated: true } : null;
}

function fitting(texts: readonly string[]): Omit<NumberGuess, 'decorated'> | null {
  const all = NOTATIONS.filter((notation) => texts.every((text) => pattern(notation).test(text)));
  const chosen = all[0];
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
    ambiguous: swapped && texts.some((text) => /[.,]/.test(text)),
  };
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
