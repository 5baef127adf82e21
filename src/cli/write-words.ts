import { shellWord } from '../domain/shell-word.ts';
import { Advice, Blank, type CommandPart, Literal, type OptionValue, type Words } from '../errors/advice.ts';

/** Options whose value is a sentence or a condition: where it is to be filled in, the quotes are shown. */
const SENTENCES: ReadonlySet<string> = new Set(['reason', 'where']);

/** Words as the command line writes them: commands with their flags, quoted for a shell. */
export function writeWords(said: Words): string {
  if (!(said instanceof Advice)) return said;
  return said.parts.map((part) => (typeof part === 'string' ? part : commandText(part))).join('');
}

/** `tidemark validate --file-id 7`; without a command, the flags alone. */
function commandText({ command, options, operands }: CommandPart): string {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => flagText(name, one as OptionValue | true)),
  );
  const lead = command === null ? [] : [`tidemark ${command}`];
  return [...lead, ...flags, ...operands.map((one) => valueText(one, false))].join(' ');
}

function flagText(name: string, value: OptionValue | true): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === true ? flag : `${flag} ${valueText(value, SENTENCES.has(name))}`;
}

function valueText(value: OptionValue, isSentence: boolean): string {
  if (value instanceof Blank) return isSentence ? `"${value.text}"` : value.text;
  if (value instanceof Literal) return `'${value.text.replaceAll("'", "'\\''")}'`;
  return shellWord(String(value));
}
