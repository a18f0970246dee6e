import { containment as doors } from '@firebreak/contract/respond/containment';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  adoptHold,
  declareControl,
  extendHold,
  foldContainment,
  foldControls,
  type Hold,
  liftHold,
  planControl,
  retireControl,
  sayGone,
  settledAt,
  withdrawPull,
} from '@firebreak/core/respond/containment';
import { type App, act, type Caller, type Deps, loadOfIncident, route } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { mayAct } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { controlById, controlsOf, holdById, holdsWanted } from './boards.ts';
import type { Parts } from './canary.ts';
import { aimedAt, changeHold, expiryOf, loosening, order } from './orders.ts';
import { previewOf } from './preview.ts';
import type { Proving } from './proving.ts';
import { pullsOf } from './pull-board.ts';
import { approveAPull, askForPull } from './pulls.ts';
import { counts, isLive, obeys } from './roster.ts';
import { contraryTo, underWay } from './traffic.ts';
import { acknowledgementsOf, controlRow, holdRows, pullRow, rosterRows, type TestsOf } from './views.ts';

type RouteParts = Parts & { readonly proving: Proving };

const HOLDS_OF_INCIDENT = 500;
const MOST_INSTANCES = 10_000;
/** Instances that records name and nobody has met. */
const ELSEWHERE = 50;

export function routes(app: App, deps: Deps, parts: RouteParts, testsOf: TestsOf): void {
  const { state, roster, proving } = parts;

  const systemOf = (name: string): { key: string; id: string } | Refusal => {
    const key = state.keyOf(name);
    return key === undefined
      ? refuse('system.unknown', `No system is registered as ${name}.`)
      : { key, id: state.systems.get(key)!.id };
  };
  const shown = async (hold: Hold | Refusal) => {
    if (isRefusal(hold)) return hold;
    return (await holdRows(deps, state, roster, proving, [hold]))[0]!;
  };
  const shownControl = async (control: string) => {
    const row = (await controlById(deps.db, control))!;
    return controlRow(row, (await testsOf(deps.db, row.data.system)).get(control), deps.now());
  };

  route(app, doors.listControls, async ({ params }) => {
    const system = systemOf(params.system);
    if (isRefusal(system)) return system;
    const tests = await testsOf(deps.db, system.key);
    const now = deps.now();
    const rows = await controlsOf(deps.db, system.key);
    return { controls: rows.map((row) => controlRow(row, tests.get(row.data.control), now)) };
  });

  route(app, doors.declareControl, async ({ params, body, caller }) => {
    const system = systemOf(params.system);
    if (isRefusal(system)) return system;
    const control = deps.mint('ctl');
    const done = await act(deps, {
      stream: system.id,
      by: caller,
      may: 'containment.declare',
      fold: foldControls,
      decide: (controls, asked) => declareControl(controls, { control, system: system.key, ...body }, asked),
    });
    if (isRefusal(done)) return done;
    const same = [...done.state.controls.values()].find(
      (each) => !each.retired && each.name.toLowerCase() === body.name.toLowerCase(),
    );
    return shownControl(same!.control);
  });

  route(app, doors.planControl, async ({ params, body, caller }) => {
    const system = systemOf(params.system);
    if (isRefusal(system)) return system;
    const done = await act(deps, {
      stream: system.id,
      by: caller,
      may: 'containment.declare',
      fold: foldControls,
      decide: (controls, asked) => planControl(controls, { control: params.control, standing: body }, asked),
    });
    return isRefusal(done) ? done : shownControl(params.control);
  });

  route(app, doors.retireControl, async ({ params, body, caller }) => {
    const system = systemOf(params.system);
    if (isRefusal(system)) return system;
    const done = await act(deps, {
      stream: system.id,
      by: caller,
      may: 'containment.declare',
      fold: foldControls,
      decide: (controls, asked) => retireControl(controls, { control: params.control, reason: body.reason }, asked),
    });
    return isRefusal(done) ? done : shownControl(params.control);
  });

  route(app, doors.preview, async ({ body }) => {
    const aimed = await aimedAt(deps, state, body);
    if (isRefusal(aimed)) return aimed;
    await roster.flush();
    return previewOf(deps, { state, roster }, aimed);
  });

  route(app, doors.order, async ({ params, body, caller }) =>
    shown(await order(deps, parts, caller, params.incident, body)),
  );

  route(app, doors.askPull, async ({ params, body, caller }) => {
    const pull = await askForPull(deps, parts, caller, params.incident, body);
    return isRefusal(pull) ? pull : pullRow(pull);
  });

  route(app, doors.approvePull, async ({ params, body, caller }) =>
    shown(await approveAPull(deps, parts, caller, params.incident, { pull: params.pull, ...body })),
  );

  route(app, doors.withdrawPull, async ({ params, body, caller }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return refuse('incident.unknown', `There is no incident ${params.incident}.`);
    const done = await act(deps, {
      stream: incident,
      by: caller,
      may: 'containment.order',
      fold: foldContainment,
      decide: (containment) => withdrawPull(containment, { pull: params.pull, reason: body.reason }),
    });
    return isRefusal(done) ? done : pullRow(done.state.pulls.get(params.pull)!);
  });

  route(app, doors.listPulls, async ({ params }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return refuse('incident.unknown', `There is no incident ${params.incident}.`);
    return { pulls: (await pullsOf(deps.db, incident)).map(pullRow) };
  });

  /** The rules of the hold's control, asked before its stream is locked. */
  const barred = async (caller: Caller, id: string, act: 'extend' | 'approve' | 'pull'): Promise<Refusal | null> => {
    const hold = await holdById(deps.db, id);
    return hold === null ? null : mayAct(deps, caller, { ...loosening(hold), act });
  };

  route(app, doors.adopt, async ({ params, body, caller }) => {
    const refused = await barred(caller, params.hold, 'pull');
    if (refused !== null) return refused;
    const behind = await personBehind(deps.db);
    return shown(
      await changeHold(deps, caller, 'containment.order', params.incident, params.hold, (containment, asked) =>
        adoptHold(containment, { hold: params.hold, note: body.note }, asked, behind),
      ),
    );
  });

  route(app, doors.sayGone, async ({ params, body, caller }) => {
    const refused = await barred(caller, params.hold, 'pull');
    if (refused !== null) return refused;
    const known = await holdById(deps.db, params.hold);
    if (known === null) return refuse('hold.unknown', 'There is no such hold.');
    if (roster.gone.has(body.instance)) return shown(known);
    const { instance, reason } = body;
    const lately = roster.lately();
    const found = (await roster.instances(known.system, MOST_INSTANCES)).find((each) => each.instance === instance);
    const awaited = found !== undefined && counts(found, lately);
    if (!awaited || (isLive(found, lately) && obeys(found, known, state)))
      return refuse('instance.not-awaited', `HLD-${known.number} does not wait for ${instance}.`, '/instance');
    const { system, host } = found;
    return shown(
      await changeHold(deps, caller, 'containment.order', params.incident, params.hold, (containment, asked) =>
        sayGone(containment, { hold: params.hold, system, instance, host, reason }, asked),
      ),
    );
  });

  route(app, doors.extend, async ({ params, body, caller }) => {
    const refused = await barred(caller, params.hold, 'extend');
    if (refused !== null) return refused;
    return shown(
      await changeHold(deps, caller, 'containment.order', params.incident, params.hold, (containment, asked) =>
        extendHold(
          containment,
          { hold: params.hold, reason: body.reason, expiry: expiryOf(body.expiry, asked.at) },
          asked,
        ),
      ),
    );
  });

  route(app, doors.lift, async ({ params, body, caller }) => {
    const refused = await barred(caller, params.hold, 'approve');
    if (refused !== null) return refused;
    const behind = await personBehind(deps.db);
    return shown(
      await changeHold(deps, caller, 'containment.lift', params.incident, params.hold, (containment, asked) =>
        liftHold(containment, { hold: params.hold, reason: body.reason }, asked, behind),
      ),
    );
  });

  route(app, doors.listHolds, async ({ query: { state: wanted, system, limit } }) => {
    await roster.flush();
    const holds = await holdsWanted(deps.db, { active: wanted === 'active', system, limit });
    return { holds: await holdRows(deps, state, roster, proving, holds) };
  });

  route(app, doors.listHoldsOfIncident, async ({ params }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return refuse('incident.unknown', `There is no incident ${params.incident}.`);
    await roster.flush();
    const holds = await holdsWanted(deps.db, { active: false, incident, limit: HOLDS_OF_INCIDENT });
    return { holds: await holdRows(deps, state, roster, proving, holds) };
  });

  route(app, doors.showHold, async ({ params }) => {
    const hold = await holdById(deps.db, params.hold);
    if (hold === null) return refuse('hold.unknown', 'There is no such hold.');
    await roster.flush();
    const [row] = await holdRows(deps, state, roster, proving, [hold]);
    const before = (await loadOfIncident(deps.db, hold.incident, hold.order - 2, 1))[0];
    const evidence =
      before?.type === 'evidence.preserved'
        ? before.data
        : before?.type === 'evidence.skipped'
          ? { skipped: String(before.data.reason) }
          : null;
    const figures = (await proving.inputs([hold])).get(hold.hold)!.traffic;
    const { records, asIntended, contrary, unnamed } = figures;
    const acknowledgements = await acknowledgementsOf(deps, state, roster, hold, figures.instances);
    const listed = new Set(acknowledgements.map(({ instance }) => instance));
    const elsewhere = figures.instances.filter(({ instance }) => !listed.has(instance)).slice(0, ELSEWHERE);
    return {
      ...row!,
      acknowledgements,
      contrary: await contraryTo(deps.db, hold.hold),
      traffic: {
        records,
        asIntended,
        contrary,
        since: settledAt(hold),
        unnamed,
        elsewhere,
        underWay: await underWay(deps.db, hold),
      },
      evidence,
    };
  });

  route(app, doors.roster, async ({ query }) => {
    await roster.flush();
    return { instances: await rosterRows(state, roster, query.system ?? null, query.limit) };
  });
}
