/**
 * Units that people write into a header. Scales (thousand, m for million) are not among them: they would change the
 * values.
 */
const UNITS = new Set(
  (
    '% percent pct ‰ ' +
    'eur euro euros usd gbp chf jpy sek nok dkk pln czk huf ron bgn cny inr aud cad nzd zar brl mxn try ils krw sgd hkd ' +
    '€ $ £ ¥ ₹ us$ dollar dollars pound pounds ' +
    'mm cm dm km mi mile miles ft yd metre metres meter meters kilometre kilometres kilometer kilometers ' +
    'mm2 cm2 m2 km2 sqm sqkm ha hectare hectares acre acres ' +
    'ml cl dl l hl m3 cm3 litre litres liter liters ' +
    'mg g kg t lb lbs oz tonne tonnes ton tons gram grams kilogram kilograms ' +
    'ms s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days week weeks month months ' +
    'yr yrs year years ' +
    'w kw mw gw wh kwh mwh gwh j kj mj gj °c °f kmh m/s mph kb mb gb tb ' +
    'pcs pc piece pieces unit units person persons people count'
  ).split(' '),
);

/** Whether a text consists of a unit only: `km²`, `EUR`, `kg/ha`, `in hours`. */
export function isUnit(text: string): boolean {
  const folded = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^in\s+/, '')
    .replace(/\^/g, '')
    .replace(/[\s.]+/g, '');
  if (UNITS.has(folded)) return true;
  const parts = folded.split('/');
  return parts.length === 2 && parts.every((part) => UNITS.has(part));
}

/** Headers are short; a longer text is not one. */
const LONGEST = 200;
const ENDINGS = [
  /^(?<base>.*\S)\s*\((?<unit>[^()]+)\)\s*$/s,
  /^(?<base>.*\S)\s*\[(?<unit>[^[\]]+)\]\s*$/s,
  /^(?<base>.*\S)\s*,(?<unit>[^,]+)$/s,
  /^(?<base>.*\S)\s+(?<unit>in\s+\S+)\s*$/s,
];

/** A header and the unit at its end: `Area (km²)`, `Income [EUR]`, `Price, USD`, `Time in hours`; null without one. */
export function splitUnit(label: string): { readonly base: string; readonly unit: string } | null {
  if (label.length > LONGEST || !/[)\],]|\sin\s/.test(label)) return null;
  for (const ending of ENDINGS) {
    const { base, unit } = ending.exec(label)?.groups ?? {};
    if (base !== undefined && unit !== undefined && isUnit(unit)) return { base, unit: unit.trim() };
  }
  return null;
}
