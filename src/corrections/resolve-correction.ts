import type { Dataset } from '../domain/dataset.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { parseSlice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import { decidedBy } from '../domain/who-and-why.ts';
import { blank, command, option, type Words, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { CellCorrection } from '../ledger/corrections.ts';

/** A correction as a person writes it. */
export interface WrittenCorrection {
  /** `name=value[,name=value…]`, or the bare value where the key is one field. */
  readonly key: string;
  /** `field=value`; nothing or `null` after the sign: blank. */
  readonly set: string;
  /** `null` or nothing: blank. */
  readonly expect: string;
}

/**
 * Turns what a person wrote into a cell of the overlay; a text that names no field or no whole key is a usage error.
 */
export function resolveCorrection(
  dataset: Dataset,
  target: Target,
  written: WrittenCorrection,
): CellCorrection {
  if (dataset.primaryKey.length === 0) {
    throw new TidemarkError('usage', {
      message: `${dataset.name} has no primaryKey, so no row of it can be named for a correction.`,
      hint: 'Give it schema.primaryKey in datasets_config.yml, or deliver the file again.',
    });
  }
  const at = written.set.indexOf('=');
  if (at < 1) throw usage(words`${option('set')} takes field=value.`, dataset);
  const field = written.set.slice(0, at);
  refuseField(dataset, field);
  return {
    key: keyOf(dataset, target, written.key),
    field,
    value: blankOr(written.set.slice(at + 1)),
    expected: blankOr(written.expect),
  };
}

function refuseField(dataset: Dataset, name: string): void {
  const names = dataset.fields.map((field) => field.name);
  if (dataset.primaryKey.includes(name) || dataset.sliceNames.includes(name)) {
    const what = dataset.primaryKey.includes(name) ? 'part of the key' : 'a slice';
    throw new TidemarkError('usage', {
      message: `${name} is ${what}; a correction cannot change which row or part it is.`,
      hint: 'Deliver the file again, corrected.',
    });
  }
  if (names.includes(name)) return;
  const meant = didYouMean(name, names);
  throw usage(
    `${dataset.name} has no field ${name}${meant === null ? '' : `; did you mean ${meant}?`}`,
    dataset,
  );
}

function keyOf(dataset: Dataset, target: Target, text: string): Record<string, string> {
  const { primaryKey } = dataset;
  const slice = new Map(parseSlice(target.slice));
  const given = keyParts(primaryKey, text);
  for (const [name, value] of slice) {
    if (primaryKey.includes(name) && !given.has(name)) given.set(name, value);
  }
  const missing = primaryKey.filter((name) => !given.has(name));
  if (missing.length > 0) throw usage(words`${option('key')} lacks ${missing.join(', ')}.`, dataset);
  return Object.fromEntries(primaryKey.map((name) => [name, given.get(name) as string]));
}

/** A value may contain a comma: only a comma before the name of a key field divides. */
function keyParts(names: readonly string[], text: string): Map<string, string> {
  const starts = names.flatMap((name) => {
    const marker = `${name}=`;
    const found = text.startsWith(marker) ? 0 : text.indexOf(`,${marker}`) + 1;
    return found === 0 && !text.startsWith(marker) ? [] : [{ name, at: found, from: found + marker.length }];
  });
  const [only] = names;
  if (starts.length === 0 && names.length === 1 && only !== undefined && !text.includes('='))
    return new Map([[only, text]]);
  starts.sort((a, b) => a.at - b.at);
  return new Map(
    starts.map(({ name, from }, i) => {
      const next = starts[i + 1];
      return [name, text.slice(from, next === undefined ? undefined : next.at - 1)];
    }),
  );
}

function blankOr(text: string): string | null {
  return text === '' || text === 'null' ? null : text;
}

function usage(message: Words, dataset: Dataset): TidemarkError {
  const key = dataset.primaryKey.map((name) => `${name}=…`).join(',');
  const asked = { key: blank(key), set: blank('field=value'), expect: blank('OLD') };
  const given = { dataset: dataset.name, period: blank('…'), ...asked, ...decidedBy() };
  return new TidemarkError('usage', { message, hint: words`${command('correct', given)}` });
}
