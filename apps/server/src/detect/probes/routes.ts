import { probes as doors } from '@firebreak/contract/detect/probes';
import { addSuite, describeSuite, foldSuite } from '@firebreak/core/detect/evals';
import { FAMILIES, PROBES, techniqueName } from '@firebreak/core/detect/probes';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Deps, route } from '../../platform/index.ts';
import {
  firstDue,
  listSuites,
  readSuite,
  shownRuns,
  shownSuites,
  suitesBeside,
  targetsFit,
  unknownSuite,
} from '../evals/index.ts';
import { importReport } from './import-report.ts';

const ALL = FAMILIES.map(({ id }) => id);

function familiesIn(given: readonly string[] | undefined): readonly string[] | Refusal {
  if (given === undefined) return ALL;
  const strange = given.find((each) => !ALL.includes(each));
  return strange === undefined
    ? ALL.filter((each) => given.includes(each))
    : refuse('probe.unknown-family', `There is no family “${strange}”. Choose ${ALL.join(', ')}.`, '/families');
}

export function routes(app: App, deps: Deps): void {
  const answer = async (id: string) => {
    const suite = await readSuite(deps.db, id);
    return suite === null ? unknownSuite() : { suite: (await shownSuites(deps, [suite]))[0]! };
  };

  route(app, doors.catalogue, async () => ({
    families: FAMILIES.map(({ id, name, technique, owasp, judged }) => ({
      id,
      name,
      technique,
      techniqueName: techniqueName(technique),
      owasp,
      judged,
      probes: PROBES.filter(({ probe }) => probe!.family === id).length,
    })),
    probes: PROBES.map((each) => ({ ...each })),
  }));
  route(app, doors.list, async ({ query }) => ({
    suites: await shownSuites(deps, await listSuites(deps.db, 'probes', query.system ?? null)),
  }));
  route(app, doors.add, async ({ body, caller }) => {
    const families = familiesIn(body.families);
    if (isRefusal(families)) return families;
    const system = await targetsFit(deps, body, null);
    if (isRefusal(system)) return system;
    const suite = deps.mint('evs');
    const done = await act(deps, {
      stream: suite,
      by: caller,
      may: 'eval.edit',
      fold: foldSuite,
      given: (tx) => suitesBeside(tx, { id: suite, kind: 'probes', system, name: body.name }),
      decide: (state, _asked, given) => addSuite(state, { suite, kind: 'probes', system, ...body, families }, given),
    });
    if (isRefusal(done)) return done;
    await firstDue(deps, suite, body.everyMinutes);
    return answer(suite);
  });
  route(app, doors.describe, async ({ params, body, caller }) => {
    const held = await readSuite(deps.db, params.suite);
    if (held === null || held.kind !== 'probes') return unknownSuite();
    const families = familiesIn(body.families);
    if (isRefusal(families)) return families;
    const system = await targetsFit(deps, body, held.system);
    if (isRefusal(system)) return system;
    const done = await act(deps, {
      stream: params.suite,
      by: caller,
      may: 'eval.edit',
      fold: foldSuite,
      given: (tx) => suitesBeside(tx, { ...held, name: body.name }),
      decide: (state, _asked, given) => describeSuite(state, { ...body, families }, given),
    });
    return isRefusal(done) ? done : answer(params.suite);
  });
  route(app, doors.importReport, async ({ params, body, caller }) => {
    const done = await importReport(deps, params.suite, body, caller);
    if (isRefusal(done)) return done;
    return { run: (await shownRuns(deps.db, [done.run]))[0]!, again: done.again, notes: [...done.notes] };
  });
}
