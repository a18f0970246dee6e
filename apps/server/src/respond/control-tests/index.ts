import { controlTests as doors, type ControlTest as TestRow } from '@firebreak/contract/respond/control-tests';
import { isRefusal, msBetween, refuse } from '@firebreak/core/kernel';
import { type DeclaredControl, describeControl, standingOf } from '@firebreak/core/respond/containment';
import { beginTest, type ControlTest, foldTest, isDue, type TestBegun } from '@firebreak/core/respond/control-tests';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  type App,
  act,
  type Caller,
  type Deps,
  enqueue,
  loadStream,
  route,
  type Slice,
  type Watch,
} from '../../platform/index.ts';
import { controlById, controlsInStock, liveSystems } from '../containment/index.ts';
import { findIncident } from '../incidents/index.ts';
import { controlTestBoard, findTest, lastBegun, listTests, runningTests } from './board.ts';
import { run, runAfter, testing } from './run.ts';

const PLANNED_EVERY_MS = 60_000;
/** So that a night does not test everything in one minute. */
const PLANNED_AT_ONCE = 5;
const FORGOTTEN_MS = 120_000;

const unknownControl = () => refuse('control.unknown', 'This system has no such control.');

async function begin(
  deps: Deps,
  by: Caller,
  { control, system, what, ...declared }: DeclaredControl,
  how: Pick<TestBegun, 'why' | 'incident'>,
) {
  const test = deps.mint('tst');
  const want: TestBegun = {
    test,
    hold: deps.mint('hld'),
    control,
    system,
    what,
    surfaces: standingOf(declared).plan.surfaces,
    ...how,
  };
  return act(deps, {
    stream: test,
    by,
    may: 'containment.order',
    fold: foldTest,
    given: async (tx) => {
      // The head of the log orders two who begin one at once.
      await tx.query('select seq from log_head for update');
      return (await runningTests(tx, system)).length > 0;
    },
    decide: (state, asked, running) => beginTest(state, want, running, asked),
  });
}

async function row(deps: Deps, test: ControlTest): Promise<TestRow> {
  const { control, system, what, why, incident = null, begunAt, begunBy, ended } = test;
  const name = (await controlById(deps.db, control))?.data.name ?? '';
  const of = { test: test.test, control, name, system, says: describeControl(what), why, incident, begunAt, begunBy };
  return { ...of, ended };
}

function routes(app: App, deps: Deps): void {
  route(app, doors.begin, async ({ params, body, caller }) => {
    const found = await controlById(deps.db, params.control);
    if (found === null || found.data.retired || found.data.system !== params.system) return unknownControl();
    let how: Pick<TestBegun, 'why' | 'incident'> = { why: body.rehearsal ? 'rehearsal' : 'asked' };
    if (body.incident !== undefined) {
      const incident = await findIncident(deps.db, body.incident);
      const room = incident === null ? null : foldIncident(await loadStream(deps.db, incident));
      if (incident === null || room === null)
        return refuse('incident.unknown', `There is no incident ${body.incident}.`, '/incident');
      if (!room.drill)
        return refuse(
          'control-test.not-exercise',
          `${room.label} is in earnest: pull the control there, or test it on the page of its system.`,
          '/incident',
        );
      how = { why: 'rehearsal', incident };
    }
    const done = await begin(deps, caller, found.data, how);
    return isRefusal(done) ? done : { test: await row(deps, done.state!) };
  });

  route(app, doors.show, async ({ params }) => {
    const test = await findTest(deps.db, params.test);
    return test === null
      ? refuse('control-test.unknown', 'There is no such test. List them to see the ones there are.')
      : { test: await row(deps, test) };
  });

  route(app, doors.list, async ({ query }) => ({
    tests: await Promise.all((await listTests(deps.db, query)).map((test) => row(deps, test))),
  }));
}

/** Begins the tests that are planned, a few at a time, and takes up again those nobody looks after any more. */
const planned: Watch = {
  name: 'control-tests',
  everyMs: PLANNED_EVERY_MS,
  async look(deps) {
    const now = deps.now();
    const running = await runningTests(deps.db, null);
    const forgotten = running.filter(({ begunAt }) => msBetween(begunAt, now) > FORGOTTEN_MS);
    if (forgotten.length > 0) {
      await deps.db.transaction(async (tx) => {
        for (const { test } of forgotten)
          await enqueue(tx, deps, { kind: 'control-tests.run', payload: { test }, once: `control-tests:${test}` });
      });
      deps.wake();
    }
    // Where nothing lives a test would say nothing.
    const live = await liveSystems(deps);
    const last = await lastBegun(deps.db);
    const taken = new Set(running.map(({ system }) => system));
    let left = PLANNED_AT_ONCE;
    for (const control of await controlsInStock(deps.db)) {
      const { system, declaredAt } = control;
      if (left === 0) return;
      if (taken.has(system) || !(live.has(system) || live.has('*'))) continue;
      if (!isDue(standingOf(control).plan, last.get(control.control) ?? null, declaredAt, now)) continue;
      taken.add(system);
      left -= 1;
      const done = await begin(deps, testing, control, { why: 'planned' });
      if (isRefusal(done)) deps.log.warn({ control: control.control, why: done.why }, 'a planned test did not begin');
    }
  },
};

/** Controls that prove themselves: tested by plan or on demand, on every instance, touching nobody. */
export const controlTests: Slice = {
  name: 'control-tests',
  routes,
  boards: [controlTestBoard],
  watches: [planned],
  jobs: { 'control-tests.run': run },
  effectsOf: runAfter,
};

export { testsOf } from './board.ts';
