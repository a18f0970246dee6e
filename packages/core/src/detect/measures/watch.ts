import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { MeasureKind } from './measure.ts';
import { type Rule, ruleFault } from './rules.ts';

export type WatchId = Id<'wch'>;

export interface WatchDescription {
  readonly name: string;
  readonly rule: Rule;
  /** Null: all of the system. */
  readonly feature: string | null;
  /** Whether its alarm stands by itself (strong evidence), or only supports others (weak). */
  readonly pages: boolean;
}

export type WatchFact =
  | Fact<
      'watch.added',
      {
        readonly watch: WatchId;
        readonly system: string;
        readonly measure: string;
        readonly kind: MeasureKind;
        readonly usual: string | null;
      } & WatchDescription
    >
  | Fact<'watch.described', WatchDescription>
  | Fact<'watch.paused', { readonly reason: string }>
  | Fact<'watch.resumed', Record<string, never>>
  | Fact<'watch.removed', { readonly reason: string }>;

export const WATCH_FACTS = [
  'watch.added',
  'watch.described',
  'watch.paused',
  'watch.resumed',
  'watch.removed',
] as const satisfies readonly WatchFact['type'][];

export interface MeasureWatch extends WatchDescription {
  readonly id: WatchId;
  readonly system: string;
  readonly measure: string;
  readonly kind: MeasureKind;
  /** Which of the watches that appear by themselves it is; null: somebody made it. */
  readonly usual: string | null;
  readonly addedAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  readonly paused: string | null;
  readonly removed: string | null;
}

export function foldWatch(facts: readonly Recorded[]): MeasureWatch | null {
  return ofTypes<WatchFact>(facts, WATCH_FACTS).reduce<MeasureWatch | null>((watch, { type, data, at, by }) => {
    if (type === 'watch.added') {
      const { watch: id, ...said } = data;
      return { id, ...said, addedAt: at, changedAt: at, changedBy: by, paused: null, removed: null };
    }
    if (watch === null) return null;
    const changed = { ...watch, changedAt: at, changedBy: by };
    if (type === 'watch.described') return { ...changed, ...data };
    if (type === 'watch.paused') return { ...changed, paused: data.reason };
    if (type === 'watch.resumed') return { ...changed, paused: null };
    return { ...changed, removed: data.reason };
  }, null);
}

const unknown = () => refuse('watch.unknown', 'There is no such watch. List the watches to see the ones there are.');
const held = (state: MeasureWatch | null, decide: (watch: MeasureWatch) => Decision<WatchFact>): Decision<WatchFact> =>
  state === null || state.removed !== null ? unknown() : decide(state);

/** Adds a watch. One that is there, or that somebody removed, stays as it is: a usual watch does not come back by itself. */
export const addWatch = (
  state: MeasureWatch | null,
  want: Extract<WatchFact, { type: 'watch.added' }>['data'],
): Decision<WatchFact> =>
  state !== null ? [] : (ruleFault(want.rule, want.kind) ?? [{ type: 'watch.added', data: want }]);

export const describeWatch = (state: MeasureWatch | null, want: WatchDescription): Decision<WatchFact> =>
  held(state, ({ kind }) => ruleFault(want.rule, kind) ?? [{ type: 'watch.described', data: want }]);

export const pauseWatch = (state: MeasureWatch | null, want: { readonly reason: string }): Decision<WatchFact> =>
  held(state, ({ paused }) => (paused !== null ? [] : [{ type: 'watch.paused', data: want }]));

export const resumeWatch = (state: MeasureWatch | null): Decision<WatchFact> =>
  held(state, ({ paused }) => (paused === null ? [] : [{ type: 'watch.resumed', data: {} }]));

export const removeWatch = (state: MeasureWatch | null, want: { readonly reason: string }): Decision<WatchFact> =>
  state?.removed != null ? [] : held(state, () => [{ type: 'watch.removed', data: want }]);

export type BudgetFact = Fact<'alarm-budget.set', { readonly perWeek: number }>;
export const BUDGET_FACTS = ['alarm-budget.set'] as const satisfies readonly BudgetFact['type'][];
/** False pages a week a team puts up with until it says otherwise. */
const USUAL_PAGES_A_WEEK = 1;

export const foldBudget = (facts: readonly Recorded[]): number =>
  ofTypes<BudgetFact>(facts, BUDGET_FACTS).at(-1)?.data.perWeek ?? USUAL_PAGES_A_WEEK;

export const setBudget = (state: number, want: { readonly perWeek: number }): Decision<BudgetFact> =>
  state === want.perWeek ? [] : [{ type: 'alarm-budget.set', data: want }];
