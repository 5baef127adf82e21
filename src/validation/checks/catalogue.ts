import { entries as asRead } from './as-read.ts';
import { entries as cells } from './cells.ts';
import { entries as controlTotal } from './control-total.ts';
import { entries as differs } from './differs-from-previous.ts';
import type { CatalogueEntry } from './entry.ts';
import { entries as files } from './files.ts';
import { entries as foreignKey } from './foreign-key.ts';
import { entries as headers } from './headers.ts';
import { entries as hierarchy } from './hierarchy.ts';
import { entries as inPeriod } from './in-period.ts';
import { entries as mixedDates } from './mixed-dates.ts';
import { entries as notARecord } from './not-a-record.ts';
import { entries as notData } from './not-data.ts';
import { entries as requiredWhen } from './required-when.ts';
import { entries as rowExpression } from './row-expression.ts';
import { entries as rowLength } from './row-length.ts';
import { entries as rows } from './rows.ts';
import { entries as ruleInDoubt } from './rule-in-doubt.ts';
import { entries as secondTable } from './second-table.ts';
import { entries as tableCheck } from './table-check.ts';
import { entries as unique } from './unique.ts';
import { entries as uniqueAcross } from './unique-across.ts';
import { entries as versusLastYear } from './versus-last-year.ts';
import { entries as versusPrevious } from './versus-previous.ts';

/** Every finding that gate and validation can make, in the order of the checks. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...files,
  ...headers,
  ...asRead,
  ...notData,
  ...notARecord,
  ...secondTable,
  ...rowLength,
  ...cells,
  ...ruleInDoubt,
  ...mixedDates,
  ...unique,
  ...foreignKey,
  ...rowExpression,
  ...requiredWhen,
  ...uniqueAcross,
  ...hierarchy,
  ...inPeriod,
  ...rows,
  ...controlTotal,
  ...versusPrevious,
  ...versusLastYear,
  ...differs,
  ...tableCheck,
];
