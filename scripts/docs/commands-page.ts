import { Command, type Option } from 'commander';
import { HELP } from '../../src/cli/help.ts';
import { addCommonOptions } from '../../src/cli/options.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { page, table } from './markdown.ts';

/** The command line as it is built, never parsed: nothing here reads or writes. */
export function emptyProgram(): Command {
  const sink = { write: () => true, isTTY: false } as unknown as NodeJS.WriteStream;
  return buildProgram({
    calledFrom: '/',
    streams: { stdout: sink, stderr: sink } as never,
    environment: {},
    signal: new AbortController().signal,
    onError: () => {},
    onRunId: () => {},
    onOutcome: () => {},
  });
}

/** Every command that does something, with its full name such as `config check`. */
export function allCommands(
  parent: Command = emptyProgram(),
  prefix = '',
): readonly (readonly [string, Command])[] {
  return parent.commands.flatMap((command): (readonly [string, Command])[] => {
    const name = `${prefix}${command.name()}`;
    return command.commands.length > 0 ? [...allCommands(command, `${name} `)] : [[name, command]];
  });
}

export function commandsPage(): string {
  const common = addCommonOptions(new Command());
  const everywhere = new Set(common.options.map((option) => option.long));
  const commands = allCommands();
  return page(
    'Commands',
    'Exit codes and errors are in [errors.md](errors.md). `tidemark COMMAND --help` says the same in the terminal.',
    table(
      ['command', ''],
      commands.map(([name, command]) => [
        `[\`${name}\`](#${name.replaceAll(' ', '-')})`,
        command.description(),
      ]),
    ),
    '## Flags everywhere',
    optionTable(common.options),
    ...commands.map(([name, command]) => section(name, command, everywhere)),
  );
}

function section(name: string, command: Command, everywhere: ReadonlySet<string | undefined>): string {
  const own = command.options.filter((option) => !everywhere.has(option.long) && !option.hidden);
  const args = command.registeredArguments.map((argument) => {
    const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  const usage = ['tidemark', name, ...args, own.length > 0 ? '[flags]' : ''].filter(Boolean).join(' ');
  const argumentRows = command.registeredArguments
    .filter((argument) => argument.description !== '')
    .map((argument) => [`\`${argument.name()}\``, argument.description]);
  const parts = [`## ${name}`, command.description(), `\`${usage}\``];
  if (argumentRows.length > 0) parts.push(table(['argument', ''], argumentRows));
  if (own.length > 0) parts.push(optionTable(own));
  const example = HELP[name]?.example;
  if (example !== undefined) parts.push(`\`\`\`sh\n${example}\n\`\`\``);
  return parts.join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [
    `\`${option.flags}\``,
    option.defaultValue === undefined || typeof option.defaultValue === 'boolean'
      ? option.description
      : `${option.description} (default ${String(option.defaultValue)})`,
  ]);
  return table(['flag', ''], rows);
}
