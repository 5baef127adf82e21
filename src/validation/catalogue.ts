import type { FindingEntry } from '../checks/finding-entry.ts';
import { FINDINGS as foreignKey, WORDINGS as foreignKeyWords } from '../checks/foreign-key.ts';
import { FINDINGS as keys, WORDINGS as keyWords } from '../checks/keys.ts';
import { CHECKS } from '../checks/registry.ts';
import { FINDINGS as wholeFile, WORDINGS as wholeFileWords } from '../checks/table-finding.ts';
import type { Wordings } from '../checks/wording.ts';
import { entries as asRead } from './form/as-read.ts';
import { entries as cells } from './form/cells.ts';
import { entries as files } from './form/files.ts';
import { entries as headers } from './form/headers.ts';
import { entries as mixedDates } from './form/mixed-dates.ts';
import { entries as notARecord } from './form/not-a-record.ts';
import { entries as notData } from './form/not-data.ts';
import { entries as rowLength } from './form/row-length.ts';
import { entries as ruleInDoubt } from './form/rule-in-doubt.ts';
import { entries as secondTable } from './form/second-table.ts';
import { MESSAGES } from './messages.ts';

/** Every finding that gate and validation can make: of the form of a file, of cells and keys, of configured checks. */
export const CATALOGUE: readonly FindingEntry[] = [
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
  ...keys,
  ...foreignKey,
  ...CHECKS.flatMap(({ findings }) => findings),
  ...wholeFile,
];

/** Everything that analysts read about findings, by id. */
export const ALL_WORDINGS: Wordings = {
  ...MESSAGES,
  ...keyWords,
  ...foreignKeyWords,
  ...Object.assign({}, ...CHECKS.map(({ wordings }) => wordings)),
  ...wholeFileWords,
};
