import { snakeCase } from './snake-case.ts';

/** Words that make an identifier wherever they stand in a header. */
const ANYWHERE = new Set(
  'id ids uuid guid code isin iban sku ean gtin ref reference zip plz postcode postleitzahl'.split(' '),
);
/** Words that do so only at its end: `Order No.` names an order, `No. of orders` counts them. */
const AT_THE_END = new Set('no nos nr num number key'.split(' '));

/** Whether a header, or a field's name, says that the column identifies something. */
export function namesIdentifier(header: string): boolean {
  const words = snakeCase(header.replace(/\([^()]*\)|\[[^[\]]*\]/g, ' ')).split('_');
  while (words.length > 1 && /^\d+$/.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  return words.some((word) => ANYWHERE.has(word)) || AT_THE_END.has(last) || /.{3}(nummer|nr)$/.test(last);
}
