import { snakeCase } from './snake-case.ts';

/** Words that make a column an identifier, wherever they are in the header. */
const ANYWHERE = new Set(
  'id ids uuid guid code isin iban sku ean gtin zip plz postcode postleitzahl'.split(' '),
);
/** Words that do so only at its end: `Order No.` names an order, `No. of orders` counts them. */
const AT_THE_END = new Set('no nos nr num number key ref reference'.split(' '));
/** Last words of facts about a thing rather than of its identifier: `ID expiry date`, `Code description`. */
const ABOUT = new Set(
  (
    'name names date type kind count counts total sum amount value description desc label text status state valid year ' +
    'month day period time since until from to at on score rate percent note notes comment comments remark remarks level'
  ).split(' '),
);
/** `Total number` is a count, and `Yes/No` is an answer. */
const COUNTS = new Set('total average avg mean median max maximum min minimum'.split(' '));
const ANSWERS = new Set('yes y ja oui si or o ou oder'.split(' '));

/** Whether a header, or a field's name, says that the column identifies something. */
export function namesIdentifier(header: string): boolean {
  const words = snakeCase(header.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ')).split('_');
  while (words.length > 1 && /^\d+$/.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  if (words.length > 1 && ABOUT.has(last)) return false;
  if (last === 'number' && words.some((word) => COUNTS.has(word))) return false;
  if (last === 'no' && ANSWERS.has(words.at(-2) ?? '')) return false;
  return words.some((word) => ANYWHERE.has(word)) || AT_THE_END.has(last) || /.{3}(nummer|nr)$/.test(last);
}
