import { join } from 'node:path';
import type { Dataset } from '../../domain/dataset.ts';
import type { Limits } from '../../domain/limits.ts';
import { sha256Of } from '../../lake/file-hash.ts';
import type { Project } from '../../lake/project.ts';
import { type Delivery, deliveryById } from '../../ledger/deliveries.ts';
import type { Source } from '../../readers/reader.ts';
import type { Session } from '../../warehouse/warehouse.ts';
import { openLanded } from '../open-landed.ts';
import { CorrectedSource } from './corrected-source.ts';
import { readCorrections } from './read-corrections.ts';
import { replyRefused } from './reply-refusal.ts';

/** Limit on replies to replies; nobody sends this many. */
const MAX_CHAIN = 50;

/** The deliveries on which a reply builds: the original first, then the replies before it. */
export async function chainOf(session: Session, replyTo: number): Promise<readonly Delivery[]> {
  const chain: Delivery[] = [];
  for (let next: number | null = replyTo; next !== null; ) {
    const delivery: Delivery | null = await deliveryById(session, next);
    if (delivery === null) throw replyRefused(`There is no delivery ${next} that this could be a reply to.`);
    chain.unshift(delivery);
    if (chain.length > MAX_CHAIN) throw replyRefused('This is a reply to too many replies.');
    next = delivery.replyTo;
  }
  return chain;
}

/**
 * Opens the original with the cells of every reply in place, the newest last. Refuses where one of these files changed.
 */
export async function openReply(
  project: Project,
  chain: readonly Delivery[],
  reply: string,
  dataset: Dataset,
  limits: Limits,
): Promise<Source> {
  for (const delivery of chain) await refuseChanged(project, delivery);
  const [original, ...replies] = chain;
  if (original === undefined) throw new TypeError('a reply without an original');
  const at = (delivery: Delivery) => join(project.root, delivery.path);
  let source = await openLanded(at(original), dataset, limits);
  try {
    let corrected = original.fileId;
    for (const delivery of replies) {
      source = new CorrectedSource(source, await readCorrections(at(delivery), limits), corrected);
      corrected = delivery.fileId;
    }
    return new CorrectedSource(source, await readCorrections(reply, limits), corrected);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function refuseChanged(project: Project, delivery: Delivery): Promise<void> {
  const what = `'${delivery.path}' (delivery ${delivery.fileId}), which this replies to,`;
  const hint = 'Put it back as it was, or correct your own file and deliver it again.';
  const sha256 = await sha256Of(join(project.root, delivery.path)).catch((error) => {
    if (!['ENOENT', 'EACCES', 'EPERM', 'EISDIR'].includes(error.code)) throw error;
    throw replyRefused(`${what} is gone or cannot be read.`, hint);
  });
  if (sha256 !== delivery.sha256) throw replyRefused(`${what} has changed since.`, hint);
}
