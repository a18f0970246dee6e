import { fireDrills as doors } from '@firebreak/contract/detect/fire-drills';
import {
  type FireDrill,
  foldFireDrill,
  KNOWN_FAILURES,
  STALE_MS,
  startFireDrill,
  TARGET_MS,
} from '@firebreak/core/detect/fire-drills';
import { isRefusal, msBetween, refuse } from '@firebreak/core/kernel';
import { type App, act, type Deps, route, type Slice } from '../../platform/index.ts';
import { heldSystems, readSystem } from '../../prepare/inventory/index.ts';
import { findCandidate } from '../candidates/index.ts';
import { whyOf } from '../paging/index.ts';
import { findDrill, fireDrillBoard, lastDrills, listDrills, runningDrills, stagesNow } from './board.ts';
import { authenticate, sendThrough } from './door.ts';
import { follow, send, useApp } from './run.ts';

function routes(app: App, deps: Deps): void {
  useApp(deps, app);
  const row = async (drill: FireDrill) => {
    const now = await stagesNow(deps.db, drill);
    const candidate = drill.ended === null && now.candidate ? await findCandidate(deps.db, now.candidate) : null;
    return { ...drill, ...now, why: candidate === null ? null : (await whyOf(deps, candidate)).says };
  };
  route(app, doors.list, async ({ query }) => {
    const last = await lastDrills(deps.db);
    const now = deps.now();
    const systems = (await heldSystems(deps.db))
      .filter(({ key, retired }) => !retired && (query.system === undefined || query.system === key))
      .map(({ key, name }) => {
        const drill = last.get(key);
        const outcome = drill?.ended?.outcome ?? null;
        return {
          system: key,
          name,
          lastAt: drill?.startedAt ?? null,
          outcome,
          stale:
            drill === undefined ||
            msBetween(drill.startedAt, now) > STALE_MS ||
            (drill.ended !== null && outcome !== 'met'),
        };
      });
    return {
      drills: await Promise.all((await listDrills(deps.db, query.system ?? null)).map(row)),
      systems,
      failures: KNOWN_FAILURES.map(({ sends, ...it }) => ({ ...it, messages: sends.length })),
      targetMs: TARGET_MS,
    };
  });
  route(app, doors.show, async ({ params }) => {
    const drill = await findDrill(deps.db, params.drill);
    return drill === null
      ? refuse('fire-drill.unknown', 'There is no such fire drill. List them to see the ones there are.')
      : row(drill);
  });
  route(app, doors.run, async ({ body, caller }) => {
    const system = await readSystem(deps.db, body.system);
    if (isRefusal(system)) return { ...system, pointer: '/system' };
    const drill = deps.mint('fdr');
    const running = (await runningDrills(deps.db)).some((each) => each.system === body.system);
    const done = await act(deps, {
      stream: drill,
      by: caller,
      may: 'candidate.judge',
      fold: foldFireDrill,
      decide: (state) => startFireDrill(state, { drill, ...body }, running),
    });
    return isRefusal(done) ? done : row(done.state!);
  });
  route(app, doors.simulate, async ({ body: { mark, ...said } }) => {
    const system = await readSystem(deps.db, said.system);
    if (isRefusal(system)) return { ...system, pointer: '/system' };
    const marked = mark ?? (`simulated:${deps.mint('sim')}` as const);
    const taken = await sendThrough(app, deps, {
      door: 'signals',
      body: { ...said, id: `${marked}/${deps.mint('raw').slice(4)}` },
    });
    const [id] = taken.ids;
    if (taken.status >= 300 || typeof id !== 'string')
      return refuse('simulation.not-taken', `The intake answered ${taken.status}. ${taken.says}`);
    return { mark: marked, signal: id };
  });
}

/** Known failures sent through the real path, to see whether, and how soon, somebody is told. */
export const fireDrills: Slice = {
  name: 'fire-drills',
  routes,
  boards: [fireDrillBoard],
  authenticate,
  watches: [follow],
  jobs: { 'fire-drill.send': send },
  effectsOf: ({ type, data }) =>
    type === 'fire-drill.started' ? [{ kind: 'fire-drill.send', payload: { drill: data.drill } }] : [],
};
