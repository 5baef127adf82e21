import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../scripts/docs/commands-page.ts';
import { renderPages } from '../../scripts/docs/pages.ts';
import { filesBelow, ROOT, read } from './repository.ts';

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...filesBelow('docs', '.md'),
];
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

describe('documentation', () => {
  it.each([...renderPages()])('%s is what the code says (npm run docs)', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('names every command in README.md or docs/commands.md', () => {
    const text = read('docs/commands.md');
    const missing = allCommands().filter(([name]) => !text.includes(`## ${name}\n`));
    expect(allCommands().length).toBeGreaterThan(5);
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const wrong = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm (?:run ([a-z][a-z:-]*)|(test)\b)/g)]
        .map((found) => found[1] ?? found[2] ?? '')
        .filter((name) => scripts[name] === undefined)
        .map((name) => `${page}: npm run ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names only commands of tidemark that there are', () => {
    const known = new Set(allCommands().flatMap(([name]) => [name, name.split(' ')[0]]));
    const wrong = pages.flatMap((page) =>
      [...read(page).matchAll(/(?:`|^\$? ?|npx |&& )tidemark ([a-z][a-z-]*)/gm)]
        .map((found) => found[1] as string)
        .filter((name) => !known.has(name))
        .map((name) => `${page}: tidemark ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const wrong = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((found) => found[1] as string)
        .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });

  it('lists every finding code that the program can give', () => {
    const text = read('docs/checks.md');
    const codes = new Set(
      filesBelow('src', '.ts').flatMap((file) =>
        /(gate|validation)\//.test(file)
          ? [...read(file).matchAll(/\bcode:\s*'([a-z]+(?:-[a-z]+)+)'/g)].map((found) => found[1] as string)
          : [],
      ),
    );
    expect([...codes].filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });
});
