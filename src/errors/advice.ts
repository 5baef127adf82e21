/**
 * Words for people in which every command is a value: its name, and its options by the names of a step's input. What a
 * command looks like is the matter of the surface that shows it, such as the command line.
 */
export class Advice {
  readonly parts: readonly AdvicePart[];

  constructor(parts: readonly AdvicePart[]) {
    this.parts = parts;
  }

  /** For programmers: commands and options by their names. */
  toString(): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : namesOf(part))).join('');
  }
}

function namesOf({ command, options }: CommandPart): string {
  return [...(command === null ? [] : [command]), ...Object.keys(options)].join(' ');
}

export type AdvicePart = string | CommandPart;

/** Words in which nothing needs to be written by a surface are a plain text. */
export type Words = string | Advice;

/** How a surface writes words: its text for them. */
export type WriteWords = (words: Words) => string;

/** A command with its options; without a command, options for the command that is meant already. */
export interface CommandPart {
  /** Such as `period close`; null: the command that is meant already. */
  readonly command: string | null;
  readonly options: CommandOptions;
  /** What the command takes besides options, such as a folder. */
  readonly operands: readonly OptionValue[];
}

/** Options in the order in which they are told. Only `true`: it is told without a value. */
export type CommandOptions = Readonly<
  Record<string, OptionValue | readonly OptionValue[] | true | undefined>
>;

export type OptionValue = string | number | Blank | Literal;

/** What the reader has to fill in. */
export class Blank {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A text from outside, such as a character or a file's name, which is told apart from the words around it. */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const blank = (text: string): Blank => new Blank(text);
export const literal = (text: string): Literal => new Literal(text);

export function command(
  name: string,
  options: CommandOptions = {},
  ...operands: readonly OptionValue[]
): CommandPart {
  return { command: name, options, operands };
}

/** Options of the command that is meant already. */
export function options(given: CommandOptions): CommandPart {
  return { command: null, options: given, operands: [] };
}

/** One option of the command that is meant already, by its name alone. */
export function option(name: string): CommandPart {
  return options({ [name]: true });
}

type Told = string | number | null | undefined | CommandPart | Advice;

/** Puts words together: a template that takes texts, commands, options and other words. */
export function words(texts: TemplateStringsArray, ...told: readonly Told[]): Words {
  return joined(texts.flatMap((text, i) => (i < told.length ? [text, told[i]] : [text])));
}

/** Words one after the other, with a text between each two. */
export function joinWords(each: readonly Words[], between: string): Words {
  return joined(each.flatMap((one, i) => (i === 0 ? [one] : [between, one])));
}

function joined(told: readonly Told[]): Words {
  const parts: AdvicePart[] = [];
  for (const one of told.flatMap<Told>((each) => (each instanceof Advice ? [...each.parts] : [each]))) {
    if (typeof one === 'object' && one !== null) parts.push(one as CommandPart);
    else if (typeof parts.at(-1) === 'string') parts.push(`${parts.pop()}${one ?? ''}`);
    else parts.push(`${one ?? ''}`);
  }
  const said = parts.filter((part) => part !== '');
  const [only = ''] = said;
  return said.length <= 1 && typeof only === 'string' ? only : new Advice(said);
}

/** For JSON.stringify: every piece of advice in a value becomes the text that a surface writes for it. */
export function writtenBy(write: WriteWords): (name: string, value: unknown) => unknown {
  return (_, value) => (value instanceof Advice ? write(value) : value);
}
