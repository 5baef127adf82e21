import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string;
  readonly data: string | Buffer;
  readonly stored?: boolean;
  /** Checksum and sizes stand after the data alone, as a program writes that cannot go back. */
  readonly streamed?: boolean;
  /** What the headers claim, where that is not the truth. */
  readonly claims?: {
    readonly size?: number;
    readonly crc?: number;
    readonly localName?: string;
    readonly flags?: number;
  };
}

/** Writes an archive by hand, so that tests can write broken ones. `zip64` puts sizes and directory into the large records. */
export function writeZip(parts: readonly ZipPart[], zip64 = false): Buffer {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, stored, streamed, claims } of parts) {
    const plain = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    const packed = stored ? plain : deflateRawSync(plain);
    const nameBytes = Buffer.from(name, 'utf8');
    const localName = Buffer.from(claims?.localName ?? name, 'utf8');
    const size = claims?.size ?? plain.length;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(45, 0);
    shared.writeUInt16LE(claims?.flags ?? 0x800, 2);
    shared.writeUInt16LE(stored ? 0 : 8, 4);
    shared.writeUInt32LE(claims?.crc ?? crc32(plain), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(localName.length, 22);
    const local = Buffer.from(shared);
    if (streamed) local.fill(0, 10, 22);
    const descriptor = Buffer.concat([Buffer.from([0x50, 0x4b, 7, 8]), shared.subarray(10, 22)]);
    body.push(Buffer.from([0x50, 0x4b, 3, 4]), local, localName, packed, ...(streamed ? [descriptor] : []));
    shared.writeUInt16LE(nameBytes.length, 22);
    directory.push(centralHeader(shared, nameBytes, offset, zip64 ? { size, packed: packed.length } : null));
    offset += 30 + localName.length + packed.length + (streamed ? descriptor.length : 0);
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...body, central, endRecords(parts.length, central.length, offset, zip64)]);
}

function centralHeader(
  shared: Buffer,
  name: Buffer,
  offset: number,
  large: { readonly size: number; readonly packed: number } | null,
): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(45, 4);
  shared.copy(header, 6, 0, 24);
  header.writeUInt32LE(offset, 42);
  if (!large) return Buffer.concat([header, name]);
  header.writeUInt32LE(0xffffffff, 20);
  header.writeUInt32LE(0xffffffff, 24);
  header.writeUInt32LE(0xffffffff, 42);
  header.writeUInt16LE(28, 30);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(large.size), 4);
  extra.writeBigUInt64LE(BigInt(large.packed), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return Buffer.concat([header, name, extra]);
}

function endRecords(count: number, size: number, offset: number, zip64: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  if (!zip64) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
