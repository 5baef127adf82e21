import { utf8Chunks } from './part-text.ts';
import { XmlScanner } from './xml-scanner.ts';
import { MORE, OPEN } from './xml-token.ts';
import type { ZipReader } from './zip-reader.ts';

const MAX_TOKEN = 2 * 1024 ** 2;

/** Walks through a small part and passes every token on; the scanner holds the element's code and attributes. */
export async function scanPart(
  zip: ZipReader,
  part: string,
  root: string,
  onToken: (token: number, xml: XmlScanner) => void,
): Promise<void> {
  const xml = new XmlScanner(part, root, MAX_TOKEN);
  const drain = (): void => {
    for (let token = xml.next(); token !== MORE; token = xml.next()) onToken(token, xml);
  };
  for await (const chunk of utf8Chunks(zip.stream(part), part)) {
    xml.feed(chunk);
    drain();
  }
  xml.finish();
  drain();
  xml.checkEnd();
}

/** As `scanPart`, for parts where only opening tags matter. */
export async function scanElements(
  zip: ZipReader,
  part: string,
  root: string,
  onOpen: (xml: XmlScanner) => void,
): Promise<void> {
  await scanPart(zip, part, root, (token, xml) => {
    if (token === OPEN) onOpen(xml);
  });
}
