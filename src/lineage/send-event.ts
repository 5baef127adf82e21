/** How long a lineage server may take to answer; it never delays a run further and never fails it. */
const ANSWER_WITHIN_MS = 2000;

/** Sends one event to the server of an address, or to that very address where it ends in `/lineage`. Throws if it is not taken. */
export async function sendEvent(url: string, event: object): Promise<void> {
  const endpoint = url.endsWith('/lineage') ? url : `${url.replace(/\/+$/, '')}/api/v1/lineage`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}
