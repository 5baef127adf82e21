import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../scripts/docs/commands-page.ts';
import { HELP } from '../../../src/cli/help.ts';

describe('the help', () => {
  const commands = allCommands();

  it('knows every command, and none besides', () => {
    expect(Object.keys(HELP).sort()).toEqual(commands.map(([name]) => name).sort());
  });

  it.each(commands)('gives %s an example of its own flags, which parses', (name, command) => {
    const words = [...(HELP[name]?.example ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    expect(words.slice(0, 1 + name.split(' ').length)).toEqual(['tidemark', ...name.split(' ')]);
    const rest = words.slice(1 + name.split(' ').length);
    for (const flag of rest.filter((word) => word.startsWith('--')))
      expect(command.options.map((option) => option.long)).toContain(flag);
    const { unknown, operands } = command.parseOptions(rest);
    expect(unknown).toEqual([]);
    expect(operands.length).toBeGreaterThanOrEqual(
      command.registeredArguments.filter((one) => one.required).length,
    );
  });
});
