import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { chunkBuffer } from '../chunk-buffer.ts';
import type { DetectedEncoding } from './encoding.ts';
import { unreadable } from './text-error.ts';
import { type Decoder, windows1252 } from './windows-1252.ts';

/** Ctrl-Z: some programs still end a text file with it, as DOS did. */
export const END_OF_FILE = 0x1a;

/**
 * The text of a file as UTF-8 bytes without its byte order mark and the Ctrl-Z at its end, chunk by chunk. A chunk is
 * valid until the next one is requested: its memory is reused.
 */
export async function* utf8Chunks(
  path: string,
  detected: DetectedEncoding,
  chunkBytes = 1 << 20,
): AsyncGenerator<Buffer, void, void> {
  let held = 0;
  for await (const chunk of decoded(path, detected, chunkBytes)) {
    let end = chunk.length;
    while (end > 0 && chunk[end - 1] === END_OF_FILE) end--;
    if (end > 0) {
      for (; held > 0; held -= Math.min(held, chunkBytes))
        yield Buffer.alloc(Math.min(held, chunkBytes), END_OF_FILE);
      yield chunk.subarray(0, end);
    }
    held += chunk.length - end;
  }
}

async function* decoded(
  path: string,
  detected: DetectedEncoding,
  chunkBytes: number,
): AsyncGenerator<Buffer, void, void> {
  const file = await open(path, 'r');
  try {
    const buffer = await chunkBuffer(file, chunkBytes);
    const decode = decoderFor(detected, basename(path));
    for (let position = detected.bom; ; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
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

function decoderFor(detected: DetectedEncoding, file: string): Decoder {
  if (detected.encoding === 'utf-8') return { chunk: (bytes) => bytes, end: () => Buffer.alloc(0) };
  if (detected.encoding === 'windows-1252') return windows1252(file, detected.guessed === true);
  return utf16(detected.encoding === 'utf-16be', file);
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
