import { grouped } from './count.ts';

/** Limits on hostile or broken input; each is configurable (`limits:`), and a refusal names the one it met. */
export interface Limits {
  /** Bytes of the landed file. */
  readonly file_bytes: number;
  /** Bytes of all parts of a workbook together, unpacked. */
  readonly unpacked_bytes: number;
  /** Unpacked to packed ratio of a part (parts under 1 MiB unpacked are exempt). */
  readonly unpack_ratio: number;
  /** Rows of a workbook's sheet; text files have no limit of their own. */
  readonly rows: number;
  readonly columns: number;
  /** Characters in one workbook cell. */
  readonly cell_characters: number;
  /** Bytes in one text-file cell. */
  readonly text_cell_bytes: number;
  /** Bytes of the file name. */
  readonly name_bytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  file_bytes: 2 * 1024 ** 3,
  unpacked_bytes: 1024 ** 3,
  unpack_ratio: 200,
  rows: 1_048_576,
  columns: 16_384,
  cell_characters: 32_767,
  text_cell_bytes: 1024 ** 2,
  name_bytes: 255,
};

/** The end of a refusal: the limit that was met, by the name under which it can be raised. */
export function limitMet(name: keyof Limits, limits: Limits): string {
  return `the limit is ${grouped(limits[name])} (limits.${name}).`;
}
