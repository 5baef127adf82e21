import type { Capabilities } from '../capabilities.ts';

/** A type in the words of the engine. */
export function columnTypeSql(type: string, capabilities: Capabilities): string {
  if (type === 'JSON') return capabilities.jsonType;
  if (type === 'DOUBLE') return capabilities.doubleType;
  if (type === 'FLOAT') return 'REAL';
  if (type === 'BLOB' && capabilities.keepsTextLength) return 'BYTEA';
  return type;
}

/** Whether two types in the shared words are the same type for an engine. */
export function sameType(one: string, two: string, capabilities: Capabilities): boolean {
  const word = (type: string) => {
    const plain = type.toUpperCase().replace(/\s+/g, '');
    return capabilities.keepsTextLength ? plain : plain.replace(/^VARCHAR\(\d+\)$/, 'VARCHAR');
  };
  return word(one) === word(two);
}
