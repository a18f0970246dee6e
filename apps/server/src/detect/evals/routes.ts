import { evals as doors } from '@firebreak/contract/detect/evals';
import {
  addSuite,
  describeSuite,
  type EvalCase,
  foldSuite,
  keepCases,
  pauseSuite,
  pinBaseline,
  removeCases,
  removeSuite,
  resumeSuite,
  type Suite,
  type SuiteDescription,
  type SuiteFact,
} from '@firebreak/core/detect/evals';
import { type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Caller, type Deps, route } from '../../platform/index.ts';
import { readInteraction, storable } from '../signals/index.ts';
import { listSuites, readRun, readSuite, readTarget, suitesBeside } from './board.ts';
import { casesOf } from './cases.ts';
import { draftFrom } from './draft.ts';
import { firstDue } from './due.ts';
import { shownSuites } from './shown.ts';
import { unknownTarget } from './target-routes.ts';

export const unknownSuite = (): Refusal =>
  refuse('eval-suite.unknown', 'There is no such suite. List the suites to see the ones there are.');

/** A suite asks a target of its own system; one that judges may be anybody's. */
export async function targetsFit(
  deps: Deps,
  { target, judge }: Pick<SuiteDescription, 'target' | 'judge'>,
  system: string | null,
): Promise<string | Refusal> {
  const asked = await readTarget(deps.db, target);
  if (asked === null) return { ...unknownTarget(), pointer: '/target' };
  if (judge !== null && (await readTarget(deps.db, judge)) === null) return { ...unknownTarget(), pointer: '/judge' };
  if (system !== null && asked.system !== system)
    return refuse(
      'target.other-system',
      `${asked.name} belongs to ${asked.system}, and this suite guards ${system}. Make a suite for that system instead.`,
      '/target',
    );
  return asked.system;
}

const whole = (it: EvalCase): EvalCase =>
  JSON.parse(JSON.stringify(it), (_key, value) => (typeof value === 'string' ? storable(value) : value));

export function routes(app: App, deps: Deps): void {
  const answer = async (id: string) => {
    const suite = await readSuite(deps.db, id);
    return suite === null ? unknownSuite() : { suite: (await shownSuites(deps, [suite]))[0]! };
  };
  async function change(id: Suite['id'], by: Caller, decide: (state: Suite | null) => Decision<SuiteFact>) {
    const done = await act(deps, { stream: id, by, may: 'eval.edit', fold: foldSuite, decide });
    return isRefusal(done) ? done : answer(id);
  }

  route(app, doors.list, async ({ query }) => ({
    suites: await shownSuites(deps, await listSuites(deps.db, 'golden-set', query.system ?? null)),
  }));
  route(app, doors.add, async ({ body, caller }) => {
    const system = await targetsFit(deps, body, null);
    if (isRefusal(system)) return system;
    const suite = deps.mint('evs');
    const done = await act(deps, {
      stream: suite,
      by: caller,
      may: 'eval.edit',
      fold: foldSuite,
      given: (tx) => suitesBeside(tx, { id: suite, kind: 'golden-set', system, name: body.name }),
      decide: (state, _asked, given) =>
        addSuite(state, { suite, kind: 'golden-set', system, ...body, families: [], canary: '' }, given),
    });
    if (isRefusal(done)) return done;
    await firstDue(deps, suite, body.everyMinutes);
    return answer(suite);
  });
  route(app, doors.show, async ({ params }) => {
    const suite = await readSuite(deps.db, params.suite);
    if (suite === null) return unknownSuite();
    const cases = await casesOf(deps.db, suite);
    return { suite: (await shownSuites(deps, [suite]))[0]!, cases: cases.map((each) => ({ ...each })) };
  });
  route(app, doors.describe, async ({ params, body, caller }) => {
    const held = await readSuite(deps.db, params.suite);
    if (held === null || held.kind !== 'golden-set') return unknownSuite();
    const system = await targetsFit(deps, body, held.system);
    if (isRefusal(system)) return system;
    const done = await act(deps, {
      stream: params.suite,
      by: caller,
      may: 'eval.edit',
      fold: foldSuite,
      given: (tx) => suitesBeside(tx, { ...held, name: body.name }),
      decide: (state, _asked, given) => describeSuite(state, { ...body, families: [], canary: '' }, given),
    });
    return isRefusal(done) ? done : answer(params.suite);
  });
  route(app, doors.pause, ({ params, body, caller }) =>
    change(params.suite, caller, (state) => pauseSuite(state, body)),
  );
  route(app, doors.resume, ({ params, caller }) => change(params.suite, caller, resumeSuite));
  route(app, doors.remove, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.suite,
      by: caller,
      may: 'eval.edit',
      fold: foldSuite,
      decide: (state) => removeSuite(state, body),
    });
    return isRefusal(done) ? done : {};
  });
  route(app, doors.keepCases, ({ params, body, caller }) =>
    change(params.suite, caller, (state) => keepCases(state, { cases: body.cases.map(whole) })),
  );
  route(app, doors.removeCases, ({ params, body, caller }) =>
    change(params.suite, caller, (state) => removeCases(state, body)),
  );
  route(app, doors.pin, async ({ params, body, caller }) => {
    const run = body.run === null ? null : await readRun(deps.db, body.run);
    const fits = run !== null && run.suite === params.suite && run.ended?.outcome === 'finished';
    return change(params.suite, caller, (state) => pinBaseline(state, body, { fits }));
  });
  route(app, doors.draft, async ({ query }) => {
    const found = await readInteraction(deps.db, query.interaction);
    if (found === null)
      return refuse('interaction.unknown', `There is no interaction “${query.interaction}”, or it is no longer kept.`);
    const draft = draftFrom(found.interaction);
    return draft === null
      ? refuse(
          'interaction.no-content',
          'The question of this interaction was not captured, so nothing can be asked again.',
        )
      : draft;
  });
}
