/**
 * The candidate that `text` was probably meant to be, or null where no candidate is clearly the best: at most a third
 * of the letters differ (Damerau-Levenshtein, restricted), and the second best differs more.
 */
export function didYouMean(text: string, candidates: Iterable<string>): string | null {
  const wanted = fold(text);
  let best: { candidate: string; distance: number } | null = null;
  let runnerUp = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, fold(candidate));
    if (best === null || distance < best.distance) {
      runnerUp = best?.distance ?? Number.POSITIVE_INFINITY;
      best = { candidate, distance };
    } else runnerUp = Math.min(runnerUp, distance);
  }
  if (best === null || best.distance >= runnerUp) return null;
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, fold(best.candidate).length) / 3));
  return wanted.length > 1 && best.distance <= allowed ? best.candidate : null;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

/** Edits (insert, delete, replace, swap neighbours) that lead from one text to the other. */
export function editDistance(one: string, two: string): number {
  let before: number[] = [];
  let row = Array.from({ length: two.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= two.length; j++) {
      const same = one[i - 1] === two[j - 1] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[two.length] ?? 0;
}
