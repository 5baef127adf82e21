/** Elements are told apart by a hash of their local name, so that no string is made for a tag. */
export function nameCode(local: string): number {
  let code = 0;
  for (let i = 0; i < local.length; i++) code = (Math.imul(code, 31) + local.charCodeAt(i)) | 0;
  return code;
}
