import type { RecordPath } from '../../domain/record-path.ts';
import { JsonFault } from './json-fault.ts';
import type { JsonValue } from './json-value.ts';
import { placesOf } from './member-tree.ts';
import { RecordReader } from './record-reader.ts';
import { checkJson, skipBlanks } from './strict-json.ts';

/** Paths, ready to be read from many records. */
export interface RecordMembers {
  /** @internal It is used for one record at a time. */
  readonly reader: RecordReader;
}

/** What is in one record. */
export interface ReadRecord {
  /** One value for each path, in the order of the paths. */
  readonly values: readonly JsonValue[];
  /**
   * Members that no path reads, such as `job.salary`, at every level through which paths lead; and what is there instead
   * of an object or array into which they lead. Elements of arrays are no members.
   */
  readonly unread: readonly string[];
  /** Members that occur more than once in their object, at any depth, each once; the first 1,000 of them. */
  readonly doubled: readonly string[];
}

/** Prepares paths for `readRecord`. Several may be equal, or lead through each other. */
export function compileMembers(paths: readonly RecordPath[]): RecordMembers {
  return { reader: new RecordReader(placesOf(paths), paths.length) };
}

/**
 * Reads the values of all paths from a record in one pass: a JSON object, with blanks around it at most. A path that leads
 * through anything but objects and arrays, or past the end of an array, finds nothing. Where members occur twice, their
 * values are those of one of them. Throws JsonFault for what is not strict JSON, or no object.
 */
export function readRecord(text: string, { reader }: RecordMembers): ReadRecord {
  const start = skipBlanks(text, 0, text.length);
  if (text[start] !== '{') {
    checkJson(text);
    throw new JsonFault('it is not a JSON object', start);
  }
  reader.begin(text);
  checkJson(text, reader);
  const { values, unread, doubled } = reader;
  return { values, doubled, unread: doubled.length === 0 ? unread : [...new Set(unread)] };
}
