import { counted } from '../domain/count.ts';
import type { Dataset, Field } from '../domain/dataset.ts';
import type { Finding } from '../domain/finding.ts';
import { shownText } from '../domain/shown-text.ts';
import { foldedSlice, parseSlice, type Slice } from '../domain/slice.ts';
import type { Target } from '../domain/target.ts';
import type { LandedFile } from '../lake/landed.ts';
import { deliveredSlices } from '../ledger/deliveries.ts';
import { columnType } from '../types/column-type.ts';
import { fieldType } from '../types/registry.ts';
import { sliceValue } from '../types/slice-value.ts';
import type { Session } from '../warehouse/warehouse.ts';
import { fileFinding } from './file-refusal.ts';

/**
 * Where a file name gives a slice that the field of that name does not allow: a value outside its `enum`, or one that
 * is too short or too long. Null where nothing is wrong, and where the field would change the value before it is
 * judged.
 */
export function sliceFinding(file: LandedFile, dataset: Dataset, slice: Slice): Finding | null {
  for (const [name, value] of slice) {
    const field = dataset.fields.find((one) => one.name === name);
    if (field === undefined || !fieldType(field).cells.anyText || field.clean.some((step) => step !== 'trim'))
      continue;
    const wanted = violated(field, value);
    if (wanted === null) continue;
    const meant = field.constraints.enum?.find(
      (one) => foldedSlice([[name, one]]) === foldedSlice([[name, value]]),
    );
    return fileFinding(file, dataset.name, {
      code: 'constraint-error',
      field: name,
      value: field.pii ? null : value,
      message: `The name of '${shownText(file.name)}' says ${name} '${shownText(value)}', and ${name} ${wanted}.`,
      fix: `Rename the file${meant === undefined ? ` with a ${name} that is allowed` : `, with '${shownText(meant)}' for the ${name}`}.`,
    });
  }
  return null;
}

function violated({ constraints }: Field, value: string): string | null {
  const { enum: allowed, minLength, maxLength } = constraints;
  const length = [...value].length;
  if (allowed !== null && !allowed.includes(value))
    return `is one of ${allowed
      .slice(0, 10)
      .map((one) => `'${shownText(one)}'`)
      .join(', ')}${allowed.length > 10 ? ', …' : ''}`;
  if (minLength !== null && length < minLength) return `has at least ${counted(minLength, 'character')}`;
  if (maxLength !== null && length > maxLength) return `has at most ${counted(maxLength, 'character')}`;
  return null;
}

/**
 * A slice that differs from one with deliveries only in case, blanks or accents, or is the same number (`03` and `3`),
 * would count the same rows twice. The check runs under a lock of the dataset's slices, so that two callers cannot add
 * one each. Null where the slice is known, or really new.
 */
export async function spellingFinding(
  session: Session,
  file: LandedFile,
  dataset: Pick<Dataset, 'fields'>,
  target: Target,
): Promise<Finding | null> {
  if (target.slice === '') return null;
  const known = await deliveredSlices(session, target.dataset);
  if (known.includes(target.slice)) return null;
  const folded = (text: string) => foldedSlice(valuesOf(dataset, parseSlice(text)));
  const same = known.filter((text) => folded(text) === folded(target.slice)).map(parseSlice)[0];
  if (same === undefined) return null;
  const own = new Map(parseSlice(target.slice));
  const [name, value] = same.find(([one, text]) => own.get(one) !== text) ?? ['', ''];
  return fileFinding(file, target.dataset, {
    code: 'slice-spelling',
    field: name,
    value: own.get(name) ?? null,
    message: `The name of '${shownText(file.name)}' says ${name} '${shownText(own.get(name) ?? '')}', and earlier files say '${shownText(value)}'.`,
    fix: `Rename the file, with '${shownText(value)}' for the ${name}.`,
  });
}

function valuesOf({ fields }: Pick<Dataset, 'fields'>, slice: Slice): Slice {
  return slice.map(([name, text]) => {
    const field = fields.find((one) => one.name === name) ?? null;
    return [name, sliceValue(text, columnType(field), field) ?? text] as const;
  });
}
