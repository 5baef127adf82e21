import type { Limits } from '../../domain/limits.ts';
import { FILE_MODE } from '../../lake/atomic-write.ts';
import { addContentType, addRelation } from '../package/relations.ts';
import { WorkbookPackage } from '../package/workbook-package.ts';
import { xmlAttribute, xmlText } from '../package/xml-text.ts';

const FORMAT_ID = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}';
const PART = 'docProps/custom.xml';

/** A copy of a workbook with custom document properties: they survive what people do to the file. */
export async function withCustomProperties(
  source: string,
  target: string,
  properties: readonly (readonly [name: string, value: string])[],
  limits: Limits,
): Promise<void> {
  const book = await WorkbookPackage.open(source, limits);
  try {
    const all = properties.map(
      ([name, value], i) =>
        `<property fmtid="${FORMAT_ID}" pid="${i + 2}" name="${xmlAttribute(name)}"><vt:lpwstr>${xmlText(value)}</vt:lpwstr></property>`,
    );
    book.set(
      PART,
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">${all.join('')}</Properties>`,
    );
    await addContentType(
      book,
      { part: PART },
      'application/vnd.openxmlformats-officedocument.custom-properties+xml',
    );
    await addRelation(
      book,
      '',
      'http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties',
      PART,
    );
    await book.write(target, FILE_MODE, new Map(), async () => {});
  } finally {
    await book.close();
  }
}
