import {
  type Actor,
  type Decision,
  type Fact,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { CASE_LIMITS, caseFault, type EvalCase } from './case.ts';
import type { RunId, SuiteId, SuiteKind, TargetId } from './ids.ts';

export interface SuiteDescription {
  readonly name: string;
  readonly target: TargetId;
  readonly feature: string | null;
  readonly everyMinutes: number;
  /** Also runs when a version of the system changes. */
  readonly onChange: boolean;
  /** Share of cases whose loss is tolerated, 0 to 1. */
  readonly tolerated: number;
  /** Days that pass between false alarms, at least, on the average. */
  readonly alarmDays: number;
  /** A target that gives a second opinion on cases that ask for one; null: none. */
  readonly judge: TargetId | null;
  /** For probes: families of the shipped suite that are used. */
  readonly families: readonly string[];
  /** For probes: the word planted in the instructions of the system; empty: none is. */
  readonly canary: string;
}

export type SuiteFact =
  | Fact<
      'eval-suite.added',
      { readonly suite: SuiteId; readonly kind: SuiteKind; readonly system: string } & SuiteDescription
    >
  | Fact<'eval-suite.described', SuiteDescription>
  | Fact<'eval-suite.cases-kept', { readonly cases: readonly EvalCase[] }>
  | Fact<'eval-suite.cases-removed', { readonly ids: readonly string[] }>
  | Fact<'eval-suite.baseline-pinned', { readonly run: RunId | null }>
  | Fact<'eval-suite.paused', { readonly reason: string }>
  | Fact<'eval-suite.resumed', Record<string, never>>
  | Fact<'eval-suite.removed', { readonly reason: string }>;
export const SUITE_FACTS = [
  'eval-suite.added',
  'eval-suite.described',
  'eval-suite.cases-kept',
  'eval-suite.cases-removed',
  'eval-suite.baseline-pinned',
  'eval-suite.paused',
  'eval-suite.resumed',
  'eval-suite.removed',
] as const satisfies readonly SuiteFact['type'][];

export interface Suite extends SuiteDescription {
  readonly id: SuiteId;
  readonly kind: SuiteKind;
  readonly system: string;
  /** Raised by every change of the cases. */
  readonly version: number;
  readonly cases: readonly EvalCase[];
  readonly baseline: RunId | null;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  readonly paused: string | null;
  readonly removed: string | null;
}

export function foldSuite(facts: readonly Recorded[]): Suite | null {
  return ofTypes<SuiteFact>(facts, SUITE_FACTS).reduce<Suite | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'eval-suite.added') {
      const { suite: id, ...said } = fact.data;
      return {
        id,
        ...said,
        version: 0,
        cases: [],
        baseline: null,
        changedAt: at,
        changedBy: by,
        paused: null,
        removed: null,
      };
    }
    if (held === null) return null;
    const changed = { ...held, changedAt: at, changedBy: by };
    switch (fact.type) {
      case 'eval-suite.described':
        return { ...changed, ...fact.data };
      case 'eval-suite.cases-kept': {
        // Erased on request: what is left is that something was kept.
        const kept = fact.data.cases ?? [];
        const byId = new Map(held.cases.map((each) => [each.id, each]));
        for (const each of kept) byId.set(each.id, each);
        return { ...changed, version: held.version + 1, cases: [...byId.values()] };
      }
      case 'eval-suite.cases-removed': {
        const gone = new Set(fact.data.ids);
        return { ...changed, version: held.version + 1, cases: held.cases.filter(({ id }) => !gone.has(id)) };
      }
      case 'eval-suite.baseline-pinned':
        return { ...changed, baseline: fact.data.run };
      case 'eval-suite.paused':
        return { ...changed, paused: fact.data.reason };
      case 'eval-suite.resumed':
        return { ...changed, paused: null };
      default:
        return { ...changed, removed: fact.data.reason };
    }
  }, null);
}

export const SUITE_LIMITS = { suites: 100, leastMinutes: 15, mostMinutes: 10_080, leastCases: 1 } as const;

const unknown = () =>
  refuse('eval-suite.unknown', 'There is no such suite. List the suites to see the ones there are.');
const held = (state: Suite | null, decide: (suite: Suite) => Decision<SuiteFact>): Decision<SuiteFact> =>
  state === null || state.removed !== null ? unknown() : decide(state);

/** `nameTaken`: another suite of the system has this name. */
export function addSuite(
  state: Suite | null,
  want: { readonly suite: SuiteId; readonly kind: SuiteKind; readonly system: string } & SuiteDescription,
  given: { readonly beside: number; readonly nameTaken: boolean },
): Decision<SuiteFact> {
  if (state !== null) return [];
  if (given.beside >= SUITE_LIMITS.suites)
    return refuse('eval-suite.too-many', `There are ${SUITE_LIMITS.suites} suites already. Remove one first.`);
  if (given.nameTaken) return nameTaken();
  return [{ type: 'eval-suite.added', data: want }];
}
const nameTaken = () =>
  refuse(
    'eval-suite.name-taken',
    'Another suite of this system has this name. Choose another, or change that one.',
    '/name',
  );

export const describeSuite = (
  state: Suite | null,
  want: SuiteDescription,
  given: { readonly nameTaken: boolean },
): Decision<SuiteFact> =>
  held(state, () => (given.nameTaken ? nameTaken() : [{ type: 'eval-suite.described', data: want }]));

/** Adds cases, and changes those whose id is known. */
export const keepCases = (state: Suite | null, want: { readonly cases: readonly EvalCase[] }): Decision<SuiteFact> =>
  held(state, (suite) => {
    for (const [i, each] of want.cases.entries()) {
      const fault = caseFault(each, i);
      if (fault !== null) return fault;
    }
    const known = new Map(suite.cases.map((each) => [each.id, JSON.stringify(each)]));
    const byId = new Map(want.cases.map((each) => [each.id, each]));
    const fresh = [...byId.values()].filter((each) => known.get(each.id) !== JSON.stringify(each));
    const all = new Set([...known.keys(), ...byId.keys()]).size;
    if (all > CASE_LIMITS.cases)
      return refuse(
        'eval-suite.too-many-cases',
        `The suite would hold ${all} cases; ${CASE_LIMITS.cases} are the most. Make a second suite.`,
        '/cases',
      );
    return fresh.length === 0 ? [] : [{ type: 'eval-suite.cases-kept', data: { cases: fresh } }];
  });

export const removeCases = (state: Suite | null, want: { readonly ids: readonly string[] }): Decision<SuiteFact> =>
  held(state, ({ cases }) => {
    const known = new Set(cases.map(({ id }) => id));
    const ids = [...new Set(want.ids)].filter((id) => known.has(id));
    return ids.length === 0 ? [] : [{ type: 'eval-suite.cases-removed', data: { ids } }];
  });

/** `fits`: the run is a finished one of this suite. */
export const pinBaseline = (
  state: Suite | null,
  want: { readonly run: RunId | null },
  given: { readonly fits: boolean },
): Decision<SuiteFact> =>
  held(state, ({ baseline }) => {
    if (want.run !== null && !given.fits)
      return refuse(
        'eval-run.not-finished',
        'Only a finished run of this suite can be what others are compared with.',
        '/run',
      );
    return baseline === want.run ? [] : [{ type: 'eval-suite.baseline-pinned', data: want }];
  });
export const pauseSuite = (state: Suite | null, want: { readonly reason: string }): Decision<SuiteFact> =>
  held(state, ({ paused }) => (paused !== null ? [] : [{ type: 'eval-suite.paused', data: want }]));
export const resumeSuite = (state: Suite | null): Decision<SuiteFact> =>
  held(state, ({ paused }) => (paused === null ? [] : [{ type: 'eval-suite.resumed', data: {} }]));
export const removeSuite = (state: Suite | null, want: { readonly reason: string }): Decision<SuiteFact> =>
  state?.removed != null ? [] : held(state, () => [{ type: 'eval-suite.removed', data: want }]);
