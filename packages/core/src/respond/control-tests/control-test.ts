import {
  type Actor,
  type Asked,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
  toMs,
} from '../../kernel/index.ts';
import type { CheckedState, Control, InTest, SurfaceKind, TestPlan } from '../containment/index.ts';

export type ControlTestId = Id<'tst'>;

/** How an instance came out of a test. `late`: it did not say in time that it obeys. `cannot`: it is too old to be tested. */
export const INSTANCE_OUTCOMES = ['passed', 'not-effective', 'too-wide', 'fault', 'late', 'cannot'] as const;
export type InstanceOutcome = (typeof INSTANCE_OUTCOMES)[number];

export interface TestedInstance {
  readonly instance: string;
  readonly host: string;
  readonly surface: SurfaceKind;
  readonly outcome: InstanceOutcome;
  /** From the beginning to its acknowledgement, milliseconds. */
  readonly ackMs: number | null;
  /** To its own made-up request having met what it must. */
  readonly effectMs: number | null;
  readonly says: string;
}

/** `nobody`: nothing lived that could be tested, which proves nothing. */
export const TEST_OUTCOMES = ['passed', 'failed', 'nobody', 'broken-off'] as const;
export type TestOutcome = (typeof TEST_OUTCOMES)[number];

/** Instances named in a fact; those that did not pass first. */
const NAMED_INSTANCES = 200;

export interface TestEnded {
  readonly outcome: TestOutcome;
  readonly says: string;
  readonly instances: readonly TestedInstance[];
  readonly tested: number;
  readonly passed: number;
  /** Until the last that passed was effective, milliseconds; null: none was. */
  readonly effectMs: number | null;
}

export interface TestBegun {
  readonly test: ControlTestId;
  /** What stands in the snapshot while it runs. */
  readonly hold: Id<'hld'>;
  readonly control: Id<'ctl'>;
  readonly system: string;
  readonly what: Control;
  readonly surfaces: TestPlan['surfaces'];
  readonly why: 'asked' | 'planned' | 'rehearsal';
  /** The exercise it is a rehearsal in. */
  readonly incident?: string;
}

/** On a stream of its own. */
export type ControlTestFact =
  | Fact<'control-test.begun', TestBegun>
  | Fact<
      'control-test.ended',
      TestEnded & Pick<TestBegun, 'test' | 'hold' | 'control' | 'system' | 'what' | 'incident'>
    >;
export const CONTROL_TEST_FACTS = [
  'control-test.begun',
  'control-test.ended',
] as const satisfies ControlTestFact['type'][];

export interface ControlTest extends TestBegun {
  /** Log position of its beginning. */
  readonly order: number;
  readonly begunAt: Instant;
  readonly begunBy: Actor;
  readonly ended: (TestEnded & { readonly at: Instant }) | null;
}

export function stepTest(held: ControlTest | null, fact: Recorded<ControlTestFact>): ControlTest | null {
  if (fact.type === 'control-test.begun')
    return { ...fact.data, order: fact.seq, begunAt: fact.at, begunBy: fact.by, ended: null };
  if (held === null) return null;
  const { outcome, says, instances, tested, passed, effectMs } = fact.data;
  return { ...held, ended: { at: fact.at, outcome, says, instances, tested, passed, effectMs } };
}

export const foldTest = (facts: readonly Recorded[]): ControlTest | null =>
  ofTypes<ControlTestFact>(facts, CONTROL_TEST_FACTS).reduce<ControlTest | null>(stepTest, null);

/** What guards get for as long as a test runs: met by nothing but its own made-up requests. */
export function inTest({ test, what }: Pick<TestBegun, 'test' | 'what'>): InTest {
  return { kind: 'test', ...(what.feature === undefined ? {} : { feature: what.feature }), mark: test, of: what };
}

/** Refuses `control-test.running`; `running`: a test of the same system that has not ended. */
export function beginTest(
  state: ControlTest | null,
  want: TestBegun,
  running: boolean,
  _asked: Asked,
): Decision<ControlTestFact> {
  if (state !== null) return [];
  if (running)
    return refuse('control-test.running', 'A test of this system has not ended yet. It takes a few seconds.');
  return [{ type: 'control-test.begun', data: want }];
}

/** What one instance has said so far about a test. */
export interface Hearing {
  readonly instance: string;
  readonly host: string;
  readonly surface: SurfaceKind;
  readonly acknowledged: boolean;
  readonly ackMs: number | null;
  readonly unsupported: boolean;
  readonly checks: boolean;
  readonly checked: CheckedState | null;
  readonly checkedMs: number | null;
  readonly says: string;
}

function heardOf(each: Hearing): TestedInstance {
  const { instance, host, surface, ackMs } = each;
  const of = { instance, host, surface, ackMs, effectMs: null };
  if (each.unsupported || (!each.checks && each.checked === null))
    return { ...of, outcome: 'cannot', says: 'Its guard is older and cannot be tested: update it.' };
  if (!each.acknowledged) return { ...of, outcome: 'late', says: 'It did not say in time that it obeys.' };
  switch (each.checked) {
    case 'effective':
      return { ...of, outcome: 'passed', effectMs: each.checkedMs, says: 'Its made-up request met what it must.' };
    case 'not-effective':
      return { ...of, outcome: 'not-effective', says: 'It let the made-up request through.' };
    case 'too-wide':
      return { ...of, outcome: 'too-wide', says: 'It stopped a request that it should have let through.' };
    case 'fault':
      return { ...of, outcome: 'fault', says: `It could not judge: ${each.says || 'no reason given'}.` };
    case null:
      return { ...of, outcome: 'late', says: 'It obeys, and did not say in time what its made-up request met.' };
    default:
      return { ...of, outcome: 'cannot', says: 'No request can be made up that it must meet.' };
  }
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** What a test showed. Whoever cannot be tested counts neither way, and is named. Pure. */
export function outcomeOf(heard: readonly Hearing[]): TestEnded {
  const all = heard.map(heardOf);
  const able = all.filter(({ outcome }) => outcome !== 'cannot');
  const passed = able.filter(({ outcome }) => outcome === 'passed');
  const effectMs = passed.length === 0 ? null : Math.max(...passed.map((each) => each.effectMs ?? 0));
  const named = [...all.filter(({ outcome }) => outcome !== 'passed'), ...passed].slice(0, NAMED_INSTANCES);
  const figures = { instances: named, tested: able.length, passed: passed.length, effectMs };
  if (able.length === 0)
    return {
      ...figures,
      outcome: 'nobody',
      says:
        all.length === 0
          ? 'No guard or gateway of this system lives, so nothing was tested.'
          : `${count(all.length, 'instance')} live, and none can be tested.`,
    };
  if (passed.length < able.length)
    return {
      ...figures,
      outcome: 'failed',
      says: `${able.length - passed.length} of ${count(able.length, 'instance')} did not pass.`,
    };
  const rest = all.length - able.length;
  return {
    ...figures,
    outcome: 'passed',
    says: `${count(able.length, 'instance')} passed${rest === 0 ? '' : `; ${rest} cannot be tested`}.`,
  };
}

/** Whether everybody has said what there is to say. */
export const isComplete = (heard: readonly Hearing[]): boolean =>
  heard.every((each) => each.unsupported || !each.checks || (each.acknowledged && each.checked !== null));

export function endTest(state: ControlTest | null, ended: TestEnded, _asked: Asked): Decision<ControlTestFact> {
  if (state === null || state.ended !== null) return [];
  const { test, hold, control, system, what, incident } = state;
  const of = { test, hold, control, system, what, ...(incident === undefined ? {} : { incident }) };
  return [{ type: 'control-test.ended', data: { ...of, ...ended } }];
}

/** Why a control counts as ready, or does not. */
export const READINESS = ['ready', 'never-tested', 'stale', 'failed'] as const;
export interface Readiness {
  readonly state: (typeof READINESS)[number];
  /** When it last worked, in a test or in earnest; null: never. */
  readonly workedAt: Instant | null;
  readonly says: string;
}

/** After so long without having worked a control is not ready, whatever its plan: tests that are not made prove nothing. */
export function readinessOf(
  of: {
    readonly plan: Pick<TestPlan, 'everyDays'>;
    /** The last test that tested anything. */
    readonly last: { readonly at: Instant; readonly outcome: TestOutcome; readonly says: string } | null;
    /** When an order by it was last confirmed. */
    readonly confirmedAt: Instant | null;
    readonly passedAt: Instant | null;
  },
  now: Instant,
): Readiness {
  const { plan, last, confirmedAt, passedAt } = of;
  const worked =
    [confirmedAt, passedAt]
      .filter((at) => at !== null)
      .sort()
      .at(-1) ?? null;
  if (last !== null && last.outcome === 'failed' && (worked === null || worked < last.at))
    return { state: 'failed', workedAt: worked, says: `Its last test failed: ${last.says}` };
  if (worked === null) return { state: 'never-tested', workedAt: null, says: 'It was never tested, and never pulled.' };
  const days = Math.floor(msBetween(worked, now) / 86_400_000);
  if (addMs(worked, (plan.everyDays + 1) * 86_400_000) <= now)
    return { state: 'stale', workedAt: worked, says: `It last worked ${count(days, 'day')} ago.` };
  return {
    state: 'ready',
    workedAt: worked,
    says: days === 0 ? 'It worked within the last day.' : `It worked ${count(days, 'day')} ago.`,
  };
}

const HOUR_MS = 3_600_000;

/** Whether a planned test is due: in its quiet hour, or at any hour once it is a day late. */
export function isDue(plan: TestPlan, lastAt: Instant | null, declaredAt: Instant, now: Instant): boolean {
  const from = lastAt ?? addMs(declaredAt, -plan.everyDays * 86_400_000);
  const due = addMs(from, plan.everyDays * 86_400_000);
  if (now < due) return false;
  if (Math.floor(toMs(now) / HOUR_MS) % 24 === plan.quietHour) return true;
  return msBetween(due, now) > 24 * HOUR_MS;
}

/** Median and worst of what the last tests took, milliseconds; null where none has passed. */
export function timesToEffect(
  effects: readonly number[],
): { readonly medianMs: number; readonly worstMs: number; readonly tests: number } | null {
  if (effects.length === 0) return null;
  const sorted = [...effects].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const medianMs = sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { medianMs, worstMs: sorted.at(-1)!, tests: sorted.length };
}
