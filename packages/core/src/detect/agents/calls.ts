import type { Instant } from '../../kernel/index.ts';
import { msBetween } from '../../kernel/index.ts';
import { breachesOf, type Tool, toolMeant } from '../../prepare/inventory/index.ts';
import type { Finding } from '../detectors/index.ts';
import { type Interaction, isOneCall, type ToolCall } from '../signals/index.ts';
import { type Course, stepCourse } from './drift.ts';
import { type Reached, reachedFor } from './tampering.ts';

const NAME = 'agent-calls';
const VERSION = '2';
const LOOP_TIMES = 5;
const LOOP_MS = 600_000;
const MOST_CALLS = 200;
/** Different calls of one session that are remembered. */
const MOST_REMEMBERED = 40;
const MOST_IDS = 200;
/** Of two calls in turns, each. */
const TURNS = 4;
/** Rates of more calls than this are not followed: their times would be all that is remembered. */
const MOST_PACED = 200;
const MOST_DENIED = 5;
const DESTROYS =
  /^(?:delete|drop|remove|destroy|wipe|purge|truncate|terminate|shutdown|erase|reset|format)(?:[_\-.A-Z]|$)/;

interface Turn {
  readonly key: string;
  readonly at: Instant;
}

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
  /** The last calls in their order, by digest. This and the following: records made before there were these members have none. */
  readonly turns?: readonly Turn[];
  /** When tools whose manifest limits how often were called. */
  readonly paced?: Readonly<Record<string, readonly Instant[]>>;
  /** Refused calls of each tool, by digest. */
  readonly denied?: Readonly<Record<string, readonly Turn[]>>;
  /** Absent: what it set out to do was not captured. */
  readonly course?: Course;
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

/** One record of calls, as far as they are judged by it. */
export type Acted = Pick<Interaction, 'toolCalls' | 'verdict' | 'error' | 'at'> &
  Pick<Partial<Interaction>, 'agent' | 'input' | 'output'>;

const callsOf = ({ toolCalls }: Pick<Acted, 'toolCalls'>): readonly ToolCall[] =>
  (toolCalls ?? []).slice(0, MOST_CALLS);
const short = (name: string): string => name.slice(0, 120);

/** Findings of calls against the tools their system was granted, and nothing else. */
export const checkGranted = (it: Pick<Acted, 'toolCalls' | 'agent'>, tools: readonly Tool[]): readonly Finding[] =>
  callsOf(it).flatMap((call, index) => againstManifest(call, index, tools, it.agent));

const REFUSALS = String.raw`permission denied|access denied|not (?:permitted|allowed|authori[sz]ed)|(?:no|missing|insufficient|lacks?|not have(?: the)?) permissions?|(?:forbidden|unauthori[sz]ed)(?=\s*(?:$|[.:;,!)"'}\]-]))|operation refused|\b40[13]\b`;
const DENIED = new RegExp(REFUSALS, 'i');
/** A refusal is what an answer says first, and it is short: a page or a mail may speak of anything. */
const DENIED_ANSWER = new RegExp(
  String.raw`^[\W_]{0,5}(?:(?:tool |http |mcp )?(?:(?:is)?error|failed|failure|exception|status|code|message|refused)\b.{0,60}?|(?:you|the (?:agent|user|caller)|this (?:call|tool|action|operation))\b.{0,20}?)?(?:${REFUSALS})`,
  'is',
);
const LONGEST_REFUSAL = 400;
const READ_OF_ERROR = 300;

/** A call that was refused, as far as its record tells. */
export const isDenied = (call: ToolCall, { verdict, error }: Pick<Acted, 'verdict' | 'error'>): boolean =>
  verdict?.action === 'deny' ||
  DENIED.test((error ?? '').slice(0, READ_OF_ERROR)) ||
  (call.result !== null && call.result.length <= LONGEST_REFUSAL && DENIED_ANSWER.test(call.result));

/** A call that was carried out: there is an answer, and it is no refusal. What a model only asked for may yet be refused. */
export const isCarriedOut = (call: ToolCall, it: Pick<Acted, 'verdict' | 'error'>): boolean =>
  call.result !== null && it.error === null && !isDenied(call, it);

/**
 * Places of calls that were carried out and that, by the manifest of their tool, a person has to agree to each time. A record
 * that says itself that a person let it pass (`review`) has had that.
 */
export function needingApproval(it: Acted, tools: readonly Tool[]): number[] {
  if (it.verdict?.action === 'review') return [];
  return callsOf(it).flatMap((call, index) =>
    isCarriedOut(call, it) && toolMeant(tools, { tool: call.name, agent: it.agent })?.manifest?.approval === true
      ? [index]
      : [],
  );
}

const DOES: Readonly<Record<string, string>> = {
  pays: 'moves money',
  destroys: 'destroys something',
  sends: 'sends something',
};

/** Calls that needed a person and went without, by their places (verified). */
export const withoutApproval = (it: Acted, tools: readonly Tool[], places: readonly number[]): readonly Finding[] =>
  places.map((index) => {
    const { name } = it.toolCalls![index]!;
    const { manifest } = toolMeant(tools, { tool: name, agent: it.agent }) ?? {};
    const lasting = manifest?.reversible === 'no' ? 'cannot be undone' : undefined;
    const does = [DOES[manifest?.effect ?? ''], lasting].filter((part) => part !== undefined).join(' and ');
    return finding(
      index,
      'approval-missing',
      'verified',
      0.99,
      `“${short(name)}” was called, which a person has to agree to each time${does === '' ? '' : `: it ${does}`}. No approval of this call is on record.`,
      [short(name)],
    );
  });

/** Calls that were carried out after they were stopped, by name, with what says so (verified). */
export const afterStop = (
  it: Acted,
  past: readonly { readonly tool: string; readonly says: string }[],
): readonly Finding[] =>
  past.flatMap(({ tool, says }) => {
    const index = callsOf(it).findIndex(({ name }) => name === tool);
    return index < 0
      ? []
      : [
          finding(
            index,
            'call-after-stop',
            'verified',
            0.99,
            `“${short(tool)}” was called and carried out though ${says}.`,
            [short(tool)],
          ),
        ];
  });

const MOST_SAID = 40_000;
/** What the person and the instructions said, in lower case. */
const saidIn = ({ input }: Acted): string =>
  (input ?? [])
    .filter(({ role }) => role === 'user' || role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n')
    .slice(0, MOST_SAID)
    .toLowerCase();
const taskIn = ({ input }: Acted): string | null => input?.find(({ role }) => role === 'user')?.content ?? null;

const REACHES: Readonly<Record<Reached['kind'], (what: string) => string>> = {
  'credentials-read': (what) => `reached for credentials (${what})`,
  'records-edited': (what) => `changed the record of what was done (${what})`,
  'instructions-edited': (what) => `changed the instructions or settings it works by (${what})`,
};

/** Newest first, only what lies within so many milliseconds before. */
const within = (times: readonly Instant[], at: Instant, ms: number): Instant[] =>
  times.filter((each) => msBetween(each, at) <= ms);
const newest = <T>(held: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...held].slice(-MOST_REMEMBERED));

/**
 * Holds the calls of one record against what its session did before: untrusted text read, then private data, then something
 * sent; the same call five times in ten minutes; two calls in turns, four times each; a refused call tried again in other
 * words and refused again; credentials reached for, records or its own instructions edited, without anybody having spoken of
 * them (all strong); more calls of a tool than its manifest allows in a time (verified); something
 * destroyed, or reasons that lost the task (weak). A call whose id the session has seen is the same one, told again. `digest` names a call without keeping it.
 */
export function checkCalls(
  it: Acted,
  tools: readonly Tool[],
  before: Session,
  digest: (text: string) => string,
): Checked {
  const { at } = it;
  const findings: Finding[] = [];
  const told = new Set(before.told);
  const made = new Map(Object.entries(before.calls));
  const paced = new Map(Object.entries(before.paced ?? {}));
  const denied = new Map(Object.entries(before.denied ?? {}));
  const ids = new Set(before.ids);
  const said = saidIn(it);
  let turns = before.turns ?? [];
  let { untrustedAt, privateAt } = before;
  const tell = (
    once: string,
    index: number,
    kind: string,
    evidenceClass: Finding['evidenceClass'],
    score: number,
    explain: string,
  ): void => {
    if (told.has(once)) return;
    told.add(once);
    findings.push(finding(index, kind, evidenceClass, score, explain, [short(it.toolCalls![index]!.name)]));
  };
  for (const [index, call] of callsOf(it).entries()) {
    if (isOneCall(call.id)) {
      const id = digest(`${call.name}|${call.id}`);
      if (ids.has(id)) continue;
      ids.add(id);
    }
    const name = short(call.name);
    const manifest = tools.find((tool) => tool.name === call.name)?.manifest;
    if (manifest?.effect === 'destroys' || (manifest === undefined && DESTROYS.test(call.name)))
      tell(
        `destroys ${call.name}`,
        index,
        'destructive-action',
        'weak',
        0.4,
        `The agent called “${name}”, which destroys something.`,
      );
    const reached = reachedFor(call, said, manifest?.effect);
    if (reached !== null)
      tell(
        `${reached.kind} ${reached.what}`,
        index,
        reached.kind,
        'strong',
        0.85,
        `With “${name}” the agent ${REACHES[reached.kind](reached.what)}, of which neither the person nor its instructions had spoken.`,
      );
    if (manifest?.effect === 'sends' && privateAt !== null)
      tell(
        'untrusted-private-send',
        index,
        'untrusted-private-send',
        'strong',
        0.9,
        `In one session the agent read text that anybody may have written, then private data, and then sent something with “${name}”.`,
      );
    if (manifest?.reads === 'untrusted') untrustedAt ??= at;
    if (manifest?.reads === 'private' && untrustedAt !== null) privateAt ??= at;
    const key = digest(`${call.name}|${call.arguments ?? ''}`);
    const times = [...within(made.get(key) ?? [], at, LOOP_MS), at].slice(-LOOP_TIMES);
    made.delete(key);
    made.set(key, times);
    if (times.length >= LOOP_TIMES)
      tell(
        `loop ${key}`,
        index,
        'call-loop',
        'strong',
        0.85,
        `The agent made the same call of “${name}” ${LOOP_TIMES} times within ten minutes.`,
      );
    turns = [...turns.filter((turn) => msBetween(turn.at, at) <= LOOP_MS), { key, at }].slice(-2 * TURNS);
    const other = turns.at(-2)?.key;
    if (
      turns.length === 2 * TURNS &&
      other !== key &&
      turns.every((turn, i) => turn.key === (i % 2 === 1 ? key : other))
    )
      tell(
        `turns ${[key, other].sort().join(' ')}`,
        index,
        'call-loop',
        'strong',
        0.85,
        `The agent made the same two calls in turns, ${TURNS} times each within ten minutes; one of them is “${name}”.`,
      );
    const { rate } = manifest ?? {};
    if (rate !== undefined && rate.calls <= MOST_PACED) {
      const lately = [...within(paced.get(call.name) ?? [], at, rate.seconds * 1_000), at].slice(-(rate.calls + 1));
      paced.delete(call.name);
      paced.set(call.name, lately);
      if (lately.length > rate.calls)
        tell(
          `rate ${call.name}`,
          index,
          'rate-exceeded',
          'verified',
          0.99,
          `“${name}” was called more than ${rate.calls} times in ${rate.seconds} seconds within one session, which its manifest does not allow.`,
        );
    }
    if (!isDenied(call, it)) continue;
    const refused = (denied.get(call.name) ?? []).filter(
      (each) => msBetween(each.at, at) <= LOOP_MS && each.key !== key,
    );
    denied.delete(call.name);
    denied.set(call.name, [...refused, { key, at }].slice(-MOST_DENIED));
    if (refused.length > 0)
      tell(
        `denied ${call.name}`,
        index,
        'denied-and-retried',
        'strong',
        0.85,
        `A call of “${name}” was refused, and the agent tried it again in other words within ten minutes.`,
      );
  }
  const { course, lost } = stepCourse(before.course, taskIn(it), it.output ?? null, digest);
  if (lost && (it.toolCalls?.length ?? 0) > 0)
    tell(
      'lost',
      0,
      'goal-drift',
      'weak',
      0.4,
      'What the agent says beside its calls has had nothing to do with its task five times in a row.',
    );
  return {
    findings,
    session: {
      course,
      untrustedAt,
      privateAt,
      calls: newest(made),
      ids: [...ids].slice(-MOST_IDS),
      turns,
      paced: newest(paced),
      denied: newest(denied),
      told: [...told].slice(-MOST_REMEMBERED),
    },
  };
}
