import { z } from 'zod';
import { LOCALE_NAMES } from '../domain/locale.ts';

/** A text that YAML may have read as a number or a boolean; `007` without quotes is refused when the file is read. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const locale = z.enum(LOCALE_NAMES);
