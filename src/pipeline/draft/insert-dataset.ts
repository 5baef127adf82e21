import { isMap, isScalar, type Node, parseDocument } from 'yaml';
import { TidemarkError } from '../../errors/tidemark-error.ts';

/** Names of the datasets that a configuration text has. */
export function datasetNames(config: string): readonly string[] {
  const datasets = parseDocument(config).get('datasets', true);
  return isMap(datasets)
    ? datasets.items.map((item) => String(isScalar(item.key) ? item.key.value : item.key))
    : [];
}

/**
 * The configuration text with a dataset added at the end of `datasets:`; every other byte stays unchanged, comments
 * included. `render` returns the dataset's lines for an indent per level. Throws `bad-config` where the text is not
 * YAML or its datasets are in braces, so that no lines can be added.
 */
export function insertDataset(config: string, render: (indent: number) => string): string {
  const document = parseDocument(config);
  if (document.errors[0]) throw unfit(document.errors[0].message);
  const newline = config.includes('\r\n') ? '\r\n' : '\n';
  const lines = (indent: number) => render(indent).trimEnd().replaceAll('\n', newline);
  const datasets = document.get('datasets', true) as Node | undefined;
  if (isMap(datasets) && datasets.items.length > 0) {
    if (datasets.flow) throw unfit('datasets are in braces { }; write them on lines of their own');
    const first = datasets.items[0]?.key as Node;
    const at = lineEnd(config, datasets.range?.[1] ?? config.length);
    return `${config.slice(0, at)}${newline}${newline}${lines(columnOf(config, first.range?.[0] ?? 0))}${config.slice(at) || newline}`;
  }
  const at = config.search(/^datasets[ \t]*:/m);
  if (at < 0) return `${config.trimEnd()}${newline}${newline}datasets:${newline}${lines(2)}${newline}`;
  const end = config.indexOf('\n', at) < 0 ? config.length : config.indexOf('\n', at);
  const rest = config.slice(end).replace(/^\r?\n/, '');
  return `${config.slice(0, at)}datasets:${newline}${lines(2)}${newline}${rest === '' ? '' : newline}${rest}`;
}

/** End of the line on which the text before `offset` ends; blank lines and comments below it do not count. */
function lineEnd(text: string, offset: number): number {
  const last = text.slice(0, offset).trimEnd().length;
  const end = text.indexOf('\n', last);
  return end < 0 ? text.trimEnd().length : text[end - 1] === '\r' ? end - 1 : end;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1) || 2;
}

function unfit(message: string): TidemarkError {
  return new TidemarkError('bad-config', { message: `datasets_config.yml cannot be added to: ${message}.` });
}
