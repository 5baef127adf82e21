/** mulberry32: a small generator whose numbers are the same everywhere; for examples, not for secrets. */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (list) => list[Math.floor(next() * list.length)],
    chance: (share) => next() < share,
    weighted(list, shares) {
      let left = next();
      for (const [i, share] of shares.entries()) {
        left -= share;
        if (left < 0) return list[i];
      }
      return list[list.length - 1];
    },
  };
}
