import { unreadable } from './refusal.ts';

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Resolves line ends and references of raw XML text: the five names of XML, and numbers. Without a DOCTYPE there are no
 * others.
 */
export function decodeXmlText(raw: string, part: string): string {
  const lined = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!lined.includes('&')) return lined;
  return lined.replace(/&([^;&]{0,12};)?/g, (whole, body: string | undefined) => {
    const name = body?.slice(0, -1) ?? '';
    const value = name.startsWith('#')
      ? character(name)
      : Object.hasOwn(NAMED, name)
        ? NAMED[name]
        : undefined;
    if (value === undefined)
      throw unreadable(`The part ${part} holds ${JSON.stringify(whole)}, which is not a character.`);
    return value;
  });
}

function character(reference: string): string | undefined {
  const hex = /^#x([0-9a-f]{1,8})$/i.exec(reference);
  const decimal = /^#([0-9]{1,8})$/.exec(reference);
  const code = hex ? Number.parseInt(hex[1]!, 16) : decimal ? Number.parseInt(decimal[1]!, 10) : 0;
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : undefined;
}

/**
 * Excel writes characters that XML cannot hold as `_xHHHH_`, and a literal `_x000D_` as `_x005F_x000D_`. An escape that
 * would give half a surrogate pair stays as written: no other program could read it back.
 */
export function unescapeExcel(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/(?:_x[0-9A-Fa-f]{4}_)+/g, (run) => {
    let plain = '';
    for (let i = 0; i < run.length; i += 7)
      plain += String.fromCharCode(Number.parseInt(run.slice(i + 2, i + 6), 16));
    return /\p{Surrogate}/u.test(plain) ? run : plain;
  });
}

/** White space around a text counts only with xml:space="preserve"; Excel drops it otherwise. */
export function trimXmlSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
