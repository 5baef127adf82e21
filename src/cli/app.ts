import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { StepResult } from '../domain/result.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { packageVersion } from '../lake/package-root.ts';
import { openProject, type Project } from '../lake/project.ts';
import type { Surroundings } from '../pipeline/attempt.ts';
import type { Log, StepContext } from '../steps/step.ts';
import { makeLog } from './log.ts';
import type { CommonOptions } from './options.ts';
import type { Streams } from './streams.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * One call of the program: its flags, streams and environment. It opens what a command needs, when the command needs
 * it.
 */
export interface App {
  readonly options: CommonOptions;
  readonly streams: Streams;
  readonly environment: Environment;
  readonly project: Project;
  readonly runId: string;
  readonly log: Log;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at a landed file; undefined: the default of the gate. */
  readonly betweenLooksMs: number | undefined;
  readonly version: string;
  readonly onError: (error: unknown) => void;
  /** Absolute path of what the caller named. */
  pathOf(given: string): string;
  config(): Promise<Config>;
  /**
   * A step's surroundings with an open and prepared warehouse, which is closed when the work ends. The call is logged.
   * For a step that only reads, tables that do not fit the configuration are a warning.
   */
  invoke(
    about: { step: string; dataset: string | null; period: string | null },
    work: (around: Surroundings) => Promise<StepResult>,
    onlyReads?: boolean,
  ): Promise<StepResult>;
  /** Context with a warehouse for reading only; nothing is logged. */
  look<T>(work: (ctx: StepContext) => Promise<T>): Promise<T>;
}

export interface AppInit {
  readonly options: CommonOptions;
  /** Absolute path of the folder that relative paths of the call start from. */
  readonly calledFrom: string;
  readonly streams: Streams;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly betweenLooksMs?: number;
  readonly onError: (error: unknown) => void;
}

export function openApp(init: AppInit): App {
  const { options, calledFrom, streams, environment, signal, betweenLooksMs, onError } = init;
  const clock = () => new Date();
  const runId =
    options.runId ??
    `${clock()
      .toISOString()
      .replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
  const project = openProject(options.project, options.config, calledFrom);
  const log = makeLog(options, streams, runId, clock);
  const version = packageVersion();
  let loaded: Config | null = null;
  const config = async (): Promise<Config> => {
    if (!existsSync(project.root)) {
      throw new TidemarkError('no-such-file', {
        message: `There is no folder ${options.project}.`,
        hint: 'Check --project.',
      });
    }
    const { loadConfig } = await import('../config/load-config.ts');
    loaded ??= loadConfig(
      project.configPath,
      environment,
      relative(calledFrom, project.configPath) || project.configPath,
    );
    return loaded;
  };
  const app: App = {
    ...{
      options,
      streams,
      environment,
      project,
      runId,
      log,
      clock,
      signal,
      betweenLooksMs,
      version,
      onError,
    },
    pathOf: (given) => resolve(calledFrom, given),
    config,
    async invoke(about, work, onlyReads) {
      const { invoke } = await import('./invoke.ts');
      return invoke(app, await config(), about, work, onlyReads);
    },
    async look(work) {
      const { look } = await import('./invoke.ts');
      return look(app, await config(), work);
    },
  };
  return app;
}
