/**
 * What a number format shows a number as. `zeros`: only zeros, as many as `digits`, so that 7 with `000` is the code
 * 007. `clock`: a time of day without a date. `elapsed`: a duration, whose hours may exceed 24. `boolean`: 0 and 1 are
 * shown as the words for false and true.
 */
export interface NumberFormat {
  readonly as: 'number' | 'zeros' | 'date' | 'clock' | 'elapsed' | 'boolean';
  readonly digits: number;
}

const NUMBER: NumberFormat = { as: 'number', digits: 0 };
const DATE: NumberFormat = { as: 'date', digits: 0 };
const CLOCK: NumberFormat = { as: 'clock', digits: 0 };
const ELAPSED: NumberFormat = { as: 'elapsed', digits: 0 };
const BOOLEAN: NumberFormat = { as: 'boolean', digits: 0 };

/** LibreOffice keeps a boolean as a number with such a format, in the language of its user. */
const TRUTH = /^"?(TRUE|WAHR|VRAI|VERDADERO|VERO|VERDADEIRO)"?;"?\1"?;"?(FALSE|FALSCH|FAUX|FALSO)"?$/i;

/** Formats that exist without being written in the file (ECMA-376 18.8.30, East Asian ones included). */
export function builtInFormat(id: number): NumberFormat {
  if ((id >= 18 && id <= 21) || id === 32 || id === 33 || id === 45 || id === 47) return CLOCK;
  if (id === 46) return ELAPSED;
  const date = (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return date ? DATE : NUMBER;
}

/**
 * Reads a custom format code. Its first section formats positive numbers and decides, unless sections have conditions
 * of their own. Quoted and escaped characters, colours and locales do not count: `0\d` and `"Tag" 0` are numbers.
 */
export function parseNumberFormat(code: string): NumberFormat {
  if (TRUTH.test(code)) return BOOLEAN;
  const sections = splitSections(code);
  const first = parseSection(sections[0] ?? '');
  const conditional = /^\s*(\[[^\]]*\])*\[[<>=]/.test(sections[0] ?? '');
  if (!conditional || (first.as !== 'number' && first.as !== 'zeros')) return first;
  // [<=99999]00000;00000-0000 has more than zeros.
  return sections.map(parseSection).find(({ as }) => as !== 'number' && as !== 'zeros') ?? NUMBER;
}

function splitSections(code: string): string[] {
  const parts = code.match(/"[^"]*"?|\\.|\[[^\]]*\]?|;|[^"\\[;]+|./gs) ?? [];
  const sections = [''];
  for (const part of parts) {
    if (part === ';') sections.push('');
    else sections[sections.length - 1] += part;
  }
  return sections;
}

function parseSection(section: string): NumberFormat {
  let elapsed = false;
  const bare = section
    .replace(/"[^"]*"?|\\.|_.|\*./gs, ' ')
    .replace(/\[([^\]]*)\]?/g, (_, inside: string) => {
      elapsed ||= /^(h+|m+|s+)$/i.test(inside);
      return /^(h+|m+|s+)$/i.test(inside) ? inside : '';
    })
    .toLowerCase();
  if (/^0{2,}$/.test(bare)) return { as: 'zeros', digits: bare.length };
  // The T of ISO 8601 is without quotes in codes that programs write, or in apostrophes as in Java.
  const words = bare
    .replace(/am\/pm|a\/p|上午\/下午/g, 'h')
    .replace(/(s)[.,]0+/g, '$1')
    .replace(/d(?:t|'t')h/g, 'd h')
    .replace(/sz$/, 's');
  // A placeholder for a digit, or a word such as General or Standard, shows the number.
  if (/[0#?@]/.test(words)) return NUMBER;
  // Other scripts are literals, quoted or not: yyyy年m月d日.
  const runs = words.match(/\p{Script=Latin}+/gu) ?? [];
  const dateWords = runs.every((run) => /^(?:[ymdhsegbq]|a{3,4}(?!a))+$/.test(run));
  if (!dateWords || !/[ymdhs]/.test(runs.join(''))) return NUMBER;
  const letters = runs.join(' ');
  const dated = /[ydegb]|m{3}/.test(letters) || !/[hs]/.test(letters);
  if (elapsed) return dated && /[yd]/.test(letters) ? DATE : ELAPSED;
  return dated ? DATE : CLOCK;
}
