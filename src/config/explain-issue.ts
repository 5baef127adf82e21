import type { z } from 'zod';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { ConfigProblem } from './problem.ts';

type Issue = z.core.$ZodIssue;
type Shape = { readonly keysAt: (path: readonly (string | number)[]) => readonly string[] };

/** zod's issues as sentences: what the file has, what was expected and what was probably meant. */
export function explainIssue(issue: Issue, value: unknown, shape: Shape): ConfigProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `unknown key '${key}'${suggestion(key, shape.keysAt(path))}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = closestBranch(issue.errors, path);
    if (inner.length > 0) return inner.flatMap((one) => explainIssue(one, value, shape));
  }
  const found = valueAt(value, path);
  if (found === undefined) return [{ path, message: `'${path.at(-1)}' is missing` }];
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const meant = guess(String(found), allowed);
    return [{ path, message: `${show(found)} is not one of ${allowed.join(', ')}${meant}` }];
  }
  if (issue.code === 'invalid_type')
    return [{ path, message: `expected ${issue.expected}, found ${show(found)}` }];
  if (issue.code === 'invalid_format') return [{ path, message: `${show(found)} ${issue.message}` }];
  return [{ path, message: `${show(found)}: ${issue.message}` }];
}

/** In a union, the writer meant the branch that matched deepest; where none matched, all expected values are named. */
function closestBranch(branches: readonly (readonly Issue[])[], path: readonly (string | number)[]): Issue[] {
  const rank = (branch: readonly Issue[]) =>
    Math.max(0, ...branch.map((issue) => issue.path.length * 2 + (issue.code === 'invalid_type' ? 0 : 1)));
  const [best, next] = [...branches].sort((a, b) => rank(b) - rank(a));
  if (best && rank(best) > 0 && rank(best) >= rank(next ?? [])) {
    return best.map((issue) => ({ ...issue, path: [...path, ...issue.path] }) as Issue);
  }
  const expected = branches.flatMap((branch) =>
    branch.map((issue) => ('expected' in issue ? String(issue.expected) : '')),
  );
  return [
    {
      code: 'invalid_type',
      expected: expected.filter(Boolean).join(' or '),
      path: [...path],
      message: '',
    } as unknown as Issue,
  ];
}

function guess(text: string, candidates: readonly string[]): string {
  const meant = didYouMean(text, candidates);
  return meant === null ? '' : `; did you mean '${meant}'?`;
}

function suggestion(text: string, candidates: readonly string[]): string {
  const meant = guess(text, candidates);
  if (meant !== '') return meant;
  return candidates.length > 0 && candidates.length <= 20 ? `; known: ${candidates.join(', ')}` : '';
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, part) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, part)
        ? (node as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a group of keys' : String(value);
}
