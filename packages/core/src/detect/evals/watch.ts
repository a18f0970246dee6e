import { type Instant, msBetween } from '../../kernel/index.ts';
import { bernoulliCusum, bernoulliLimit, bernoulliRunLength, type Rates, wilson } from '../../statistics/index.ts';
import type { Compared } from './verdict.ts';

const DAY_MS = 86_400_000;
/** Before so many observations or days, the watch learns and alarms nobody. */
const LEAST_OBSERVATIONS = 200;
const LEAST_DAYS = 7;
/** From so many days on, the usual rate is measured instead of assumed. */
const MEASURED_DAYS = 14;
const ASSUMED = 0.02;
const FLOOR = 0.002;
const CEILING = 0.3;

/** What a watch remembers between the runs of one version. */
export interface WatchState {
  readonly sum: number;
  /** Since it began to watch, over every version: what the usual rate is measured from. */
  readonly since: Instant;
  readonly observations: number;
  readonly failures: number;
}

export interface WatchDesign extends Rates {
  readonly h: number;
  readonly observationsADay: number;
  /** Mean days between false alarms, and hours until a rise to p1 is noticed. */
  readonly falseAlarmDays: number;
  readonly noticedHours: number;
  readonly measured: boolean;
}

/** What is watched for, and what that costs in false alarms, in calendar time. */
export function designWatch(
  state: WatchState | null,
  now: Instant,
  settings: { readonly cases: number; readonly everyMinutes: number; readonly alarmDays: number },
): WatchDesign {
  const measured = state !== null && state.observations > 0 && msBetween(state.since, now) >= MEASURED_DAYS * DAY_MS;
  const usual = measured ? wilson(state.failures, state.observations).upper : ASSUMED;
  const p0 = Math.min(CEILING, Math.max(FLOOR, Math.round(usual * 1_000) / 1_000));
  const p1 = Math.min(0.9, Math.max(5 * p0, p0 + 0.05));
  const observationsADay = (settings.cases * 24 * 60) / settings.everyMinutes;
  const h = bernoulliLimit({ p0, p1 }, settings.alarmDays * Math.max(1, observationsADay));
  const perDay = Math.max(1, observationsADay);
  return {
    p0,
    p1,
    h,
    observationsADay,
    falseAlarmDays: bernoulliRunLength({ p0, p1 }, h, p0) / perDay,
    noticedHours: (bernoulliRunLength({ p0, p1 }, h, p1) / perDay) * 24,
    measured,
  };
}

export const freshWatch = (now: Instant): WatchState => ({ sum: 0, since: now, observations: 0, failures: 0 });

/**
 * One scheduled run beside the one before it of the same version. A case that already failed is not counted again until it
 * has recovered; what passed before counts once, as newly failing or not.
 */
export function watchRun(
  state: WatchState,
  design: WatchDesign,
  now: readonly Compared[],
  before: readonly Compared[],
  at: Instant,
): { readonly state: WatchState; readonly newlyFailing: readonly string[]; readonly alarm: boolean } {
  const passed = new Map(
    before.flatMap((it) => (it.state === 'passed' || it.state === 'flaky' ? [[it.id, it.digest] as const] : [])),
  );
  const watched = now.filter((it) => passed.get(it.id) === it.digest && it.state !== 'unanswered');
  const newlyFailing = watched.filter((it) => it.state === 'failed').map(({ id }) => id);
  const observations = state.observations + watched.length;
  const failures = state.failures + newlyFailing.length;
  const learning = observations < LEAST_OBSERVATIONS && msBetween(state.since, at) < LEAST_DAYS * DAY_MS;
  if (learning) return { state: { ...state, sum: 0, observations, failures }, newlyFailing, alarm: false };
  const risen = bernoulliCusum(state.sum, newlyFailing.length, watched.length, design);
  const alarm = risen >= design.h;
  const sum = alarm ? 0 : risen;
  return { state: { ...state, sum, observations, failures }, newlyFailing, alarm };
}
