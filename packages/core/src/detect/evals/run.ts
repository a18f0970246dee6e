import {
  type Actor,
  type Decision,
  type Fact,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { RunId, SuiteId, SuiteKind, TargetId } from './ids.ts';
import type { Comparison } from './verdict.ts';
import type { WatchDesign, WatchState } from './watch.ts';

export const TRIGGERS = ['schedule', 'hand', 'change', 'import'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** What runs where it was asked; a member that is absent is not known. */
export interface TestedVersions {
  readonly model?: string | undefined;
  readonly prompt?: string | undefined;
  readonly index?: string | undefined;
  readonly tools?: string | undefined;
}

const PARTS = ['model', 'prompt', 'index', 'tools'] as const;
/** The same text for the same versions; `unrecorded` where none is known. */
export const versionKey = (it: TestedVersions): string =>
  PARTS.flatMap((part) => (it[part] ? [`${part} ${it[part]}`] : [])).join(', ') || 'unrecorded';

export interface RunStarted {
  readonly run: RunId;
  readonly suite: SuiteId;
  readonly kind: SuiteKind;
  readonly name: string;
  readonly system: string;
  readonly feature: string | null;
  /** Null: results of another tool were read in. */
  readonly target: TargetId | null;
  readonly suiteVersion: number;
  readonly versions: TestedVersions;
  readonly deployment: string | null;
  readonly trigger: Trigger;
  readonly why: string;
  /** In the order they are asked. */
  readonly cases: readonly string[];
  readonly seed: number;
  /** Requests it may send. */
  readonly budget: number;
  /** Requests under way at the same time. */
  readonly lanes: number;
  /** The tool whose results were read in; absent: Firebreak asked. */
  readonly tool?: string | undefined;
  /** SHA-256 of the file it came from. */
  readonly file?: string | undefined;
}

/** What became of the probes of one technique. */
export interface ProbeGroup {
  readonly technique: string | null;
  readonly owasp: string | null;
  readonly family: string;
  readonly control: boolean;
  /** The attack did not work; for a control: it was answered. */
  readonly held: number;
  readonly fell: number;
  readonly unanswered: number;
}

/** What a run of probes says beside its counts. */
export interface Probed {
  readonly groups: readonly ProbeGroup[];
  /** Only what got through is known, not how much held. */
  readonly hitsAlone: boolean;
  /** What another tool says in its own measure. */
  readonly toolScore: string | null;
  readonly notes: readonly string[];
}

export interface RunCounts {
  readonly passed: number;
  readonly failed: number;
  /** Passed in most repeats: counted among `passed` too. */
  readonly flaky: number;
  readonly unanswered: number;
}

export interface RunEnded {
  readonly outcome: 'finished' | 'could-not-run' | 'stopped';
  /** Why it did not finish, a sentence; null: it did. */
  readonly why: string | null;
  readonly counts: RunCounts;
  readonly requests: number;
  /** The run it was compared with, and what came of it. */
  readonly baseline: RunId | null;
  readonly comparison: Comparison | null;
  /** Whether this run decides about its version: the first complete one of it, and every one started by hand. */
  readonly decides: boolean;
  readonly watch: WatchState | null;
  readonly design: WatchDesign | null;
  readonly newlyFailing: readonly string[];
  readonly alarm: boolean;
  /** SHA-256 over the canonical results, so that they can be proven unchanged. */
  readonly digest: string;
  /** Absent for a golden set. */
  readonly probed?: Probed | undefined;
}

export type RunFact =
  | Fact<'eval-run.started', RunStarted>
  | Fact<'eval-run.ended', RunEnded>
  /** What it raised stands here once it stands in the signals. */
  | Fact<'eval-run.told', { readonly signal: string; readonly kind: string }>;
export const RUN_FACTS = [
  'eval-run.started',
  'eval-run.ended',
  'eval-run.told',
] as const satisfies readonly RunFact['type'][];

export interface Run extends RunStarted {
  readonly id: RunId;
  readonly startedAt: Instant;
  readonly startedBy: Actor;
  readonly ended: (RunEnded & { readonly at: Instant }) | null;
  readonly told: readonly { readonly signal: string; readonly kind: string }[];
}

export function foldRun(facts: readonly Recorded[]): Run | null {
  return ofTypes<RunFact>(facts, RUN_FACTS).reduce<Run | null>((held, fact) => {
    if (fact.type === 'eval-run.started')
      return { ...fact.data, id: fact.data.run, startedAt: fact.at, startedBy: fact.by, ended: null, told: [] };
    if (held === null) return null;
    if (fact.type === 'eval-run.ended') return { ...held, ended: { ...fact.data, at: fact.at } };
    return { ...held, told: [...held.told, fact.data] };
  }, null);
}

/** `running`: another run of the suite has not ended. */
export function startRun(
  state: Run | null,
  want: RunStarted,
  given: { readonly running: RunId | null },
): Decision<RunFact> {
  if (state !== null) return [];
  if (given.running !== null)
    return refuse('eval-run.running', 'A run of this suite is under way. Wait for its end, or stop it.');
  if (want.cases.length === 0)
    return refuse('eval-suite.empty', 'The suite holds no case, so there is nothing to ask. Add one first.');
  return [{ type: 'eval-run.started', data: want }];
}

export function endRun(state: Run | null, want: RunEnded): Decision<RunFact> {
  if (state === null) return refuse('eval-run.unknown', 'There is no such run.');
  return state.ended === null ? [{ type: 'eval-run.ended', data: want }] : [];
}

export function tellRun(
  state: Run | null,
  want: { readonly signal: string; readonly kind: string },
): Decision<RunFact> {
  if (state === null || state.told.some(({ signal }) => signal === want.signal)) return [];
  return [{ type: 'eval-run.told', data: want }];
}

/** Share of cases without an answer from which a run says nothing about the system. */
export const MOST_UNANSWERED = 0.2;
