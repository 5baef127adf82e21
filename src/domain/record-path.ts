/** Where a field's value is in a JSON record: names of members and positions in arrays, from the outside in. */
export type RecordPath = readonly (string | number)[];

/** A path that cannot be read; the message says what is wrong and where. */
export class RecordPathError extends Error {}

/**
 * Reads `$.job.title`, `$.places[0]['city name']`: members after a dot, odd names quoted in brackets (a backslash before
 * a quote or a backslash), and positions, from 0, in brackets. Throws RecordPathError.
 */
export function parseRecordPath(text: string): RecordPath {
  if (!text.startsWith('$')) throw new RecordPathError(`'${text}' does not begin with $`);
  const parts: (string | number)[] = [];
  for (let at = 1; at < text.length; ) {
    const [part, end] = readPart(text, at);
    parts.push(part);
    at = end;
  }
  if (parts.length === 0) throw new RecordPathError(`'${text}' names no member; write $.name`);
  return parts;
}

function readPart(text: string, at: number): readonly [string | number, number] {
  const rest = text.slice(at);
  const member = /^\.([^.[\]'"\s]+)/.exec(rest);
  if (member !== null) return [member[1] as string, at + member[0].length];
  const position = /^\[(0|[1-9][0-9]{0,8})\]/.exec(rest);
  if (position !== null) return [Number(position[1]), at + position[0].length];
  const odd = /^\[(?:'((?:[^'\\]|\\['"\\])*)'|"((?:[^"\\]|\\['"\\])*)")\]/.exec(rest);
  if (odd !== null) {
    const name = (odd[1] ?? odd[2] ?? '').replace(/\\(['"\\])/g, '$1');
    return [name, at + odd[0].length];
  }
  throw new RecordPathError(
    `'${text}': character ${at + 1} begins neither .member nor [n] nor ['odd member']`,
  );
}

/** The path as it is written. */
export function showPath(path: RecordPath): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[^.[\]'"\s\\]+$/.test(part) ? `.${part}` : `['${part.replace(/['\\]/g, '\\$&')}']`;
  });
  return `$${parts.join('')}`;
}
