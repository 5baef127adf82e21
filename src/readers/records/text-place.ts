/** Line and column of a place in a text of which only the current part is kept. Both count from 1 on. */
export class TextPlace {
  line = 1;
  column = 1;

  /** Goes on over the beginning of a text, up to `to`. A character of two UTF-16 units counts once. */
  pass(text: string, to: number): void {
    let begin = 0;
    for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', begin)) {
      this.line++;
      this.column = 1;
      begin = at + 1;
    }
    for (let at = begin; at < to; at++) {
      if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) this.column++;
    }
  }
}
