import { Neighbours, type SqlToken } from './sql-tokens.ts';

/** After these a table, view or the like is named. */
const BEFORE_RELATION = new Set([
  ...['join', 'into', 'update', 'table', 'view', 'sequence', 'index', 'column', 'truncate', 'references'],
  ...['copy', 'describe', 'summarize', 'analyze', 'vacuum', 'pivot', 'unpivot'],
]);
/** Words that may come between such a word and the name. */
const ON_THE_WAY = new Set(['only', 'lateral', 'if', 'not', 'exists', 'concurrently', 'materialized']);
/** With these the list after FROM has ended. */
const AFTER_LIST = new Set([
  ...['select', 'where', 'group', 'order', 'having', 'limit', 'offset', 'set', 'returning', 'window'],
  ...['qualify', 'union', 'intersect', 'except', 'values', 'fetch'],
]);
/** Functions whose arguments are divided by FROM. */
const WITH_FROM = new Set(['extract', 'substring', 'trim', 'overlay']);
/** Statements in which ON is followed by a table. */
const DEFINING = new Set(['create', 'alter', 'grant', 'revoke', 'comment']);
/** Statements in which tables follow one another without FROM. */
const LISTING = new Set(['drop', 'truncate', 'grant', 'revoke', 'lock']);

/** What is open between two brackets. */
interface Frame {
  /** The word before the bracket; '' for none. */
  readonly call: string;
  /** A list of tables is being read, so that one follows a comma. */
  list: boolean;
  isQuery: boolean;
}

/** The positions among the tokens at which the name of a table, or of something like it, begins. */
export function relationPlaces(tokens: readonly SqlToken[]): ReadonlySet<number> {
  const reader = new Reader(tokens);
  const places = new Set<number>();
  for (let i = 0; i < tokens.length; i++) if (reader.read(i)) places.add(i);
  return places;
}

class Reader {
  readonly #tokens: readonly SqlToken[];
  readonly #around: Neighbours;
  #frames: Frame[] = [{ call: '', list: false, isQuery: false }];
  /** The first word of the statement. */
  #statement = '';
  /** The next name is that of a table. */
  #expected = false;

  constructor(tokens: readonly SqlToken[]) {
    this.#tokens = tokens;
    this.#around = new Neighbours(tokens);
  }

  /** Whether a table's name begins at this token; to be asked of one token after the other. */
  read(i: number): boolean {
    const { kind } = this.#tokens[i] as SqlToken;
    const isName = kind === 'name' || kind === 'quoted';
    if (isName && this.#around.sign(i - 1) === '.') return false;
    const wasExpected = this.#expected;
    this.#expected = false;
    if (kind === 'sign') this.#readSign(i, wasExpected);
    if (!isName) return false;
    const word = this.#around.sign(i + 1) === '.' ? '' : this.#around.word(i);
    if (this.#statement === '') this.#statement = word;
    if (ON_THE_WAY.has(word)) this.#expected = wasExpected;
    else if (!this.#readKeyword(word, i)) return wasExpected;
    return false;
  }

  get #frame(): Frame {
    return this.#frames.at(-1) as Frame;
  }

  #readSign(i: number, wasExpected: boolean): void {
    const frame = this.#frame;
    switch (this.#around.sign(i)) {
      case '(': {
        const call = wasExpected ? '' : this.#around.word(i - 1);
        const list = (frame.list && wasExpected) || call === 'inherits';
        this.#frames.push({ call, list, isQuery: false });
        this.#expected = list;
        return;
      }
      case ')':
        if (this.#frames.length > 1) this.#frames.pop();
        return;
      case ',':
        this.#expected = frame.list;
        return;
      case ';':
        this.#frames = [{ call: '', list: false, isQuery: false }];
        this.#statement = '';
    }
  }

  /** Whether the word is one that decides what comes next. */
  #readKeyword(word: string, i: number): boolean {
    const frame = this.#frame;
    if (word === 'from') {
      if (this.#dividesArguments(i)) return true;
      this.#expected = frame.list = true;
    } else if (word === 'using') {
      // With brackets these are the columns of a JOIN, after which the list goes on.
      this.#expected = this.#around.sign(i + 1) !== '(';
      frame.list ||= this.#expected;
    } else if (word === 'on') {
      this.#expected = !frame.list && DEFINING.has(this.#statement);
      if (this.#expected) frame.list = LISTING.has(this.#statement);
    } else if (word === 'like') {
      this.#expected = ['(', ','].includes(this.#around.sign(i - 1));
    } else if (
      `${this.#around.word(i - 1)} ${word}` === 'partition of' ||
      `${this.#around.word(i - 1)} ${word}` === 'owned by'
    ) {
      this.#expected = true;
    } else if (BEFORE_RELATION.has(word)) {
      this.#expected = true;
      frame.list ||= word === 'join' || LISTING.has(this.#statement);
    } else if (AFTER_LIST.has(word)) {
      frame.isQuery ||= word === 'select';
      frame.list = false;
    } else {
      return false;
    }
    return true;
  }

  /** `extract(year FROM …)`, and `a IS DISTINCT FROM b`. */
  #dividesArguments(i: number): boolean {
    const { call, isQuery } = this.#frame;
    if (WITH_FROM.has(call) && !isQuery) return true;
    return this.#around.word(i - 1) === 'distinct' && ['is', 'not'].includes(this.#around.word(i - 2));
  }
}
