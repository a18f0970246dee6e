import { tripwires as doors, type Tripwire as Shown } from '@firebreak/contract/respond/tripwires';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import {
  armTripwire,
  foldTripwire,
  removeTripwire,
  sayCondition,
  setTripwire,
  type Tripwire,
  type TripwireId,
} from '@firebreak/core/respond/tripwires';
import { type App, act, type Deps, route, type Slice } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { controlById } from '../containment/index.ts';
import { labelsOf } from '../incidents/index.ts';
import { listTripwires, MOST_TRIPWIRES, tripwireBoard } from './board.ts';
import { pageAll, pagesFor } from './page.ts';
import { look } from './pull.ts';
import { follow, watching } from './watch.ts';

async function shown(deps: Deps, { removed: _, state, when, trip, ...held }: Tripwire): Promise<Shown> {
  const incident = trip?.incident ?? null;
  const label = incident === null ? null : ((await labelsOf(deps.db, [incident])).get(incident) ?? null);
  const control = (await controlById(deps.db, held.control))?.data;
  return {
    ...held,
    trip: trip === null ? null : { ...trip, label },
    state: state === 'tripped' ? 'tripped' : 'armed',
    when: { ...when, kinds: [...when.kinds] },
    says: sayCondition(when),
    controlName: control === undefined || control.retired ? null : control.name,
  };
}

function routes(app: App, deps: Deps): void {
  follow(deps);
  route(app, doors.list, async ({ query }) => {
    const held = await listTripwires(deps.db, query.system ?? null);
    return { tripwires: await Promise.all(held.map((each) => shown(deps, each))) };
  });
  route(app, doors.set, async ({ body, caller }) => {
    const system = await readSystem(deps.db, body.system);
    if (isRefusal(system)) return system;
    const control = (await controlById(deps.db, body.control))?.data;
    if (control === undefined || control.retired || control.system !== system.key)
      return refuse('control.unknown', `No such control is wired for ${system.key}. Wire it first.`, '/control');
    if ((await listTripwires(deps.db, null)).length >= MOST_TRIPWIRES)
      return refuse('tripwire.too-many', `At most ${MOST_TRIPWIRES} tripwires are kept. Remove one first.`);
    const tripwire = deps.mint('trw');
    const done = await act(deps, {
      stream: tripwire,
      by: caller,
      may: 'containment.declare',
      fold: foldTripwire,
      decide: (state) => setTripwire(state, { tripwire, ...body, system: system.key }),
    });
    return isRefusal(done) ? done : { tripwire: await shown(deps, done.state!) };
  });
  route(app, doors.arm, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.tripwire,
      by: caller,
      may: 'containment.declare',
      fold: foldTripwire,
      decide: (state) => armTripwire(state, body.reason),
    });
    return isRefusal(done) ? done : { tripwire: await shown(deps, done.state!) };
  });
  route(app, doors.remove, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.tripwire,
      by: caller,
      may: 'containment.declare',
      fold: foldTripwire,
      decide: (state) => removeTripwire(state, body.reason),
    });
    return isRefusal(done) ? done : { removed: params.tripwire as TripwireId };
  });
}

/** Rules that pull a control before anybody looks, within what people declared before. */
export const tripwires: Slice = {
  name: 'tripwires',
  boards: [tripwireBoard],
  routes,
  jobs: { 'tripwire.look': look, 'tripwire.page': pageAll },
  effectsOf: pagesFor,
  watches: [watching],
  personal: { 'tripwire.set': ['name', 'reason'], 'tripwire.armed': ['reason'], 'tripwire.removed': ['reason'] },
};
