import type { MetricWatchState } from '../../statistics/index.ts';
import { judgeLimit, LIMIT_START, type LimitState } from './judge-limit.ts';
import {
  BUDGET_START,
  type BudgetState,
  judgeBudget,
  judgeMean,
  judgeShape,
  MEAN_START,
  type MeanState,
  SHAPE_START,
  type ShapeState,
} from './judge-others.ts';
import { judgeRate, RATE_START, type RateState } from './judge-rate.ts';
import type { About, Judged, Step } from './judging.ts';
import type { Rule } from './rules.ts';

/** What a watch remembers between looks, by the kind of its rule; plain JSON. Of a season: what was learned, without the points. */
export type JudgeState = RateState | LimitState | MeanState | BudgetState | ShapeState | MetricWatchState | null;

/** A season is not believed before so many steps. */
const SEASON_STEPS = 100;

/**
 * Shows a rule more of its numbers, oldest first, each once. `state` null: it has seen nothing yet. A season rule is not
 * judged here: see `MetricWatch`.
 */
export function judge(rule: Rule, about: About, state: JudgeState, steps: readonly Step[]): Judged<JudgeState> {
  switch (rule.kind) {
    case 'rate':
      return judgeRate(rule, about, (state as RateState | null) ?? RATE_START, steps);
    case 'limit':
      return judgeLimit(rule, about, (state as LimitState | null) ?? LIMIT_START, steps);
    case 'mean':
      return judgeMean(rule, about, (state as MeanState | null) ?? MEAN_START, steps);
    case 'budget':
      return judgeBudget(rule, about, (state as BudgetState | null) ?? BUDGET_START, steps);
    case 'shape':
      return judgeShape(rule, about, (state as ShapeState | null) ?? SHAPE_START, steps);
    case 'season':
      return { state, events: [] };
  }
}

export interface Standing {
  /** `learning`: it does not know yet what is usual. */
  readonly state: 'learning' | 'watching' | 'alarming';
  /** What it takes for usual, or may not be passed; in the unit of the measure. */
  readonly usual: number | null;
  /** What it would be too much, where that is a number. */
  readonly limit: number | null;
  /** Observations it has learned from. */
  readonly learned: number;
  /** How it judges, where the rule leaves that open. */
  readonly method: string | null;
}

/** How a watch stands, in words and numbers a screen shows. */
export function standingOf(rule: Rule, state: JudgeState): Standing {
  const none = { usual: null, limit: null, learned: 0, method: null };
  if (rule.kind === 'season') {
    const learned = (state as MetricWatchState | null)?.seen ?? 0;
    return { ...none, state: learned < SEASON_STEPS ? 'learning' : 'watching', learned };
  }
  if (state === null) return { ...none, state: 'learning' };
  if (rule.kind === 'rate') {
    const { design, base, open } = state as RateState;
    const as = (p: number): number => (rule.side === 'up' ? p : 1 - p);
    return {
      state: open !== null ? 'alarming' : design === null ? 'learning' : 'watching',
      usual: design === null ? null : as(design.p0),
      limit: design === null ? null : as(design.p1),
      learned: Math.round(base?.n ?? 0),
      method: design?.method ?? null,
    };
  }
  if (rule.kind === 'limit') {
    const { steps, seen } = state as LimitState;
    return {
      ...none,
      state: steps.some(({ open }) => open !== null) ? 'alarming' : 'watching',
      limit: rule.steps[0]!.limit,
      learned: Math.round(seen),
    };
  }
  if (rule.kind === 'budget') {
    const { told, sum } = state as BudgetState;
    return { ...none, state: told ? 'alarming' : 'watching', usual: sum, limit: rule.limit };
  }
  if (rule.kind === 'mean') {
    const { open, h, n, mean } = state as MeanState;
    return {
      ...none,
      state: open !== null ? 'alarming' : h === null ? 'learning' : 'watching',
      usual: n > 0 ? mean : null,
      learned: n,
    };
  }
  const { open, seen, sketch, blocks } = state as ShapeState;
  const knows = sketch !== null || blocks.length > 0;
  return { ...none, state: open !== null ? 'alarming' : knows ? 'watching' : 'learning', learned: Math.round(seen) };
}
