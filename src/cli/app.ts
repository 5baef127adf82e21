import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { StepResult } from '../domain/result.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import { packageVersion } from '../lake/package-root.ts';
import { openProject, type Project } from '../lake/project.ts';
import type { About, Surroundings } from '../pipeline/attempt.ts';
import { type Caller, type Environment, warehouseAddress } from '../pipeline/caller.ts';
import { newRunId } from '../pipeline/run-id.ts';
import type { Log, StepContext } from '../steps/step.ts';
import { makeLog } from './log.ts';
import type { CommonOptions } from './options.ts';
import type { Streams } from './streams.ts';
import { writeWords } from './write-words.ts';

/**
 * One call of the program: its flags, streams and environment. It opens what a command needs, when the command needs
 * it.
 */
export interface App {
  readonly options: CommonOptions;
  readonly streams: Streams;
  readonly project: Project;
  readonly runId: string;
  readonly log: Log;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  /** Absolute path of what the caller named. */
  pathOf(given: string): string;
  config(): Promise<Config>;
  /** What every call of a step is given, as the flags, the environment and the configuration say. */
  caller(): Promise<Caller>;
  /**
   * A step's surroundings with an open and prepared warehouse, which is closed when the work ends. The call is logged.
   * For a step that only reads, tables that do not fit the configuration are a warning.
   */
  invoke(
    about: About,
    work: (around: Surroundings) => Promise<StepResult>,
    onlyReads?: boolean,
  ): Promise<StepResult>;
  /** Context with a warehouse for reading only; nothing is logged. */
  readUnlogged<T>(work: (ctx: StepContext) => Promise<T>): Promise<T>;
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
  const runId = options.runId ?? newRunId(clock());
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
  const caller = async (): Promise<Caller> => {
    const read = await config();
    return {
      ...{ project, config: read, environment, runId, clock, log, signal, betweenLooksMs, version, onError },
      write: writeWords,
      warehouse: warehouseAddress(options.databaseUrl, environment, read),
      lockTimeoutMs: options.lockTimeout * 1000,
      dryRun: options.dryRun ?? false,
    };
  };
  return {
    ...{ options, streams, project, runId, log, clock, signal, config, caller },
    pathOf: (given) => resolve(calledFrom, given),
    async invoke(about, work, onlyReads) {
      const { invoke } = await import('./invoke.ts');
      return invoke(options, await caller(), about, work, onlyReads);
    },
    async readUnlogged(work) {
      const { readUnlogged } = await import('../pipeline/call.ts');
      return readUnlogged(await caller(), work);
    },
  };
}
