import { open, stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { command, words } from '../../../errors/advice.ts';
import { TidemarkError } from '../../../errors/tidemark-error.ts';
import type { App } from '../../app.ts';
import type { CommandSpec } from '../../command.ts';
import { recordsDatasetNamed, usage } from '../../datasets.ts';
import { nonEmpty } from '../../options.ts';
import { writeWords } from '../../write-words.ts';

interface Options {
  readonly dataset?: string;
  readonly run?: string;
  readonly actor?: string;
  readonly interaction?: string;
  readonly batchId?: string;
  readonly printIds?: boolean;
}

export const recordsSubmitCommand: CommandSpec<Options> = {
  name: 'submit',
  group: 'records',
  summary: 'hand records of a script over to the staging table of their dataset, all of a call or none',
  configure: (command) =>
    command
      .argument('[file]', 'JSON lines or one JSON array; without it, or with -, from stdin')
      .option('--dataset <name>', 'the dataset that the records are of', nonEmpty)
      .option(
        '--run <name>',
        "the script's run, which every record keeps; not --run-id, which names this call",
        nonEmpty,
      )
      .option('--actor <name>', 'who made the records, such as the name of the script', nonEmpty)
      .option('--interaction <name>', 'what the script was doing, such as a page or a request', nonEmpty)
      .option(
        '--batch-id <name>',
        'a name within the run; the same records again under it are stored once',
        nonEmpty,
      )
      .option('--print-ids', 'list the staging_ids on stdout, one per line, in the order of the records'),
  async run(app, options, [file]) {
    const { run, actor } = options;
    const missing = (['dataset', 'run', 'actor'] as const).filter((name) => options[name] === undefined);
    if (missing.length > 0 || run === undefined || actor === undefined) {
      const example = command('records submit', { dataset: 'postings', run: '2025-06-01', actor: 'fetcher' });
      throw usage(
        `records submit needs ${missing.map((name) => `--${name}`).join(', ')}.`,
        words`For example: ${example}`,
      );
    }
    const dataset = recordsDatasetNamed(await app.config(), options.dataset as string);
    const { submitRecords } = await import('../../../steps/records-submit.ts');
    const { eachNumber } = await import('../../../records/numbers-of-batch.ts');
    const handed = await handedOver(app, file);
    let ids: readonly number[] = [];
    try {
      const about = { step: 'records submit', dataset: dataset.name, period: null };
      const result = await app.invoke(about, async ({ ctx }) => {
        const submitted = await submitRecords(ctx, {
          ...{ ...handed, dataset, run, actor, interaction: options.interaction ?? null },
          ...{ batchId: options.batchId ?? null, wantsNumbers: options.printIds ?? false },
        });
        ids = eachNumber(submitted.numbers ?? []);
        return submitted.result;
      });
      if (!options.printIds || result.exitCode !== 0) return { result };
      app.log.info(writeWords(result.message ?? ''));
      return { result, text: ids.map((id) => `${id}\n`).join(''), details: { staging_ids: ids } };
    } finally {
      handed.bytes.destroy();
    }
  },
};

interface Handed {
  readonly bytes: Readable;
  readonly name: string;
}

/** An interrupted call does not wait for a script that hands nothing more over. */
async function handedOver(app: App, file: string | undefined): Promise<Handed> {
  if (file !== undefined && file !== '-') {
    return { bytes: addAbortSignal(app.signal, await openFile(app.pathOf(file), file)), name: file };
  }
  const stdin = app.streams.stdin as Readable & { readonly isTTY?: boolean };
  if (stdin.isTTY === true) app.log.info('Reads records from the terminal, to the end of input (Ctrl+D).');
  return { bytes: addAbortSignal(app.signal, stdin), name: 'stdin' };
}

/** It may be a pipe, as the shell makes one of `<(…)`. */
async function openFile(path: string, given: string): Promise<Readable> {
  const facts = await stat(path).catch(() => null);
  if (facts === null || facts.isDirectory()) {
    throw new TidemarkError('no-such-file', { message: `There is no file '${given}'.` });
  }
  return (await open(path)).createReadStream({ highWaterMark: 2 ** 18 });
}
