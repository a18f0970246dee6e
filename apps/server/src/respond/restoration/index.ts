import { createHash } from 'node:crypto';
import { restorations as doors, type Restoration as Row } from '@firebreak/contract/respond/restorations';
import { type Asked, type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type ContainmentFact, describeControl, type Hold } from '@firebreak/core/respond/containment';
import {
  approveRestoration,
  askRestoration,
  type Condition,
  conditionsFor,
  foldRestorations,
  haltRestoration,
  meetCondition,
  planText,
  type Restoration,
  type RestorationFact,
  type Restorations,
  withdrawRestoration,
} from '@firebreak/core/respond/restoration';
import { readSuite } from '../../detect/evals/index.ts';
import { type App, act, type Caller, type Deps, route, type Slice } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { holdById, loosening, orderAgain } from '../containment/index.ts';
import { mayAct } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { ofIncident, type RestorationRow, restorationBoard, underWay } from './board.ts';
import { look } from './watch.ts';

const LOOK_MS = 2_000;
const DEFAULT_WATCH_MINUTES = 60;

/** Names exactly the plan that somebody agrees to. */
const changeOf = (restoration: Restoration | undefined): string =>
  restoration === undefined ? '' : `sha256:${createHash('sha256').update(planText(restoration)).digest('hex')}`;

function shown(hold: Hold, restoration: Restoration): Row {
  const { plan, met, approved } = restoration;
  return {
    hold: hold.hold,
    label: `HLD-${hold.number}`,
    incident: hold.incident,
    system: hold.system,
    says: describeControl(hold.what),
    reason: restoration.reason,
    state: restoration.state,
    askedAt: restoration.askedAt,
    askedBy: restoration.askedBy,
    conditions: plan.conditions.map((condition, place) => {
      const it = met.find((each) => each.place === place);
      return { condition, met: it === undefined ? null : { at: it.at, by: it.by, note: it.note, run: it.run ?? null } };
    }),
    approvals: { needed: plan.approvals, given: approved.map(({ at, by, note }) => ({ at, by, note })) },
    change: changeOf(restoration),
    stages: [...plan.stages],
    step: restoration.step,
    steppedAt: restoration.steppedAt ?? null,
    nextAt: restoration.nextAt ?? null,
    watchMinutes: plan.watchMinutes,
    why: restoration.why ?? null,
    signal: restoration.signal ?? null,
    again: restoration.again ?? null,
  };
}

type Deed = (state: Restorations, asked: Asked) => Decision<RestorationFact | ContainmentFact>;

async function change(
  deps: Deps,
  by: Caller,
  may: 'containment.order' | 'containment.lift' | 'room.write',
  at: { readonly incident: string; readonly hold: string },
  decide: Deed,
): Promise<Row | Refusal> {
  const stream = await findIncident(deps.db, at.incident);
  if (stream === null) return refuse('incident.unknown', `There is no incident ${at.incident}.`);
  const done = await act(deps, { stream, by, may, fold: foldRestorations, decide });
  if (isRefusal(done)) return done;
  return shown(done.state.containment.holds.get(at.hold)!, done.state.restorations.get(at.hold)!);
}

async function rows(deps: Deps, found: readonly RestorationRow[]): Promise<Row[]> {
  const all = await Promise.all(
    found.map(async ({ data }) => {
      const hold = await holdById(deps.db, data.hold);
      return hold === null ? null : shown(hold, data);
    }),
  );
  return all.filter((each) => each !== null);
}

function routes(app: App, deps: Deps): void {
  route(app, doors.list, async ({ params }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return refuse('incident.unknown', `There is no incident ${params.incident}.`);
    return { restorations: await rows(deps, await ofIncident(deps.db, incident)) };
  });

  route(app, doors.waiting, async () => ({ restorations: await rows(deps, await underWay(deps.db)) }));

  route(app, doors.ask, async ({ params, body, caller }) => {
    const hold = await holdById(deps.db, params.hold);
    if (hold === null) return refuse('hold.unknown', 'There is no such hold.');
    const barred = await mayAct(deps, caller, { ...loosening(hold), act: 'ask' });
    if (barred !== null) return barred;
    const names = new Map<string, string>();
    for (const suite of [...(hold.gate?.suites ?? []), ...body.suites]) {
      const known = await readSuite(deps.db, suite);
      if (known === null && body.suites.includes(suite))
        return refuse('eval-suite.unknown', `There is no golden set or suite ${suite}.`, '/suites');
      names.set(suite, known?.name ?? suite);
    }
    const nameOf = (suite: string) => names.get(suite) ?? suite;
    const added: Condition[] = [
      ...body.checks.map((text) => ({ kind: 'check' as const, text })),
      ...body.suites.map((suite) => ({ kind: 'suite' as const, suite, name: nameOf(suite) })),
    ];
    const plan = {
      conditions: conditionsFor(hold.gate, added, nameOf),
      stages: body.stages,
      approvals: body.approvals ?? hold.gate?.approvals ?? 1,
      watchMinutes: body.watchMinutes ?? hold.gate?.watchMinutes ?? DEFAULT_WATCH_MINUTES,
    };
    return change(deps, caller, 'containment.order', params, (state, asked) =>
      askRestoration(state, { hold: params.hold, plan, reason: body.reason }, asked),
    );
  });

  route(app, doors.meet, async ({ params, body, caller }) =>
    change(deps, caller, 'room.write', params, (state, asked) =>
      meetCondition(state, { hold: params.hold, place: body.condition, note: body.note }, asked),
    ),
  );

  route(app, doors.approve, async ({ params, body, caller }) => {
    const hold = await holdById(deps.db, params.hold);
    const refused = hold && (await mayAct(deps, caller, loosening(hold)));
    if (refused) return refused;
    const behind = await personBehind(deps.db);
    return change(deps, caller, 'containment.lift', params, (state, asked) =>
      approveRestoration(
        state,
        {
          hold: params.hold,
          note: body.note,
          change: changeOf(state.restorations.get(params.hold)),
          seen: body.change,
        },
        asked,
        behind,
      ),
    );
  });

  route(app, doors.withdraw, async ({ params, body, caller }) =>
    change(deps, caller, 'containment.order', params, (state, asked) =>
      withdrawRestoration(state, { hold: params.hold, reason: body.reason }, asked),
    ),
  );

  route(app, doors.halt, async ({ params, body, caller }) => {
    const hold = await holdById(deps.db, params.hold);
    // Lifted already and still watched: the brake first.
    const watched =
      hold !== null && (await ofIncident(deps.db, hold.incident)).find(({ data }) => data.hold === hold.hold);
    const again =
      watched && watched.data.state === 'watched' ? await orderAgain(deps, caller, hold, body.reason) : undefined;
    if (isRefusal(again)) return again;
    return change(deps, caller, 'containment.order', params, (state, asked) =>
      haltRestoration(
        state,
        { hold: params.hold, reason: body.reason, ...(again === undefined ? {} : { again: again.hold }) },
        asked,
      ),
    );
  });
}

/** Restorations whose conditions are met and that wait for people. */
export async function restorationsWaiting(deps: Deps, incident: string | null): Promise<Row[]> {
  const found = incident === null ? await underWay(deps.db) : await ofIncident(deps.db, incident);
  return (await rows(deps, found)).filter(
    ({ state, conditions }) => state === 'asked' && conditions.every(({ met }) => met !== null),
  );
}

/** Letting go of holds that have conditions: who agrees, step by step, and back at once when it returns. */
export const restoration: Slice = {
  name: 'restoration',
  boards: [restorationBoard],
  routes,
  watches: [{ name: 'restorations', everyMs: LOOK_MS, look }],
};
