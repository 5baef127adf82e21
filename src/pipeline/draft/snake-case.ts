/** `Birth Date (d/m)` → birth_date_d_m, `citizenID` → citizen_id; accents are removed; '' where nothing is left. */
export function snakeCase(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/[øØ]/g, 'o')
    .replace(/[æÆ]/g, 'ae')
    .replace(/[łŁ]/g, 'l')
    .replace(/%/g, ' percent ')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/**
 * Field names for headers, each once: headers without letters or digits become `column_N`, repeated ones get a number.
 */
export function fieldNames(headers: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return headers.map((header, i) => {
    const snake = snakeCase(header).slice(0, 59).replace(/_+$/, '');
    const base = snake === '' ? `column_${i + 1}` : /^\d/.test(snake) ? `c_${snake}` : snake;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  });
}
