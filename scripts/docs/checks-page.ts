import { codeOf } from '../../src/checks/wording.ts';
import { ALL_WORDINGS, CATALOGUE } from '../../src/validation/catalogue.ts';
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
    [
      'How strictly a rule is held: `severity: warning` (or `info`) of a check keeps the rows that break it; `max_failures: 10`',
      'or `2%` keeps them, with warnings, as long as they are no more, and lets each count by its severity once they are.',
      'Shares are of all rows of the file. A field says the same of its constraints, one by one, under `rules`:',
      '`rules: {pattern: {severity: warning}, maximum: {max_failures: 2%}}`. Keys (`primaryKey`, `foreignKeys`) and cells that',
      'are not of their type always reject the row. A check that cannot be made is told as `check-skipped`.',
    ].join(' '),
    table(
      ['code', ''],
      entries.map(({ code, title }) => [`[\`${code}\`](#${code})`, title]),
    ),
    ...entries.map(({ code, title, meaning, example, cure, config }) =>
      [
        `## ${code}`,
        `**${title}.** ${meaning}`,
        ...saysOf(code),
        `*Example:* ${example}`,
        `*What to do:* ${cure}`,
        ...(config === undefined
          ? []
          : [`*In the configuration*, below \`checks\`:`, `\`\`\`yaml\n- ${config}\n\`\`\``]),
      ].join('\n\n'),
    ),
  );
}

/** What analysts read, with the places that are filled in braces. */
function saysOf(code: string): string[] {
  const ids = Object.keys(ALL_WORDINGS).filter((id) => codeOf(id) === code);
  const texts = [
    ...new Set(
      ids.map((id) =>
        (ALL_WORDINGS[id]?.message ?? '').replace(
          /\|([^|}]+)(\|([^}]+))?\}/g,
          (_, one, __, more) => `} ${more ?? `${one}s`}`,
        ),
      ),
    ),
  ];
  return texts.length === 0 ? [] : [`*It says:* ${texts.map((text) => `“${text}”`).join(' or ')}`];
}
