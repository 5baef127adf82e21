import { configJsonSchema } from '../../src/config/known-keys.ts';
import { checksPage } from './checks-page.ts';
import { commandsPage } from './commands-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage } from './errors-page.ts';

/** Every generated file: path in the repository → text. */
export function renderPages(): ReadonlyMap<string, string> {
  const schema = configJsonSchema();
  return new Map([
    ['docs/checks.md', checksPage()],
    ['docs/commands.md', commandsPage()],
    ['docs/config.md', configPage(schema)],
    ['docs/errors.md', errorsPage()],
    ['schema/datasets_config.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
  ]);
}
