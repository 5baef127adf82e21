import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unescapeExcel } from '../../src/readers/xlsx/xml-text.ts';
import { type Difference, DOINGS } from '../unit/readers/xlsx/resaved.ts';

const { TIDEMARK_SOFFICE: SOFFICE = 'soffice', TIDEMARK_PYTHON: PYTHON = 'python3' } = process.env;

type Does = (difference: Difference) => boolean;

/** A program that saves workbooks again. */
export interface Program {
  readonly name: string;
  /** Saves each under its own name in that folder, or leaves it out where it cannot load it. */
  readonly save: (folder: string, files: readonly string[]) => void;
  /** What it changes by itself. */
  readonly does: Readonly<Record<string, Does>>;
  /** Workbooks that it does not load. */
  readonly refuses: readonly string[];
}

const digits = (value: string): string => Number(value.slice(2)).toPrecision(15);
const isFormula = ({ before }: Difference): boolean => before === 'e:#FORMULA';

/** Digits past the fifteenth, which no sheet shows. */
const fifteenDigits: Does = ({ before, after }) =>
  before.startsWith('n:') && after.startsWith('n:') && digits(before) === digits(after);

const openpyxl = (kept: 'values' | 'formulas'): Omit<Program, 'does'> => ({
  name: `openpyxl, which keeps ${kept}`,
  save: (folder, files) => {
    execFileSync(PYTHON, [resolve(import.meta.dirname, 'resave.py'), kept, folder, ...files]);
  },
  refuses: [
    'excel_builder_vanilla-5.2.5.xlsx',
    'pyfastexcel-0.1.9.xlsx',
    'pylightxl-1.61.xlsx',
    'r_openxlsx-4.2.5.2.xlsx',
    'xlsx_populate-1.21.0.xlsx',
  ],
});
const { keepsBlanks, dropsEscape, forgetsToCalculate } = DOINGS;

export const PROGRAMS: readonly Program[] = [
  {
    ...openpyxl('values'),
    does: {
      keepsBlanks,
      dropsEscape,
      fifteenDigits,
      forgetsToCalculate,
      'a formula without result is left out': (one) => isFormula(one) && one.after === '',
    },
  },
  {
    ...openpyxl('formulas'),
    does: {
      keepsBlanks,
      dropsEscape,
      fifteenDigits,
      'a formula loses its result': ({ after }) => after === 'e:#FORMULA',
    },
  },
  {
    name: 'LibreOffice',
    save: (folder, files) => {
      const home = pathToFileURL(join(folder, 'home')).href;
      const format = 'xlsx:Calc MS Excel 2007 XML';
      const options = ['--headless', '--convert-to', format, '--outdir', folder];
      execFileSync(SOFFICE, [`-env:UserInstallation=${home}`, ...options, ...files], { stdio: 'pipe' });
    },
    does: {
      keepsBlanks,
      fifteenDigits,
      'a kept blank is cut off': ({ before, after }) =>
        before.startsWith('s: ') && `s:${before.slice(2).trim()}` === after,
      'an escape is taken for text': ({ before, after }) =>
        /_x[0-9a-f]{4}_/i.test(after) && unescapeExcel(after) === before,
      'a formula is calculated, or keeps its 0': (one) => isFormula(one) && /^n:|^e:#N\/A/.test(one.after),
      'dates written as text lose their fraction of a second': ({ before, after }) =>
        before.startsWith('d:') && before.replace(/\.\d+$/, '') === after,
      'days before March 1900 written as text move by one': ({ before, after }) =>
        before === 'd:1900-01-15' && after === 'd:1900-01-16',
      'True and False without a type are 0': ({ before, after }) =>
        before.startsWith('b:') && after === 'n:0',
    },
    refuses: [],
  },
];
