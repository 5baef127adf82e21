import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** SHA-256 of a file's bytes, in lower-case hexadecimal; at most one megabyte in memory at a time. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(Math.min(1 << 20, Math.max(size, 4096)));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
