import {
  DEFAULT_SCHEMAS,
  SCHEMA_WORDS,
  type SchemaNames,
  type SchemaWord,
} from '../../domain/schema-names.ts';
import { quoteName, Sql } from '../../sql/sql.ts';
import { type HoleMeaning, renameSchemas, renameValue } from './rename-schemas.ts';

/** A statement of a migration that begins with this names schemas as the database does, those of other pipelines too. */
const AS_THEY_ARE = '/* names as they are */';

/** The names that a warehouse has for the five schemas, put into what is sent to it. Nothing changes where none has another name. */
export class SchemaRenaming {
  readonly names: SchemaNames;
  readonly isNone: boolean;

  constructor(names: SchemaNames = DEFAULT_SCHEMAS) {
    this.names = names;
    this.isNone = SCHEMA_WORDS.every((word) => names[word] === word);
  }

  of(word: SchemaWord): string {
    return this.names[word];
  }

  /** The name as people write it in SQL. */
  written(word: SchemaWord): string {
    return this.names[word] === word ? word : quoteName(this.names[word]);
  }

  /** SQL text as the database is to read it. */
  text(sql: string): string {
    return this.#leaves(sql) ? sql : renameSchemas(sql, this.names).text;
  }

  /** A statement as the database is to read it. */
  statement(statement: Sql): Sql {
    if (this.isNone || statement.namesAreReal) return statement;
    // No SQL contains NUL, so NUL can mark the places of the values.
    const { text, holes } = renameSchemas(statement.strings.join('\0'), this.names);
    return new Sql(text.split('\0'), this.#values(statement.values, holes));
  }

  /** A statement with `$1 …` in the places of its values, and these values. */
  bound(sql: string, values: readonly unknown[]): readonly [text: string, values: readonly unknown[]] {
    if (this.#leaves(sql)) return [sql, values];
    const { text, holes } = renameSchemas(sql, this.names);
    return [text, this.#values(values, holes)];
  }

  /** A statement as a migration of the pipeline is to write it, so that the database reads it as it is. */
  pasted(statement: Sql): string {
    const { text } = this.statement(statement);
    return this.text(text) === text ? text : `${AS_THEY_ARE} ${text}`;
  }

  #leaves(sql: string): boolean {
    return this.isNone || sql.trimStart().startsWith(AS_THEY_ARE);
  }

  /** The word for a schema by its name in the database; null where that is none of ours. */
  wordFor(name: string): SchemaWord | null {
    return SCHEMA_WORDS.find((word) => this.names[word] === name) ?? null;
  }

  #values<V>(values: readonly V[], holes: ReadonlyMap<number, HoleMeaning>): V[] {
    return values.map((value, i) => {
      const meaning = holes.get(i);
      return typeof value === 'string' && meaning ? (renameValue(value, meaning, this.names) as V) : value;
    });
  }
}
