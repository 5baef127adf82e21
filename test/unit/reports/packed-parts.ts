import { open, stat } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { DEFAULT_LIMITS } from '../../../src/domain/limits.ts';
import { readAt, readZipDirectory } from '../../../src/readers/xlsx/zip-directory.ts';

export interface PackedPart {
  /** As it lies in the archive. */
  readonly packed: Buffer;
  readonly text: string;
}

/** Every part of a workbook, packed and unpacked. */
export async function packedParts(path: string): Promise<Map<string, PackedPart>> {
  const file = await open(path, 'r');
  try {
    const parts = new Map<string, PackedPart>();
    for (const entry of await readZipDirectory(file, (await stat(path)).size, DEFAULT_LIMITS)) {
      const head = await readAt(file, entry.headerOffset, 30);
      const start = entry.headerOffset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
      const packed = await readAt(file, start, entry.packed);
      const bytes = entry.method === 8 ? inflateRawSync(packed) : packed;
      parts.set(entry.name, { packed, text: bytes.toString('utf8') });
    }
    return parts;
  } finally {
    await file.close();
  }
}
