import { readFileSync } from 'node:fs';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';

/** One SELECT of the pipeline's owner, cut at its `:period` placeholders. */
export interface Model {
  /** Its name in messages: relative to the project. */
  readonly displayPath: string;
  readonly text: string;
  /** The statement between the placeholders, without its closing semicolon. */
  readonly pieces: readonly string[];
}

/** Parts in which `;` and `:period` mean nothing: strings, quoted names, comments, dollar quotes. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/y;
const PLACEHOLDER = /:period\b/y;

/** Reads a model file. Anything but one SELECT is `bad-model`. */
export function readModel(path: string, displayPath: string): Model {
  return parseModel(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), displayPath);
}

export function parseModel(text: string, displayPath: string): Model {
  const pieces: string[] = [''];
  let ended = false;
  let first = '';
  for (let at = 0; at < text.length; ) {
    OPAQUE.lastIndex = at;
    const opaque = OPAQUE.exec(text)?.[0];
    const comment = opaque !== undefined && /^(--|\/\*)/.test(opaque);
    const char = text[at] as string;
    if (ended && !comment && !/\s/.test(opaque ?? char)) {
      throw badModel(displayPath, lineOf(text, at), 'it holds more than one statement');
    }
    PLACEHOLDER.lastIndex = at;
    const placeholder =
      opaque === undefined && text[at - 1] !== ':' ? PLACEHOLDER.exec(text)?.[0] : undefined;
    if (placeholder !== undefined) pieces.push('');
    else if (opaque === undefined && char === ';') ended = true;
    else pieces[pieces.length - 1] += comment ? ' ' : (opaque ?? char);
    if (!comment && first.length < 6 && !/[\s(]/.test(char)) first += char.toLowerCase();
    at += (opaque ?? placeholder ?? char).length;
  }
  if (!/^(select|with)/.test(first))
    throw badModel(displayPath, 1, 'it has to be one SELECT (or WITH … SELECT)');
  return { displayPath, text, pieces };
}

/** The model's SELECT, in brackets, for one period. */
export function bindModel(model: Model, period: string): Sql {
  let out = raw(model.pieces[0] ?? '');
  for (const piece of model.pieces.slice(1)) out = sql`${out}CAST(${period} AS VARCHAR)${raw(piece)}`;
  return sql`(${out})`;
}

export function badModel(displayPath: string, line: number, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('bad-model', {
    message: `${displayPath}:${line}: ${why}.`,
    where: { file: displayPath },
    cause,
  });
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
