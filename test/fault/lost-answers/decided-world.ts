import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Database } from '../fault-engines.ts';
import { type CopiedWorld, worldAt } from './copied-world.ts';
import { BEFORE, CONFIG, MART } from './decided-pipeline.ts';

export async function decidedWorld(database: Database): Promise<CopiedWorld> {
  const root = mkdtempSync(join(tmpdir(), 'lost-'));
  mkdirSync(join(root, 'data/landed'), { recursive: true });
  mkdirSync(join(root, 'models/mart'), { recursive: true });
  writeFileSync(join(root, 'datasets_config.yml'), CONFIG);
  writeFileSync(join(root, 'models/mart/incomes.sql'), MART);
  const world = worldAt(root, database);
  for (const act of BEFORE) {
    world.land(act.land ?? {});
    const said = await world.run(act.command);
    expect(said.code, `${act.command}\n${said.stdout}${said.stderr}`).toBe(0);
  }
  return world;
}

/** The same without its words: what is said of files that were there before follows what has become of them. */
export function figures({ json }: { json: Record<string, unknown> }): string {
  return JSON.stringify(json, (name, value) =>
    ['run_id', 'message', 'hint'].includes(name) ? undefined : value,
  );
}

/** The same without what it says of marts, and without the sums over all steps, which marts are part of. */
export function figuresBeforeMarts({ json }: { json: Record<string, unknown> }): string {
  const results = (json.results as readonly { step: string }[]).filter(({ step }) => step !== 'publish');
  return figures({ json: { ...json, status: null, rows: null, results } });
}

/** What a call answered, but for what every call says differently. */
export function told({ json }: { json: Record<string, unknown> }): string {
  return JSON.stringify(json, (name, value) => (name === 'run_id' ? undefined : value));
}
