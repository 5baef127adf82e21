/** A text without accents and in lower case, for comparing words: Février and fevrier are one. */
export const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
