import { readFileSync } from 'node:fs';
import { blank, command, options, words } from '../errors/advice.ts';
import { TidemarkError } from '../errors/tidemark-error.ts';
import type { Config } from './config.ts';
import { explainIssue } from './explain-issue.ts';
import { knownKeys } from './known-keys.ts';
import type { ConfigProblem } from './problem.ts';
import { resolveConfig } from './resolve.ts';
import { configSchema } from './schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads datasets_config.yml. All problems are reported at once, each with file, line, path and a 'did you mean'.
 * Messages call the file `shownAs`. `${VAR}` in a value is taken from `environment`; `$${` means a literal `${`.
 */
export function loadConfig(path: string, environment: Environment, shownAs = path): Config {
  const source = readYaml(readText(path, shownAs));
  const problems: LocatedProblem[] = source.problems.map((problem) => ({ ...problem }));
  if (problems.length > 0) throw badConfig(problems, source, shownAs);
  const filled = fillIn(source.value, environment, []);
  if (filled.missing.length > 0) throw unsetVariables(filled.missing, source, shownAs);
  const parsed = configSchema.safeParse(filled.value);
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) =>
      explainIssue(issue, filled.value, { keysAt: knownKeys }),
    );
    throw badConfig(found, source, shownAs);
  }
  const config = resolveConfig(parsed.data, path, problems);
  if (problems.length > 0) throw badConfig(problems, source, shownAs);
  return config;
}

type LocatedProblem = ConfigProblem & { readonly line?: number; readonly column?: number };

function readText(path: string, shownAs: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TidemarkError('no-such-file', {
      message: `${shownAs}: there is no configuration here, so this folder is not a pipeline yet.`,
      hint: words`Run \`${command('init', {}, blank('DIR'))}\` to make one, or name the folder with ${options({ project: blank('DIR') })}.`,
      cause,
    });
  }
}

function badConfig(problems: readonly LocatedProblem[], source: YamlSource, shownAs: string): TidemarkError {
  const lines = problems.map((problem) => {
    const { line, column } =
      problem.line === undefined
        ? source.position(problem.path, problem.atKey)
        : { line: problem.line, column: problem.column };
    const where = problem.path.length > 0 ? `${showPath(problem.path)}: ` : '';
    return `${shownAs}:${line}:${column ?? 1}: ${where}${problem.message}`;
  });
  return new TidemarkError('bad-config', {
    message: [...new Set(lines)].join('\n'),
    where: { file: shownAs },
  });
}

function unsetVariables(missing: readonly Missing[], source: YamlSource, shownAs: string): TidemarkError {
  const lines = missing.map(
    ({ path, name }) => `${shownAs}:${source.position(path).line}: ${showPath(path)}: \${${name}} is not set`,
  );
  return new TidemarkError('bad-environment', { message: lines.join('\n'), where: { file: shownAs } });
}

function showPath(path: readonly (string | number)[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

interface Missing {
  readonly path: readonly (string | number)[];
  readonly name: string;
}

function fillIn(
  value: unknown,
  environment: Environment,
  path: readonly (string | number)[],
): { value: unknown; missing: Missing[] } {
  const missing: Missing[] = [];
  const inside = (child: unknown, key: string | number) => {
    const filled = fillIn(child, environment, [...path, key]);
    missing.push(...filled.missing);
    return filled.value;
  };
  if (Array.isArray(value)) return { value: value.map(inside), missing };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, child]) => [key, inside(child, key)] as const);
    return { value: Object.fromEntries(entries), missing };
  }
  if (typeof value !== 'string') return { value, missing };
  const text = value.replace(
    /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
    (_, escaped: string | undefined, name: string) => {
      if (escaped) return '${';
      const found = environment[name];
      if (found === undefined) missing.push({ path, name });
      return found ?? '';
    },
  );
  return { value: text, missing };
}
