import { decodeString } from './json-string.ts';

const BACKSLASH = 0x5c;

/** A number for what a name says, however it is written; the name is given from quote to quote. */
export function hashOfName(text: string, start: number, end: number): number {
  let hash = 0;
  for (let at = start + 1; at < end - 1; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) return hashOf(decodeString(text, start, end));
    hash = (Math.imul(hash, 31) + code) | 0;
  }
  return hash;
}

export function hashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return hash;
}
