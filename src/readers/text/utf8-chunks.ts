import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { DetectedEncoding } from './encoding.ts';
import { unreadable } from './text-error.ts';

/** Windows-1252 from 0x80 to 0x9f; 0 where the encoding has no character. */
const C1 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];
const UTF8_OF = Array.from({ length: 256 }, (_, byte) => {
  const code = byte < 0x80 || byte > 0x9f ? byte : (C1[byte - 0x80] as number);
  return code === 0 && byte !== 0 ? null : Buffer.from(String.fromCharCode(code));
});

/**
 * The text of a file as UTF-8 bytes without its byte order mark, chunk by chunk. A chunk is valid until the next one is
 * asked for: its memory is used again.
 */
export async function* utf8Chunks(
  path: string,
  detected: DetectedEncoding,
  chunkBytes = 1 << 20,
): AsyncGenerator<Buffer, void, void> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const decode = decoderFor(detected, basename(path));
    for (let position = detected.bom; ; ) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield decode.chunk(buffer.subarray(0, bytesRead));
    }
    const rest = decode.end();
    if (rest.length > 0) yield rest;
  } finally {
    await file.close();
  }
}

interface Decoder {
  chunk(bytes: Buffer): Buffer;
  end(): Buffer;
}

function decoderFor(detected: DetectedEncoding, file: string): Decoder {
  if (detected.encoding === 'utf-8') return { chunk: (bytes) => bytes, end: () => Buffer.alloc(0) };
  if (detected.encoding === 'windows-1252') return windows1252(file);
  return utf16(detected.encoding === 'utf-16be', file);
}

function windows1252(file: string): Decoder {
  let line = 1;
  return {
    chunk(bytes) {
      if (isAscii(bytes)) {
        for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) line++;
        return bytes;
      }
      const out = Buffer.allocUnsafe(bytes.length * 3);
      let o = 0;
      for (const byte of bytes) {
        if (byte === 10) line++;
        if (byte < 0x80) {
          out[o++] = byte;
          continue;
        }
        const utf8 = UTF8_OF[byte];
        if (!utf8) {
          const hex = byte.toString(16).toUpperCase();
          throw unreadable(file, line, `byte 0x${hex} is neither UTF-8 nor Windows-1252 text.`);
        }
        for (const part of utf8) out[o++] = part;
      }
      return out.subarray(0, o);
    },
    end: () => Buffer.alloc(0),
  };
}

function utf16(bigEndian: boolean, file: string): Decoder {
  const decoder = new StringDecoder('utf16le');
  let odd: number | null = null;
  const encode = (text: string): Buffer => {
    if (/\p{Surrogate}/u.test(text))
      throw unreadable(file, null, 'the UTF-16 text is damaged (half a character).');
    return Buffer.from(text, 'utf8');
  };
  return {
    chunk(bytes) {
      const joined: Buffer = odd === null ? bytes : Buffer.concat([Buffer.from([odd]), bytes]);
      const even = joined.subarray(0, joined.length & ~1);
      odd = joined.length & 1 ? (joined[joined.length - 1] as number) : null;
      return encode(decoder.write(bigEndian ? Buffer.from(even).swap16() : even));
    },
    end() {
      if (odd !== null) throw unreadable(file, null, 'the UTF-16 text is cut in the middle of a character.');
      return encode(decoder.end());
    },
  };
}
