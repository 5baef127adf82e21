/**
 * Addresses as people write a selection: `C2:C5, C9`. Neighbours below each other in one column become a range; the order is
 * that of the rows. Addresses of text files (`line:column`) stay as they are.
 */
export function cellRanges(cells: readonly string[]): string[] {
  const out: string[] = [];
  let first: Place | null = null;
  let last: Place | null = null;
  const close = () => {
    if (first === null || last === null) return;
    out.push(first.row === last.row ? first.text : `${first.text}:${last.text}`);
  };
  for (const text of cells) {
    const place = placeOf(text);
    if (place !== null && last !== null && place.column === last.column && place.row === last.row + 1) {
      last = place;
      continue;
    }
    close();
    [first, last] = [place, place];
    if (place === null) out.push(text);
  }
  close();
  return out;
}

interface Place {
  readonly text: string;
  readonly column: string;
  readonly row: number;
}

function placeOf(text: string): Place | null {
  const found = /^([A-Z]+)(\d+)$/.exec(text);
  return found === null ? null : { text, column: found[1] ?? '', row: Number(found[2]) };
}
