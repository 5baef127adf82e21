/** 1 for each byte that may occur in a name of XML; letters past ASCII are bytes from 128 up. */
export const NAME_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 128 || /[\w.:-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Whether a name may begin with the byte: not with a digit, a dot or a dash. */
export function beginsName(byte: number): boolean {
  return NAME_BYTE[byte] === 1 && byte !== 45 && byte !== 46 && !(byte >= 48 && byte <= 57);
}

/** Elements are identified by a hash of their local name, so that no string is made for a tag. */
export function nameCode(local: string): number {
  let code = 0;
  for (let i = 0; i < local.length; i++) code = (Math.imul(code, 31) + local.charCodeAt(i)) | 0;
  return code;
}
