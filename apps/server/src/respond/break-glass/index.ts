import { createHash } from 'node:crypto';
import { breakGlass as doors } from '@firebreak/contract/respond/break-glass';
import { canonical } from '@firebreak/core/evidence';
import { type Asked, type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  approveGlass,
  breakGlass as breakIt,
  endGlass,
  foldGlass,
  type GlassFact,
  type GlassRoom,
  glassDue,
} from '@firebreak/core/respond/break-glass';
import type { ContainmentFact } from '@firebreak/core/respond/containment';
import { act, type Caller, type Deps, firebreakItself, route, type Slice } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { holdById, loosening } from '../containment/index.ts';
import { mayAct } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { glassBoard, glassById, glassesWanted, incidentsDue } from './board.ts';
import { pageAll, pagesFor } from './page.ts';
import { glassRows, waitingFor } from './waiting.ts';

const LOOK_MS = 1_000;
type Deed = (state: GlassRoom, asked: Asked) => Decision<GlassFact | ContainmentFact>;

const unknownIncident = (named: string) => refuse('incident.unknown', `There is no incident ${named}.`);

async function change(
  deps: Deps,
  by: Caller,
  may: 'containment.order' | 'containment.lift' | 'containment.break-glass',
  at: { readonly incident: string; readonly glass: string },
  decide: Deed,
) {
  const stream = await findIncident(deps.db, at.incident);
  if (stream === null) return unknownIncident(at.incident);
  const done = await act(deps, { stream, by, may, fold: foldGlass, decide });
  if (isRefusal(done)) return done;
  return (await glassRows(deps, [done.state.glasses.get(at.glass)!]))[0]!;
}

/** Holds that come back by themselves, and approvals that are missing. */
async function look(deps: Deps): Promise<void> {
  for (const stream of await incidentsDue(deps.db, deps.now()))
    await act(deps, {
      stream,
      by: firebreakItself('break-glass'),
      may: 'containment.order',
      fold: foldGlass,
      decide: glassDue,
    });
}

/** One person lets a hold go alone for an hour, loudly; and what waits for another person. */
export const breakGlass: Slice = {
  name: 'break-glass',
  boards: [glassBoard],
  jobs: { 'break-glass.page': pageAll },
  effectsOf: pagesFor,
  watches: [{ name: 'break-glass', everyMs: LOOK_MS, look }],
  routes(app, deps) {
    const narrowed = async (named: string | undefined): Promise<string | null | Refusal> =>
      named === undefined ? null : ((await findIncident(deps.db, named)) ?? unknownIncident(named));

    route(app, doors.break, async ({ params, body, caller }) => {
      const hold = await holdById(deps.db, params.hold);
      const refused = hold && (await mayAct(deps, caller, { ...loosening(hold), act: 'break-glass' }));
      if (refused) return refused;
      const glass = deps.mint('gls');
      const said = { glass, hold: params.hold, reason: body.reason };
      const text = canonical({ incident: hold?.incident ?? '', ...said });
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      return change(deps, caller, 'containment.break-glass', { incident: params.incident, glass }, (state, asked) =>
        breakIt(state, { ...said, change: digest }, asked),
      );
    });

    route(app, doors.end, async ({ params, body, caller }) =>
      change(deps, caller, 'containment.order', params, (state) =>
        endGlass(state, { glass: params.glass, reason: body.reason }),
      ),
    );

    route(app, doors.approve, async ({ params, body, caller }) => {
      const glass = await glassById(deps.db, params.glass);
      const hold = glass && (await holdById(deps.db, glass.hold));
      const refused = hold && (await mayAct(deps, caller, loosening(hold)));
      if (refused) return refused;
      const behind = await personBehind(deps.db);
      return change(deps, caller, 'containment.lift', params, (state, asked) =>
        approveGlass(state, { glass: params.glass, change: body.change, note: body.note }, asked, behind),
      );
    });

    route(app, doors.list, async ({ query }) => {
      const incident = await narrowed(query.incident);
      if (isRefusal(incident)) return incident;
      return { glasses: await glassRows(deps, await glassesWanted(deps.db, incident)) };
    });

    route(app, doors.waiting, async ({ query, caller }) => {
      const incident = await narrowed(query.incident);
      return isRefusal(incident) ? incident : { items: await waitingFor(deps, caller, incident) };
    });
  },
};
