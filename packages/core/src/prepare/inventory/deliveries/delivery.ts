import { type Instant, instant } from '../../../kernel/index.ts';
import type { ChangeKind } from '../facts.ts';

/** What a webhook tells of one change, before it is known which system it is of. */
export interface DeliveredChange {
  /** Names the change within its source, so that a second delivery changes nothing. */
  readonly key: string;
  readonly kind: ChangeKind;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
  readonly note: string;
  readonly link: string;
  readonly occurredAt: Instant | null;
  /** Whether the deployment runs it from now on. */
  readonly live: boolean;
}

/** Changes, a reason why there are none, or what is wrong with the delivery. */
export type Delivery =
  | { readonly changes: readonly DeliveredChange[] }
  | { readonly ignored: string }
  | { readonly unreadable: string };

export type Members = Readonly<Record<string, unknown>>;
export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);

/** A member some levels down, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((it, name) => (isMembers(it) && Object.hasOwn(it, name) ? it[name] : undefined), value);
}

/** A text that is not empty, cut to its bound; a number reads as its digits. */
export function word(value: unknown, most = 200): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, most) : null;
}

export function moment(value: unknown): Instant | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  // GitHub gives seconds in some members; GitLab writes `2026-01-02 03:04:05 UTC`.
  const given =
    typeof value === 'number' ? value * 1_000 : value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/, '$1T$2Z');
  if (typeof given === 'string' && !/(?:Z|[+-]\d\d:?\d\d)$/.test(given)) return null;
  try {
    return instant(given);
  } catch {
    return null;
  }
}

export const webLink = (value: unknown): string => {
  const text = word(value, 1_000);
  return text !== null && /^https?:\/\//.test(text) ? text : '';
};

export const list = (value: unknown, most: number): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [];

/** What a push changed, from the paths it touched: the first of these that any path speaks of. */
const PATHS: readonly (readonly [ChangeKind, RegExp])[] = [
  ['prompt', /(^|[/._-])(system[-_]?)?prompts?([/._-]|$)/i],
  ['guardrail', /(^|[/._-])(guardrails?|polic(y|ies)|moderation)([/._-]|$)/i],
  ['tool', /(^|[/._-])(tools?|mcp)([/._-]|$)/i],
  ['index', /(^|[/._-])(rag|index|corpus|embeddings?|knowledge)([/._-]|$)/i],
];
export function kindOfPaths(paths: readonly string[]): { kind: ChangeKind; path: string | null } {
  for (const [kind, pattern] of PATHS) {
    const path = paths.find((each) => pattern.test(each));
    if (path !== undefined) return { kind, path };
  }
  return { kind: 'config', path: null };
}

export const shortSha = (value: unknown): string | null => {
  const sha = word(value);
  return sha === null || /^0+$/.test(sha) ? null : /^[0-9a-f]{20,}$/.test(sha) ? sha.slice(0, 12) : sha;
};

export const firstLine = (value: unknown): string => (word(value, 2_000) ?? '').split('\n')[0]!.slice(0, 300);

const MOST_COMMITS = 100;
const MOST_PATHS = 2_000;

/** Paths that the commits of a push touched, as GitHub and GitLab list them. */
export const pathsOf = (commits: unknown): readonly string[] =>
  list(commits, MOST_COMMITS)
    .flatMap((commit) => ['added', 'modified', 'removed'].flatMap((member) => list(at(commit, member), MOST_PATHS)))
    .filter((path): path is string => typeof path === 'string')
    .slice(0, MOST_PATHS);
