/** A value that can be bound. Dates and timestamps are bound as ISO text, decimals and JSON as text. */
export type Value = null | string | number | bigint | boolean;

/** A piece of SQL with its bound values; only `sql`, `ident`, `raw` and `join` make it. */
export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly Value[];
  /** True where the text names schemas as the database does; false where it uses our five words for them. */
  readonly namesAreReal: boolean;

  constructor(strings: readonly string[], values: readonly Value[], namesAreReal = false) {
    this.strings = strings;
    this.values = values;
    this.namesAreReal = namesAreReal;
  }

  /** Text with `$1 …` placeholders, which both engines understand. */
  get text(): string {
    let out = this.strings[0] ?? '';
    for (let i = 1; i < this.strings.length; i++) out += `$${i}${this.strings[i] ?? ''}`;
    return out;
  }
}

/**
 * A whole statement that names schemas as the database does, because it came from there: none of its names is ours to change.
 */
export function withRealNames(statement: Sql): Sql {
  return new Sql(statement.strings, statement.values, true);
}

/** A statement: interpolated `Sql` is inlined, every other value is bound. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | Value)[]): Sql {
  const out: string[] = [strings[0] ?? ''];
  const values: Value[] = [];
  parts.forEach((part, i) => {
    const after = strings[i + 1] ?? '';
    if (part instanceof Sql) {
      if (part.namesAreReal) throw new TypeError('a statement with real names is no part of another one');
      out[out.length - 1] += part.strings[0] ?? '';
      out.push(...part.strings.slice(1));
      values.push(...part.values);
      out[out.length - 1] += after;
    } else {
      values.push(part);
      out.push(after);
    }
  });
  return new Sql(out, values);
}

/** The one function that quotes identifiers, for both engines: `ident('stage', 'citizens')` is "stage"."citizens". */
export function ident(...path: readonly string[]): Sql {
  return raw(path.map(quoteName).join('.'));
}

export function quoteName(name: string): string {
  if (name.includes('\0')) throw new TypeError('an identifier cannot contain a NUL character');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal, for the few places where a statement accepts no bound values (COPY options, file paths). */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL text that is used unchanged: only for text from the program itself, or SQL written by the pipeline's owner. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

export function join(parts: readonly (Sql | Value)[], separator = ', '): Sql {
  let out = raw('');
  parts.forEach((part, i) => {
    out = i === 0 ? sql`${part}` : sql`${out}${raw(separator)}${part}`;
  });
  return out;
}

/** A list of quoted column names. */
export function columnList(names: readonly string[]): Sql {
  return join(names.map((name) => ident(name)));
}
