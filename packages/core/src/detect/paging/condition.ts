import {
  type Actor,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { Signal } from '../signals/index.ts';

export type ConditionId = Id<'con'>;

/**
 * When signals begin to count for a page. `n-of-m`: seen in at least `n` of the last `m` windows of `minutes`. `rate`: more
 * than `over` within `minutes`. `warm-up`: the system was seen `observations` times, or for `days`.
 */
export type ConditionRule =
  | { readonly kind: 'n-of-m'; readonly n: number; readonly m: number; readonly minutes: number }
  | { readonly kind: 'rate'; readonly over: number; readonly minutes: number }
  | { readonly kind: 'warm-up'; readonly observations: number; readonly days: number };

export interface ConditionSaid {
  readonly system: string | null;
  readonly detector: string | null;
  /** What was observed, as signals call it. */
  readonly kind: string | null;
  readonly rule: ConditionRule;
  readonly reason: string;
}

export type ConditionFact =
  | Fact<'condition.set', { readonly condition: ConditionId } & ConditionSaid>
  | Fact<
      'condition.changed',
      { readonly condition: ConditionId; readonly rule: ConditionRule; readonly reason: string }
    >
  | Fact<'condition.removed', { readonly condition: ConditionId; readonly reason: string }>;
export const CONDITION_FACTS = [
  'condition.set',
  'condition.changed',
  'condition.removed',
] as const satisfies readonly ConditionFact['type'][];

export interface Condition extends ConditionSaid {
  readonly id: ConditionId;
  readonly setAt: Instant;
  readonly setBy: Actor;
  readonly removed: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

export const MOST_CONDITIONS = 200;
const LONGEST_MINUTES = 7 * 1_440;

export function foldCondition(facts: readonly Recorded[]): Condition | null {
  return ofTypes<ConditionFact>(facts, CONDITION_FACTS).reduce<Condition | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'condition.set') {
      const { condition: id, ...said } = fact.data;
      return { id, ...said, setAt: at, setBy: by, removed: null };
    }
    if (held === null) return null;
    return fact.type === 'condition.changed'
      ? { ...held, rule: fact.data.rule, reason: fact.data.reason, setAt: at, setBy: by }
      : { ...held, removed: { at, by, reason: fact.data.reason } };
  }, null);
}

function badRule(rule: ConditionRule) {
  const bad = (why: string) => refuse('condition.bad-rule', why, '/rule');
  if (rule.kind === 'warm-up') return null;
  if (rule.kind === 'n-of-m' && rule.n > rule.m) return bad(`${rule.n} of ${rule.m} can never be met.`);
  const span = rule.kind === 'n-of-m' ? rule.m * rule.minutes : rule.minutes;
  return span > LONGEST_MINUTES ? bad('A condition looks back seven days at most; choose shorter windows.') : null;
}

export function setCondition(
  state: Condition | null,
  want: { readonly condition: ConditionId } & ConditionSaid,
  beside: number,
): Decision<ConditionFact> {
  if (state !== null) return [];
  if (beside >= MOST_CONDITIONS)
    return refuse('condition.too-many', `There are ${MOST_CONDITIONS} conditions. Remove some of them first.`);
  if (want.system === null && want.detector === null && want.kind === null)
    return refuse('condition.matches-all', 'Say what it is about: a system, a detector or a kind of signal.');
  return badRule(want.rule) ?? [{ type: 'condition.set', data: want }];
}

const unknown = () =>
  refuse('condition.unknown', 'There is no such condition. List the conditions to see the ones there are.');

export function changeCondition(
  state: Condition | null,
  want: { readonly rule: ConditionRule; readonly reason: string },
): Decision<ConditionFact> {
  if (state === null || state.removed !== null) return unknown();
  return badRule(want.rule) ?? [{ type: 'condition.changed', data: { condition: state.id, ...want } }];
}

export function removeCondition(state: Condition | null, want: { readonly reason: string }): Decision<ConditionFact> {
  if (state === null) return unknown();
  return state.removed !== null ? [] : [{ type: 'condition.removed', data: { condition: state.id, ...want } }];
}

export const isUnder = (signal: Signal, it: Pick<ConditionSaid, 'system' | 'detector' | 'kind'>): boolean =>
  (it.system === null || it.system === signal.system) &&
  (it.detector === null || it.detector === signal.detector) &&
  (it.kind === null || it.kind === signal.kind);

/** How far a rule looks back, milliseconds. */
export const looksBackMs = (rule: ConditionRule): number =>
  rule.kind === 'warm-up' ? 0 : (rule.kind === 'n-of-m' ? rule.m : 1) * rule.minutes * 60_000;

/** `page only when seen in 3 of the last 5 windows of 10 min`. */
export function sayRule(rule: ConditionRule): string {
  switch (rule.kind) {
    case 'n-of-m':
      return `page only when seen in ${rule.n} of the last ${rule.m} windows of ${rule.minutes} min`;
    case 'rate':
      return `page only on more than ${rule.over} in ${rule.minutes} min`;
    case 'warm-up':
      return `page only after ${rule.observations} observations or ${rule.days} days`;
  }
}

/** What a rule is read against. */
export interface Seen {
  /** When matching signals of the system came in, in any order, as far back as the rule looks. */
  readonly times: readonly Instant[];
  /** Interactions seen of the system, and since when; null where nothing was ever seen. */
  readonly observed: { readonly count: number; readonly since: Instant } | null;
}

export interface ConditionReading {
  readonly condition: Condition;
  readonly met: boolean;
  /** Where it stands: `2 of the last 5 windows so far`. */
  readonly says: string;
}

export function readCondition(condition: Condition, { times, observed }: Seen, now: Instant): ConditionReading {
  const { rule } = condition;
  const ago = (at: Instant) => msBetween(at, now);
  switch (rule.kind) {
    case 'n-of-m': {
      const wide = rule.minutes * 60_000;
      const windows = new Set(
        times.map((at) => Math.floor(ago(at) / wide)).filter((window) => window >= 0 && window < rule.m),
      );
      return {
        condition,
        met: windows.size >= rule.n,
        says: `seen in ${windows.size} of the last ${rule.m} windows, ${rule.n} are asked for`,
      };
    }
    case 'rate': {
      const since = addMs(now, -rule.minutes * 60_000);
      const count = times.filter((at) => at > since && at <= now).length;
      return {
        condition,
        met: count > rule.over,
        says: `${count} in ${rule.minutes} min, more than ${rule.over} are asked for`,
      };
    }
    case 'warm-up': {
      const count = observed?.count ?? 0;
      const days = observed === null ? 0 : ago(observed.since) / 86_400_000;
      return {
        condition,
        met: count >= rule.observations || days >= rule.days,
        says: `warming up: ${count} of ${rule.observations} observations, ${Math.floor(days)} of ${rule.days} days`,
      };
    }
  }
}
