import { unreadable } from './refusal.ts';

/** Enough for a byte order mark and the XML declaration. */
const SNIFF = 256;

/** The part's bytes as UTF-8 without a byte order mark, whatever Unicode form or declared encoding it is stored in. */
export async function* utf8Chunks(chunks: AsyncIterable<Buffer>, part: string): AsyncGenerator<Buffer, void> {
  let head: Buffer | null = Buffer.alloc(0);
  let convert: ((chunk: Buffer | null) => Buffer) | null = null;
  for await (const chunk of chunks) {
    if (head === null) {
      yield convert ? convert(chunk) : chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < SNIFF) continue;
    convert = converter(head, part);
    yield convert ? convert(head) : withoutMark(head);
    head = null;
  }
  if (head !== null) {
    convert = converter(head, part);
    yield convert ? convert(head) : withoutMark(head);
  }
  if (convert) yield convert(null);
}

function withoutMark(head: Buffer): Buffer {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
}

function converter(head: Buffer, part: string): ((chunk: Buffer | null) => Buffer) | null {
  const label = encodingOf(head);
  if (label === null) return null;
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw unreadable(
      `The part ${part} is written in ${JSON.stringify(label)}, an encoding that is not known.`,
    );
  }
  return (chunk) => {
    try {
      return Buffer.from(chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode(), 'utf8');
    } catch (error) {
      throw unreadable(`The part ${part} holds bytes that are not ${label} text.`, undefined, error);
    }
  };
}

/** Null for UTF-8, which needs no conversion. */
function encodingOf(head: Buffer): string | null {
  const [a, b] = head;
  if ((a === 0xff && b === 0xfe) || (a === 60 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 60)) return 'utf-16be';
  const declared = /^<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']/.exec(
    head.toString('latin1', 0, SNIFF),
  )?.[1];
  // A part in single bytes that claims to be UTF-16 was converted by a program that kept the old declaration.
  return declared === undefined || /^(utf-?8|us-ascii|ascii|utf-?16.*)$/i.test(declared) ? null : declared;
}
