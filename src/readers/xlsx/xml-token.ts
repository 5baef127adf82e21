/** Tokens of `XmlScanner.next`. MORE: the bytes so far are used up, or end inside a token. */
export const MORE = 0;
export const OPEN = 1;
export const CLOSE = 2;
export const TEXT = 3;
