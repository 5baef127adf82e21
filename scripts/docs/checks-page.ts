import { CATALOGUE } from '../../src/validation/checks/catalogue.ts';
import { page, table } from './markdown.ts';

/** The finding codes of gate and validation, from the checks' own entries. */
export function checksPage(): string {
  const entries = [...CATALOGUE].sort((a, b) => (a.code < b.code ? -1 : 1));
  return page(
    'Checks and findings',
    [
      'A finding is a problem in the data: it has a code, a severity (`error`, `warning`, `info`) and an address, and never',
      'stops the check of the rest. Rows with errors are rejected and kept under `data/stage/rejected`; above',
      '`accept.max_rejected` the whole file is refused. How checks are configured is in [config.md](config.md).',
    ].join(' '),
    table(
      ['code', ''],
      entries.map(({ code, title }) => [`[\`${code}\`](#${code})`, title]),
    ),
    ...entries.map(({ code, title, meaning, example, cure, config }) =>
      [
        `## ${code}`,
        `**${title}.** ${meaning}`,
        `*Example:* ${example}`,
        `*What to do:* ${cure}`,
        ...(config === undefined
          ? []
          : [`*In the configuration*, below \`checks\`:`, `\`\`\`yaml\n- ${config}\n\`\`\``]),
      ].join('\n\n'),
    ),
  );
}
