/** Text files that go wrong in the ways text files do, the same ones for the same seed. */

/** A fixed sequence of numbers from 0 to 1, so that a failing case can be run again. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const HEADER = ['id', 'name', 'note', 'amount'];
export const DELIMITERS = [',', ';', '\t', '|'];
const NEWLINES = ['\n', '\r\n', '\r'];
const NAMES = [
  'Zoë',
  'Smith, John',
  'a;b|c',
  '"Bob" said',
  'two\nlines',
  '',
  '007',
  'tab\there',
  'naïve',
  'NA',
];
const STRAY = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\0',
  '\x1a',
  '\ufeff',
  ' ',
  '\x1b',
  '\x1f',
  "'",
  'é',
];

export interface Mutated {
  readonly bytes: Buffer;
  /** The delimiter it was written with at first. */
  readonly delimiter: string;
  readonly what: string;
}

/** One file: a sound table in some dialect, then up to three mishaps. */
export function mutatedText(seed: number): Mutated {
  const random = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const delimiter = pick(DELIMITERS);
  const newline = pick(NEWLINES);
  const quoteAll = random() < 0.3;
  const cell = (text: string) =>
    quoteAll || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const names = random() < 0.5 ? NAMES : NAMES.filter((name) => /^[\wëï]*$/.test(name));
  const rows = Array.from({ length: Math.floor(random() * 12) }, (_, i) => [
    String(i + 1),
    pick(names),
    pick(names),
    `${Math.floor(random() * 1000)}.5`,
  ]);
  const preamble = random() < 0.2 ? ['A report', ''] : [];
  const lines = [...preamble, ...[HEADER, ...rows].map((row) => row.map(cell).join(delimiter))];
  const text = lines.join(newline) + (random() < 0.8 ? newline : '');
  const encoding = pick(['utf-8', 'utf-8', 'utf-8 marked', 'utf-16le', 'utf-16be', 'windows-1252']);
  let bytes = encode(text, encoding);
  const done = [encoding];
  for (let n = Math.floor(random() * 4); n > 0; n--) {
    const [name, mishap] = pick(MISHAPS);
    bytes = mishap(bytes, random, { delimiter, encoding, pick });
    done.push(name);
  }
  return { bytes, delimiter, what: `seed ${seed}: ${done.join(', ')}` };
}

function encode(text: string, encoding: string): Buffer {
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8 marked') return Buffer.from(`\ufeff${text}`);
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16le' ? wide : wide.swap16();
}

type Mishap = (
  bytes: Buffer,
  random: () => number,
  about: {
    readonly delimiter: string;
    readonly encoding: string;
    readonly pick: <T>(list: readonly T[]) => T;
  },
) => Buffer;

const spot = (bytes: Buffer, random: () => number) => Math.floor(random() * (bytes.length + 1));
const MISHAPS: readonly (readonly [string, Mishap])[] = [
  ['cut', (bytes, random) => bytes.subarray(0, spot(bytes, random))],
  [
    'flipped bit',
    (bytes, random) => {
      const out = Buffer.from(bytes);
      const at = spot(out, random);
      if (at < out.length) out[at] = (out[at] as number) ^ (1 << Math.floor(random() * 8));
      return out;
    },
  ],
  [
    'stray text',
    (bytes, random, { pick, encoding }) => {
      const at = spot(bytes, random);
      const wide = encoding.startsWith('utf-16') && random() < 0.8;
      const stray = wide ? encode(pick(STRAY), encoding).subarray(2) : Buffer.from(pick(STRAY));
      return Buffer.concat([bytes.subarray(0, at), stray, bytes.subarray(at)]);
    },
  ],
  [
    'lost range',
    (bytes, random) => {
      const at = spot(bytes, random);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 12))]);
    },
  ],
  [
    'doubled range',
    (bytes, random) => {
      const at = spot(bytes, random);
      const end = at + 1 + Math.floor(random() * 30);
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    },
  ],
  [
    'another delimiter from here on',
    (bytes, random, { delimiter, pick }) => {
      const at = spot(bytes, random);
      const other = pick(DELIMITERS).charCodeAt(0);
      const tail = Buffer.from(bytes.subarray(at));
      for (let i = 0; i < tail.length; i++) if (tail[i] === delimiter.charCodeAt(0)) tail[i] = other;
      return Buffer.concat([bytes.subarray(0, at), tail]);
    },
  ],
  [
    'rows of another encoding at the end',
    (bytes, _random, { pick, delimiter }) => {
      const row = ['9', 'café', 'Ünal', '1.5'].join(delimiter);
      return Buffer.concat([
        bytes,
        encode(`${row}\n`, pick(['utf-8', 'utf-8 marked', 'windows-1252', 'utf-16le'])),
      ]);
    },
  ],
  [
    'trailing delimiters',
    (bytes, _random, { delimiter }) =>
      Buffer.from(bytes.toString('latin1').replace(/(?=\n)/g, delimiter), 'latin1'),
  ],
];
