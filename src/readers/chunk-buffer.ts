import type { FileHandle } from 'node:fs/promises';

/**
 * A buffer for reading a file chunk by chunk, of `most` bytes or as many as the file has, and `more` on top. Memory outside
 * the heap counts when the runtime decides to collect garbage: buffers of megabytes for files of a few lines cost more
 * than reading them.
 */
export async function chunkBuffer(file: FileHandle, most: number, more = 0): Promise<Buffer> {
  const { size } = await file.stat();
  return Buffer.allocUnsafe(Math.min(most, Math.max(size, FEWEST)) + more);
}

/** A file may grow while it is read. */
const FEWEST = 4096;
