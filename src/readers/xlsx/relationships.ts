import { unreadable } from './refusal.ts';
import { scanElements } from './xml-elements.ts';
import { nameCode } from './xml-name.ts';
import type { ZipReader } from './zip-reader.ts';

export interface Relationship {
  readonly id: string;
  /** The last word of the type's address, which is the same in Transitional and Strict files. */
  readonly type: string;
  /** Part name without a leading slash. */
  readonly target: string;
}

const RELATIONSHIP = nameCode('Relationship');
const ALTERNATIVE = nameCode('AlternateContent');

/** What a part refers to inside the workbook. External targets are left out: nothing outside the file is ever read. */
export async function readRelationships(zip: ZipReader, part: string): Promise<readonly Relationship[]> {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const rels = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  const found: Relationship[] = [];
  const byId = new Map<string, Relationship>();
  if (!zip.has(rels)) return found;
  await scanElements(zip, rels, 'Relationships', (xml) => {
    if (xml.depth - (xml.empty ? 0 : 1) !== 1 || (xml.foreign && xml.code !== ALTERNATIVE)) return;
    if (xml.code !== RELATIONSHIP) throw xml.malformed();
    const attributes = new Map(xml.attributes());
    const target = attributes.get('Target');
    if (target === undefined || attributes.get('TargetMode') === 'External') return;
    const relationship = {
      id: attributes.get('Id') ?? '',
      type: (attributes.get('Type') ?? '').replace(/^.*\//, ''),
      target: resolveTarget(zip, folder, target),
    };
    const same = byId.get(relationship.id);
    if (same && (same.target !== relationship.target || same.type !== relationship.type))
      throw unreadable(`The workbook is damaged: ${rels} gives the name ${relationship.id} to two parts.`);
    if (relationship.id !== '') byId.set(relationship.id, relationship);
    found.push(relationship);
  });
  return found;
}

/** Targets are relative to the part's folder or absolute, with either slash, and may be percent-encoded. */
function resolveTarget(zip: ZipReader, folder: string, target: string): string {
  const slashed = target.replaceAll('\\', '/');
  const segments: string[] = [];
  for (const segment of (slashed.startsWith('/') ? slashed : folder + slashed).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const name = segments.join('/');
  if (zip.has(name) || !name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
