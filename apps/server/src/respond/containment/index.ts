import { canonical } from '@firebreak/core/evidence';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type Control,
  type DeclaredControl,
  foldContainment,
  type Hold,
  KIND_NAMES,
  type KindName,
  pullsLapsing,
} from '@firebreak/core/respond/containment';
import type { Hearing } from '@firebreak/core/respond/control-tests';
import { act, type Caller, type Deps, firebreakItself, type Slice, type Sql } from '../../platform/index.ts';
import { allControls, controlBoard, controlsOf, holdBoard, holdsWanted } from './boards.ts';
import { CANARY_MS } from './canary.ts';
import { Confirmation } from './confirmation.ts';
import { contradictionAfter, contradictWith } from './contradict.ts';
import { ControlState } from './control-state.ts';
import { coverageRoutes } from './coverage-routes.ts';
import { escalateWith, escalationAfter, type Tell } from './escalate.ts';
import { FarTrials } from './far-trials.ts';
import { Gone, goneBoard } from './gone.ts';
import { guardRoutes } from './guard-routes.ts';
import { type Heard, hearingsOf } from './hearings.ts';
import { Hub } from './hub.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { order } from './orders.ts';
import { Proving } from './proving.ts';
import { incidentsWithLapse, pullBoard } from './pull-board.ts';
import { isLive, latelyAt, Roster } from './roster.ts';
import { routes } from './routes.ts';
import { tellWideWith, toldAfter } from './tell-wide.ts';
import type { TestsOf } from './views.ts';

const LOOK_MS = 1_000;
const TIDY_MS = 60_000;
const MOST_GUARDS = 20_000;

interface Parts {
  readonly state: ControlState;
  readonly roster: Roster;
  readonly gone: Gone;
  readonly confirmation: Confirmation;
  readonly proving: Proving;
  readonly hub: Hub;
  readonly far: FarTrials;
}
const open = new WeakMap<Deps, Parts>();

/** Controls, holds, and those who obey them: guards, gateways, OpenFeature clients. */
export const containmentWith = ({ testsOf, tell }: { readonly testsOf: TestsOf; readonly tell: Tell }): Slice => ({
  name: 'containment',
  boards: [holdBoard, controlBoard, pullBoard, goneBoard],
  jobs: {
    'containment.escalate': escalateWith(tell),
    'containment.contradict': contradictWith(tell),
    'containment.tell-wide': tellWideWith(tell),
  },
  effectsOf: (fact) => [...escalationAfter(fact), ...contradictionAfter(fact), ...toldAfter(fact)],
  async routes(app, deps) {
    const state = await ControlState.open(deps);
    const gone = await Gone.open(deps);
    const roster = new Roster(deps, gone);
    await roster.open();
    const proving: Proving = new Proving(deps, state, roster, () => hub);
    const confirmation = new Confirmation(deps, state, roster, proving);
    await confirmation.open();
    const hub: Hub = new Hub(deps, state, roster, confirmation);
    const far = new FarTrials(deps, roster, hub, CANARY_MS);
    await far.open();
    const parts = { state, roster, gone, confirmation, proving, hub, far };
    routes(app, deps, parts, testsOf);
    coverageRoutes(app, deps, roster, testsOf);
    guardRoutes(app, deps, parts);
    await ofrepRoutes(app, deps, state, proving);
    hub.listenOn(app);
    app.addHook('onClose', () => roster.stop());
    open.set(deps, parts);
  },
  watches: [
    {
      name: 'containment',
      everyMs: LOOK_MS,
      look: async (deps) => {
        const parts = open.get(deps);
        await parts?.gone.look();
        await parts?.confirmation.look();
        await parts?.proving.look();
      },
    },
    { name: 'pulls', everyMs: LOOK_MS, look: lapsePulls },
    { name: 'guard roster', everyMs: TIDY_MS, look: async (deps) => open.get(deps)?.roster.tidy() },
  ],
});

export { callsAfterStops, watchHolds } from './traffic.ts';
export type { TestsOf } from './views.ts';

/** What each instance of a guard has let through since it started; a gateway of several systems records by itself. */
export async function letThrough(
  deps: Deps,
): Promise<{ readonly system: string; readonly instance: string; readonly through: number }[]> {
  // What was said a moment ago may not be written yet, and belongs to the time before this look.
  await open.get(deps)?.roster.flush();
  const { rows } = await deps.db.query<{ system: string; instance: string; through: string }>(
    `select system, instance, checks - refused as through from guard_instance where system <> '*' order by system, last_seen_at desc limit ${MOST_GUARDS}`,
  );
  return rows.map((row) => ({ ...row, through: Number(row.through) }));
}

export { loosening } from './orders.ts';
export { pullsWaiting } from './pull-board.ts';
export { pullWanted } from './pulls.ts';

/** Pulls that nobody agreed to in time. */
async function lapsePulls(deps: Deps): Promise<void> {
  for (const stream of await incidentsWithLapse(deps.db, deps.now()))
    await act(deps, {
      stream,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: pullsLapsing,
    });
}

export { controlById, controlsOf, holdById, holdsToAdopt, revocationsOf, systemsHeld } from './boards.ts';
export { systemsWithStop, wiredControls } from './coverage-routes.ts';

/** Live instances of a system that would obey an order now, and the kinds of control that none of them knows. */
export async function obeyingNow(
  deps: Deps,
  system: string,
): Promise<{ readonly obeying: number; readonly unknownKinds: readonly KindName[] }> {
  const roster = open.get(deps)?.roster;
  await roster?.flush();
  const lately = roster?.lately() ?? latelyAt(deps.now());
  const all = (await roster?.instances(system, MOST_GUARDS)) ?? [];
  const live = all.filter((each) => each.nack === null && isLive(each, lately));
  const unknownKinds =
    live.length === 0 ? [] : KIND_NAMES.filter((kind) => live.every(({ kinds }) => kinds?.includes(kind) === false));
  return { obeying: live.length, unknownKinds };
}

const MOST_HOLDS = 500;

/** Declared controls that a hold pulls: the one it names, or, where it was ordered by hand, those that do the same. */
export async function controlsPulledBy(sql: Sql, hold: Hold): Promise<string[]> {
  if (hold.control !== undefined) return [hold.control];
  const wanted = canonical(hold.what);
  return (await controlsOf(sql, hold.system))
    .filter(({ data }) => canonical(data.what) === wanted)
    .map(({ data }) => data.control);
}

/** Holds in force on a system, newest first. */
export const holdsInForce = (sql: Sql, system: string): Promise<Hold[]> =>
  holdsWanted(sql, { active: true, system, limit: MOST_HOLDS });

/** Controls that are not retired, of all systems. */
export const controlsInStock = async (sql: Sql): Promise<DeclaredControl[]> =>
  (await allControls(sql, null)).map(({ data }) => data);

/** Systems with a live instance; `*` stands for a gateway of all of them. */
export async function liveSystems(deps: Deps): Promise<ReadonlySet<string>> {
  const roster = open.get(deps)?.roster;
  const now = roster?.lately() ?? latelyAt(deps.now());
  const instances = (await roster?.instances(null, MOST_GUARDS)) ?? [];
  return new Set(instances.filter((each) => isLive(each, now)).map(({ system }) => system));
}

/** What instances have said so far about a test of a control. */
export async function hearings(deps: Deps, of: Heard): Promise<Hearing[]> {
  const parts = open.get(deps);
  return parts === undefined ? [] : hearingsOf(deps, parts, of);
}

/** The state of control as other slices read it, and what signs for those who obey. */
export function guardSigner(
  deps: Deps,
): Pick<ControlState, 'sign' | 'generation' | 'keyId' | 'systems' | 'keyOf' | 'snapshot' | 'onCapsules'> {
  const parts = open.get(deps);
  if (parts === undefined) throw new Error('the state of control is not open yet');
  return parts.state;
}

/** Orders in an incident what holds already by a capsule. */
export async function orderHeld(
  deps: Deps,
  by: Caller,
  incident: string,
  want: { readonly system: string; readonly what: Control; readonly reason: string },
): Promise<Hold | Refusal> {
  const parts = open.get(deps);
  if (parts === undefined) return refuse('server.busy', 'The server is about to start. Try again in a moment.');
  return order(deps, parts, by, incident, { ...want, again: true, force: true });
}

/** Pulls a declared control before anybody looks: it ends after a quarter of an hour unless a person adopts it. */
export async function orderByTripwire(
  deps: Deps,
  by: Caller,
  incident: string,
  want: { readonly system: string; readonly control: `ctl_${string}`; readonly reason: string },
): Promise<Hold | Refusal> {
  const parts = open.get(deps);
  if (parts === undefined) return refuse('server.busy', 'The server is about to start. Try again in a moment.');
  return order(deps, parts, by, incident, { ...want, automatic: true });
}

/** Orders once more what a hold that ended did; given back as it is where that is in force already. */
export async function orderAgain(deps: Deps, by: Caller, hold: Hold, reason: string): Promise<Hold | Refusal> {
  const parts = open.get(deps);
  if (parts === undefined) return refuse('server.busy', 'The server is about to start. Try again in a moment.');
  const { system, control, what, gate } = hold;
  return order(deps, parts, by, hold.incident, {
    system,
    what,
    reason,
    ...(control === undefined ? {} : { control }),
    expiry: { mode: 'until-lifted' },
    gate,
    // It stood a moment ago: whoever puts it back must not wait to be asked.
    force: true,
    again: true,
  });
}
