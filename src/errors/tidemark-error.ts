import type { Words } from './advice.ts';
import { ERRORS, type ErrorCode } from './catalogue.ts';

export interface ErrorPlace {
  readonly step?: string;
  readonly dataset?: string;
  readonly period?: string;
  readonly file?: string;
}

export interface ErrorInit {
  /** Why, in one or two sentences; never a password, a DSN or a PII value. */
  readonly message: Words;
  /** The next command to run or thing to do; the catalogue's cure by default. */
  readonly hint?: Words;
  readonly where?: ErrorPlace;
  readonly cause?: unknown;
}

/** The one error class that stops a program on purpose. Its code decides the exit code; anything else thrown is `internal`. */
export class TidemarkError extends Error {
  readonly code: ErrorCode;
  /** The message, with its commands and options as values; `message` has their names alone. */
  readonly said: Words;
  readonly hint: Words;
  readonly where: ErrorPlace;

  constructor(code: ErrorCode, init: ErrorInit) {
    super(String(init.message), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'TidemarkError';
    this.code = code;
    this.said = init.message;
    this.hint = init.hint ?? ERRORS[code].cure;
    this.where = init.where ?? {};
  }

  get exitCode(): 1 | 2 | 3 | 4 | 5 {
    return ERRORS[this.code].exit;
  }

  /** The same error, with a place filled in where it had none. */
  at(where: ErrorPlace): TidemarkError {
    return new TidemarkError(this.code, {
      message: this.said,
      hint: this.hint,
      where: { ...where, ...this.where },
      cause: this.cause,
    });
  }
}
