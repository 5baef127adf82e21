import { isAscii } from 'node:buffer';
import { unreadable } from './text-error.ts';

/** Windows-1252 from 0x80 to 0x9f; 0 where the encoding has no character. */
const C1 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];
/** Converts the bytes of an encoding to bytes of UTF-8, chunk by chunk. */
export interface Decoder {
  chunk(bytes: Buffer): Buffer;
  end(): Buffer;
}

const UTF8_OF = Array.from({ length: 256 }, (_, byte) => {
  const code = byte < 0x80 || byte > 0x9f ? byte : (C1[byte - 0x80] as number);
  return code === 0 && byte !== 0 ? null : Buffer.from(String.fromCharCode(code));
});

/**
 * Windows-1252 to UTF-8. Where the encoding is only a guess (`guessed`), UTF-8 among the text is refused: 'Ã©' is then
 * an 'é' from a part of another origin, which would silently be read wrong.
 */
export function windows1252(file: string, guessed: boolean): Decoder {
  let line = 1;
  let before = 0;
  let last = 0;
  return {
    chunk(bytes) {
      const ascii = isAscii(bytes);
      const out = ascii ? bytes : Buffer.allocUnsafe(bytes.length * 3);
      let o = 0;
      for (const byte of bytes) {
        if (byte === 10 ? last !== 13 : byte === 13) line++;
        if (byte < 0x80) {
          if (!ascii) out[o++] = byte;
        } else {
          if (guessed && isUtf8Tail(before, last, byte)) throw mixed(file, line);
          const utf8 = UTF8_OF[byte];
          if (!utf8) throw notText(file, line, byte);
          for (const part of utf8) out[o++] = part;
        }
        before = last;
        last = byte;
      }
      return ascii ? bytes : out.subarray(0, o);
    },
    end: () => Buffer.alloc(0),
  };
}

/**
 * The last byte of an accented Latin letter, a typographic quote, a dash or a euro sign in UTF-8. The quotes « and »
 * may follow a capital letter in Windows-1252 too; nobody writes one of the other characters after Â, Ã or â.
 */
function isUtf8Tail(before: number, last: number, byte: number): boolean {
  if (last === 0xc2 || last === 0xc3) return byte >= 0xa1 && byte <= 0xbf && byte !== 0xab && byte !== 0xbb;
  return before === 0xe2 && last >= 0x80 && last <= 0x84 && byte <= 0xbf;
}

function mixed(file: string, line: number): Error {
  return unreadable(
    file,
    line,
    'this line is UTF-8 text and others are not; the file mixes two encodings.',
    'Save it again as UTF-8, or give `encoding: windows-1252` for the dataset if that is what it is.',
  );
}

function notText(file: string, line: number, byte: number): Error {
  const hex = byte.toString(16).toUpperCase();
  return unreadable(file, line, `byte 0x${hex} is neither UTF-8 nor Windows-1252 text.`);
}
