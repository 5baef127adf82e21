import { correctionUsage, type WrittenCorrection } from '../corrections/resolve-correction.ts';
import type { Dataset } from '../domain/dataset.ts';
import { option, words } from '../errors/advice.ts';

/** A correction as flags give it. */
export interface CorrectionFlags {
  /** `name=value[,name=value…]`, or the bare value where the key is one field. */
  readonly key: string;
  /** `field=value`; nothing or `null` after the sign: blank. */
  readonly set: string;
  /** `null` or nothing: blank. */
  readonly expect: string;
}

/** Takes the texts of the flags apart; `usage` where a text names no field. */
export function writtenCorrection(
  dataset: Dataset,
  { key, set, expect }: CorrectionFlags,
): WrittenCorrection {
  const at = set.indexOf('=');
  if (at < 1) throw correctionUsage(words`${option('set')} takes field=value.`, dataset);
  return {
    key: keyParts(dataset.primaryKey, key),
    field: set.slice(0, at),
    value: blankOr(set.slice(at + 1)),
    expected: blankOr(expect),
  };
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
