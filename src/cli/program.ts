import { Command } from 'commander';
import { packageVersion } from '../lake/package-root.ts';
import { type AppInit, openApp } from './app.ts';
import type { CommandSpec, Outcome } from './command.ts';
import { COMMANDS } from './commands.ts';
import { HELP } from './help.ts';
import { addCommonOptions, type CommonOptions } from './options.ts';

export interface ProgramInit extends Omit<AppInit, 'options'> {
  readonly onRunId: (runId: string) => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** The command line: every command with its flags. No command runs before the line is parsed. */
export function buildProgram(init: ProgramInit): Command {
  const program = new Command('tidemark')
    .description("The month's spreadsheets into a warehouse that people can trust")
    .version(packageVersion())
    .showSuggestionAfterError();
  takeFlagsBefore(quietExit(program, init));
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const parent = spec.group === undefined ? program : groupOf(program, groups, spec.group, init);
    addCommand(parent, spec as CommandSpec, init);
  }
  return program;
}

function groupOf(program: Command, groups: Map<string, Command>, name: string, init: ProgramInit): Command {
  const known = groups.get(name);
  if (known) return known;
  const members = COMMANDS.filter((spec) => spec.group === name);
  const summary = members.map((spec) => `${name} ${spec.name}: ${spec.summary}`).join('; ');
  const group = takeFlagsBefore(quietExit(program.command(name).description(summary), init));
  const [first] = members;
  group.helpGroup(HELP[`${name} ${first?.name}`]?.heading ?? 'Commands:');
  groups.set(name, group);
  return group;
}

function addCommand(parent: Command, spec: CommandSpec, init: ProgramInit): void {
  const command = quietExit(parent.command(spec.name).description(spec.summary), init);
  const help = HELP[spec.group === undefined ? spec.name : `${spec.group} ${spec.name}`];
  if (help !== undefined) {
    if (spec.group === undefined) command.helpGroup(help.heading);
    command.addHelpText('after', `\nExample:\n  ${help.example}`);
  }
  addCommonOptions(spec.configure(command)).action(async (...received: unknown[]) => {
    const options = optionsOf(command) as CommonOptions & Record<string, unknown>;
    const app = openApp({ ...init, options });
    init.onRunId(app.runId);
    const args = received.slice(0, -2).flat() as string[];
    init.onOutcome(
      await spec.run(
        app,
        options,
        args.filter((word) => word !== undefined),
      ),
    );
  });
}

/** The flags that every command takes may also come before its name. */
function takeFlagsBefore(command: Command): Command {
  return addCommonOptions(command.enablePositionalOptions());
}

/** The given values: a flag of the command overrides the same flag before its name, and both override a default. */
function optionsOf(command: Command): Record<string, unknown> {
  const options: Record<string, unknown> = command.opts();
  const given = (one: Command, name: string) =>
    ![undefined, 'default'].includes(one.getOptionValueSource(name));
  for (const name of Object.keys({ ...command.optsWithGlobals(), ...options })) {
    for (let one: Command | null = command; one !== null; one = one.parent) {
      if (!given(one, name)) continue;
      options[name] = one.getOptionValue(name);
      break;
    }
  }
  return options;
}

/** Errors are caught and reported in one place, so that the JSON line is written last. */
function quietExit(command: Command, init: ProgramInit): Command {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => init.streams.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
    })
    .showSuggestionAfterError();
}
