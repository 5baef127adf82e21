import type { FileHandle } from 'node:fs/promises';
import { startAsText } from '../text/encoding.ts';
import { unreadable } from './refusal.ts';
import { readAt } from './zip-directory.ts';
import type { ZipReader } from './zip-reader.ts';

const AS_XLSX = 'Open it in Excel and save it as Excel workbook (.xlsx).';

/** Throws for a file that landed as a workbook and is no zip archive; the message names what it is. */
export async function refuseForeignFile(file: FileHandle, size: number): Promise<void> {
  if (size === 0)
    throw unreadable(
      'The file is empty (0 bytes).',
      'Copy or save the workbook again; the copy did not arrive.',
    );
  const head = await readAt(file, 0, Math.min(size, 4096));
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) return;
  if (head.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex')))
    throw await oleRefusal(file, head, size);
  if (head.toString('latin1', 0, 5) === '%PDF-')
    throw unreadable(
      'The file is a PDF, not an Excel workbook.',
      'Deliver the workbook the PDF was made from.',
    );
  const text = asText(head);
  if (text === null)
    throw unreadable('The file is not an Excel workbook (.xlsx), whatever its name says.', AS_XLSX);
  if (/<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet/.test(text)) {
    throw unreadable('The file is an XML Spreadsheet 2003, not an Excel workbook (.xlsx).', AS_XLSX);
  }
  if (
    /^\s*<(!doctype\s+html|html|head|body|table|meta|!--)/i.test(text) ||
    /<(html|table)[\s>]/i.test(text)
  ) {
    throw unreadable('The file is a web page (HTML) under the name of a workbook.', AS_XLSX);
  }
  throw unreadable(
    'The file is plain text, such as CSV, under the name of a workbook.',
    'Rename it to .csv, or open it in Excel and save it as Excel workbook (.xlsx).',
  );
}

/** Old Excel files and encrypted new ones share a container; its directory tells them apart. */
async function oleRefusal(file: FileHandle, head: Buffer, size: number): Promise<Error> {
  let directory = head;
  if (head.length >= 512) {
    const sector = 1 << Math.min(head.readUInt16LE(30), 16);
    const at = (head.readUInt32LE(48) + 1) * sector;
    if (at < size) directory = await readAt(file, at, Math.min(4096, size - at));
  }
  if (directory.includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    return unreadable(
      'The workbook is protected with a password, so it cannot be read.',
      'Save it without a password: File, Info, Protect Workbook, Encrypt with Password, clear the box.',
    );
  }
  const old = ['Workbook', 'Book'].some((name) => directory.includes(Buffer.from(`${name}\0`, 'utf16le')));
  return old
    ? unreadable('The file is an old Excel workbook (.xls, Excel 97-2003), which is not read.', AS_XLSX)
    : unreadable(
        'The file is protected with a password or is an old Excel workbook (.xls); neither is read.',
        'Save it as Excel workbook (.xlsx) without a password.',
      );
}

function asText(head: Buffer): string | null {
  const text = startAsText(head);
  return text.includes('\0') ? null : text;
}

/** Throws for an archive that holds another kind of document; the message names what it is. */
export async function refuseForeignArchive(zip: ZipReader): Promise<void> {
  const names = zip.names().map((name) => name.toLowerCase());
  const has = (name: string): boolean => names.includes(name);
  if (has('mimetype') || (has('content.xml') && has('meta-inf/manifest.xml'))) {
    throw unreadable(
      'The file is an OpenDocument file (.ods), which is not read.',
      'Save it as Excel workbook (.xlsx) in LibreOffice: File, Save As.',
    );
  }
  if (has('xl/workbook.bin'))
    throw unreadable('The file is a binary Excel workbook (.xlsb), which is not read.', AS_XLSX);
  if (names.some((name) => /^(word|ppt)\//.test(name)) && !names.some((name) => name.startsWith('xl/'))) {
    throw unreadable(
      'The file is a Word or PowerPoint document, not an Excel workbook.',
      'Deliver the table as Excel workbook (.xlsx).',
    );
  }
  if (!has('_rels/.rels')) {
    throw unreadable(
      'The file is a zip archive, but not an Excel workbook.',
      'Unpack it and deliver the workbook inside.',
    );
  }
}
