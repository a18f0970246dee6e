import type { Instant } from '../../kernel/index.ts';
import { msBetween } from '../../kernel/index.ts';
import { breachesOf, type Tool } from '../../prepare/inventory/index.ts';
import type { Finding } from '../detectors/index.ts';
import { isOneCall, type ToolCall } from '../signals/index.ts';

const NAME = 'agent-calls';
const VERSION = '1';
const LOOP_TIMES = 5;
const LOOP_MS = 600_000;
const MOST_CALLS = 200;
/** Different calls of one session that are remembered. */
const MOST_REMEMBERED = 40;
const MOST_IDS = 200;
const DESTROYS =
  /^(?:delete|drop|remove|destroy|wipe|purge|truncate|terminate|shutdown|erase|reset|format)(?:[_\-.A-Z]|$)/;

/** What is remembered of one session of an agent between its calls. */
export interface Session {
  /** When it first read what anybody may have written; null: not yet. */
  readonly untrustedAt: Instant | null;
  /** When it read private data after that. */
  readonly privateAt: Instant | null;
  /** When the same call was made, newest last, by its digest. */
  readonly calls: Readonly<Record<string, readonly Instant[]>>;
  /** Ids of calls that were looked at, newest last: two witnesses may tell of the same. Records made before there was this member have none. */
  readonly ids?: readonly string[];
  /** What has been told of this session already. */
  readonly told: readonly string[];
}
export const NEW_SESSION: Session = { untrustedAt: null, privateAt: null, calls: {}, told: [] };

const finding = (
  index: number,
  kind: string,
  evidenceClass: Finding['evidenceClass'],
  score: number,
  explain: string,
  rules: readonly string[],
): Finding => ({
  detector: NAME,
  version: VERSION,
  kind,
  archetype: 'agentic-misalignment',
  evidenceClass,
  score,
  spans: [{ field: `toolCalls/${index}/arguments`, start: 0, end: 0, text: null }],
  rules,
  explain: explain.slice(0, 1_000),
  same: `${kind}|${rules.join('|')}|${index}`,
});

function argumentsOf(call: ToolCall): unknown {
  if (call.arguments === null) return undefined;
  try {
    return JSON.parse(call.arguments);
  } catch {
    return undefined;
  }
}

const KINDS = {
  'not-granted': 'tool-outside-manifest',
  'other-agent': 'tool-outside-manifest',
  'argument-beyond-limit': 'argument-beyond-limit',
} as const;

/** Findings of one call against the manifest alone. An agent that no record names is not held against it. */
function againstManifest(
  call: ToolCall,
  index: number,
  tools: readonly Tool[],
  agent: string | undefined,
): readonly Finding[] {
  return breachesOf(tools, { tool: call.name, agent, arguments: argumentsOf(call) })
    .filter(({ rule }) => rule !== 'other-agent' || agent !== undefined)
    .map(({ rule, why, argument }) =>
      finding(index, KINDS[rule], 'verified', 0.99, why, [
        call.name.slice(0, 120),
        ...(argument === undefined ? [] : [argument]),
      ]),
    );
}

export interface Checked {
  readonly findings: readonly Finding[];
  readonly session: Session;
}

/** Findings of calls against the tools their system was granted, and nothing else. */
export const checkGranted = (
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  agent: string | undefined,
): readonly Finding[] =>
  calls.slice(0, MOST_CALLS).flatMap((call, index) => againstManifest(call, index, tools, agent));

/**
 * Holds the calls of one interaction against the tools its system was granted, and against what its session did before:
 * a tool or an argument outside the manifest (verified); untrusted text read, then private data, then something sent (strong);
 * the same call five times in ten minutes (strong); something destroyed (weak). A call whose id the session has seen is the
 * same one, told again. `digest` names a call without keeping it.
 */
export function checkCalls(
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  before: Session,
  at: Instant,
  digest: (text: string) => string,
  agent?: string,
): Checked {
  const findings: Finding[] = [];
  const told = new Set(before.told);
  const made = new Map(Object.entries(before.calls));
  let { untrustedAt, privateAt } = before;
  const tellOnce = (what: string, it: () => Finding): void => {
    if (told.has(what)) return;
    told.add(what);
    findings.push(it());
  };
  const ids = new Set(before.ids);
  for (const [index, call] of calls.slice(0, MOST_CALLS).entries()) {
    findings.push(...againstManifest(call, index, tools, agent));
    if (isOneCall(call.id)) {
      const id = digest(`${call.name}|${call.id}`);
      if (ids.has(id)) continue;
      ids.add(id);
    }
    const manifest = tools.find(({ name }) => name === call.name)?.manifest;
    if (manifest?.effect === 'destroys' || (manifest === undefined && DESTROYS.test(call.name)))
      tellOnce(`destroys ${call.name}`, () =>
        finding(
          index,
          'destructive-action',
          'weak',
          0.4,
          `The agent called “${call.name}”, which destroys something.`,
          [call.name.slice(0, 120)],
        ),
      );
    if (manifest?.effect === 'sends' && privateAt !== null)
      tellOnce('untrusted-private-send', () =>
        finding(
          index,
          'untrusted-private-send',
          'strong',
          0.9,
          `In one session the agent read text that anybody may have written, then private data, and then sent something with “${call.name}”.`,
          [call.name.slice(0, 120)],
        ),
      );
    if (manifest?.reads === 'untrusted') untrustedAt ??= at;
    if (manifest?.reads === 'private' && untrustedAt !== null) privateAt ??= at;
    const key = digest(`${call.name}|${call.arguments ?? ''}`);
    const times = [...(made.get(key) ?? []), at].filter((each) => msBetween(each, at) <= LOOP_MS).slice(-LOOP_TIMES);
    made.delete(key);
    made.set(key, times);
    if (times.length >= LOOP_TIMES)
      tellOnce(`loop ${key}`, () =>
        finding(
          index,
          'call-loop',
          'strong',
          0.85,
          `The agent made the same call of “${call.name}” ${LOOP_TIMES} times within ten minutes.`,
          [call.name.slice(0, 120)],
        ),
      );
  }
  return {
    findings,
    session: {
      untrustedAt,
      privateAt,
      calls: Object.fromEntries([...made].slice(-MOST_REMEMBERED)),
      ids: [...ids].slice(-MOST_IDS),
      told: [...told].slice(-MOST_REMEMBERED),
    },
  };
}
