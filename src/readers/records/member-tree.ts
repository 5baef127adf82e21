import { type RecordPath, showMember } from '../../domain/record-path.ts';
import { decodeString } from './json-string.ts';
import { hashOf } from './name-hash.ts';

/** A place in records: a member or element to which paths lead, or the record itself. */
export interface Place {
  readonly path: RecordPath;
  /** The paths that end here, by their numbers. */
  readonly reads: number[];
  /** Members on the way to other paths, and members seen here that no path reads, by the hash of their names. */
  readonly members: Map<number, Member[]>;
  readonly elements: Map<number, Place>;
  /** How many members that no path reads are remembered. */
  remembered: number;
  /** Paths lead on into an object, or into an array. */
  intoObject: boolean;
  intoArray: boolean;
}

export interface Member {
  readonly name: string;
  /** Where the paths lead on from here; null: no path reads the member. */
  readonly place: Place | null;
  /** How a message names it. */
  readonly shown: string;
}

/** The places to which paths lead, from the record on. */
export function placesOf(paths: readonly RecordPath[]): Place {
  const record = placeAt([]);
  record.intoObject = true;
  for (const [i, path] of paths.entries()) {
    let place = record;
    for (const step of path)
      place = typeof step === 'number' ? elementOf(place, step) : memberOf(place, step);
    place.reads.push(i);
  }
  return record;
}

function placeAt(path: RecordPath): Place {
  return {
    ...{ path, reads: [], members: new Map(), elements: new Map(), remembered: 0 },
    ...{ intoObject: false, intoArray: false },
  };
}

function elementOf(place: Place, step: number): Place {
  const known = place.elements.get(step);
  if (known !== undefined) return known;
  const element = placeAt([...place.path, step]);
  place.elements.set(step, element);
  place.intoArray = true;
  return element;
}

function memberOf(place: Place, name: string): Place {
  const known = place.members.get(hashOf(name))?.find((member) => member.name === name)?.place;
  if (known) return known;
  const member = placeAt([...place.path, name]);
  add(place, { name, place: member, shown: showMember(member.path) });
  place.intoObject = true;
  return member;
}

/** The member whose name is from quote to quote in the text, if paths lead there or it was remembered. */
export function knownMember(
  place: Place,
  text: string,
  start: number,
  end: number,
  hash: number,
): Member | undefined {
  const known = place.members.get(hash);
  if (known === undefined) return undefined;
  for (const member of known) if (says(text, start, end, member.name)) return member;
  const name = decodeString(text, start, end);
  return known.find((member) => member.name === name);
}

/** Records of one script have the same members again and again; hostile ones must not fill the memory. */
const MOST_REMEMBERED = 1000;
/** Names of one hash are looked through one by one, and only names that are made for it share one. */
const MOST_ALIKE = 8;

/** How a message names a member that no path reads. It is remembered, so that the next record costs nothing. */
export function shownUnread(place: Place, name: string): string {
  const unread: Member = { name, place: null, shown: showMember([...place.path, name]) };
  const alike = place.members.get(hashOf(name))?.length ?? 0;
  if (place.remembered < MOST_REMEMBERED && alike < MOST_ALIKE && name.length < MOST_REMEMBERED) {
    place.remembered++;
    add(place, unread);
  }
  return unread.shown;
}

/** The name is written without escapes, which is the usual way. */
function says(text: string, start: number, end: number, name: string): boolean {
  return end - start - 2 === name.length && text.startsWith(name, start + 1);
}

function add(place: Place, member: Member): void {
  const hash = hashOf(member.name);
  const same = place.members.get(hash);
  if (same === undefined) place.members.set(hash, [member]);
  else same.push(member);
}
