import { type CapsuleFile, type CapsuleRow, capsules as doors } from '@firebreak/contract/respond/capsules';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  adoptCapsule,
  type CapsuleKept,
  capsuleOf,
  endCapsule,
  foldCapsules,
  makeCapsule,
  noteApplied,
} from '@firebreak/core/respond/capsules';
import { type Control, describeControl, widthOf } from '@firebreak/core/respond/containment';
import { act, type Deps, firebreakItself, route, type Slice } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { controlById, guardSigner, orderHeld } from '../containment/index.ts';
import { mayAct } from '../decision-rights/index.ts';
import { findIncident } from '../incidents/index.ts';
import { capsuleBoard, capsuleById, capsulesWanted } from './board.ts';

const MOST_REMEMBERED = 10_000;

const shown = ({
  capsule,
  system,
  name,
  what,
  until,
  state,
  madeAt,
  madeBy,
  applied,
  ended,
}: CapsuleKept): CapsuleRow => ({
  capsule,
  system,
  name,
  says: what.map((each) => describeControl(each)),
  until,
  state,
  madeAt,
  madeBy,
  applied: [...applied],
  ended:
    ended === undefined
      ? null
      : { at: ended.at, by: ended.by, reason: ended.reason, incident: ended.adopted?.incident ?? null },
});

function fileOf(deps: Deps, capsule: CapsuleKept): CapsuleFile {
  const says = capsule.what.map((each) => describeControl(each)).join('; ');
  const about = `Firebreak capsule for ${capsule.system}: ${says}. Apply with: firebreak capsule apply FILE --state STATE-FILE, until ${capsule.until}.`;
  return { ...guardSigner(deps).sign(capsuleOf(capsule)), about };
}

/** Records, once for each instance, that it obeys a capsule which somebody applied by hand. */
function record(deps: Deps): void {
  const known = new Set<string>();
  guardSigner(deps).onCapsules(({ instance, host, capsules }) => {
    for (const id of capsules) {
      const name = `${id} ${instance}`;
      if (known.has(name)) continue;
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.add(name);
      note(deps, id, instance, host).catch((error) => {
        known.delete(name);
        deps.log.warn({ capsule: id, instance, err: error }, 'that a capsule was applied could not be recorded');
      });
    }
  });
}

async function note(deps: Deps, id: string, instance: string, host: string): Promise<void> {
  const capsule = await capsuleById(deps.db, id);
  const stream = capsule && guardSigner(deps).systems.get(capsule.system)?.id;
  if (!capsule || !stream) {
    deps.log.warn({ capsule: id, instance }, 'an instance obeys a capsule that is not known here');
    return;
  }
  await act(deps, {
    stream,
    by: firebreakItself('guards'),
    may: 'containment.order',
    fold: foldCapsules,
    decide: (state) => noteApplied(state, { capsule: capsule.capsule, system: capsule.system, instance, host }),
  });
}

/** Holds signed ahead of time, for when there is no server. */
export const capsules: Slice = {
  name: 'capsules',
  boards: [capsuleBoard],
  routes(app, deps) {
    record(deps);
    const systemOf = async (name: string): Promise<{ key: string; id: string } | Refusal> => {
      const found = await readSystem(deps.db, name);
      return isRefusal(found) ? found : { key: found.key, id: found.id };
    };
    const known = async (system: { key: string }, id: string): Promise<CapsuleKept | Refusal> => {
      const capsule = await capsuleById(deps.db, id);
      return capsule?.system === system.key
        ? capsule
        : refuse('capsule.unknown', 'This system has no such capsule. List those there are.');
    };
    /** All of it counts as wide where any part does. */
    const widest = (what: readonly Control[]) =>
      what.some((each) => widthOf(each) === 'wide') ? ('wide' as const) : ('narrow' as const);

    route(app, doors.list, async ({ params }) => {
      const system = await systemOf(params.system);
      return isRefusal(system) ? system : { capsules: (await capsulesWanted(deps.db, system.key)).map(shown) };
    });

    route(app, doors.applied, async () => ({ capsules: (await capsulesWanted(deps.db, null)).map(shown) }));

    route(app, doors.make, async ({ params, body, caller }) => {
      const system = await systemOf(params.system);
      if (isRefusal(system)) return system;
      const what: Control[] = [];
      for (const id of body.controls) {
        const control = await controlById(deps.db, id);
        if (control === null || control.data.retired || control.data.system !== system.key)
          return refuse('control.unknown', 'This system has no such control. List those there are.', '/controls');
        what.push(control.data.what);
      }
      const capsule = deps.mint('cap');
      const done = await act(deps, {
        stream: system.id,
        by: caller,
        may: 'containment.declare',
        fold: foldCapsules,
        decide: (state, asked) =>
          makeCapsule(
            state,
            { capsule, system: system.key, name: body.name, what: [...what, ...body.what], days: body.days },
            asked,
          ),
      });
      if (isRefusal(done)) return done;
      const made = done.state.get(capsule)!;
      return { capsule: shown(made), file: fileOf(deps, made) };
    });

    route(app, doors.file, async ({ params }) => {
      const system = await systemOf(params.system);
      if (isRefusal(system)) return system;
      const capsule = await known(system, params.capsule);
      if (isRefusal(capsule)) return capsule;
      return capsule.state === 'ended'
        ? refuse('capsule.over', 'This capsule has ended; guards would let go of it at once. Make another.')
        : fileOf(deps, capsule);
    });

    route(app, doors.adopt, async ({ params, body, caller }) => {
      const system = await systemOf(params.system);
      if (isRefusal(system)) return system;
      const capsule = await known(system, params.capsule);
      if (isRefusal(capsule)) return capsule;
      const incident = await findIncident(deps.db, body.incident);
      if (incident === null) return refuse('incident.unknown', `There is no incident ${body.incident}.`);
      // The real holds first: whatever dies in between, nothing is let go.
      const holds: `hld_${string}`[] = [];
      for (const what of capsule.state === 'ended' ? [] : capsule.what) {
        const hold = await orderHeld(deps, caller, incident, { system: system.key, what, reason: body.reason });
        if (isRefusal(hold)) return hold;
        holds.push(hold.hold);
      }
      const done = await act(deps, {
        stream: system.id,
        by: caller,
        may: 'containment.order',
        fold: foldCapsules,
        decide: (state) =>
          adoptCapsule(state, { capsule: params.capsule, reason: body.reason, adopted: { incident, holds } }),
      });
      return isRefusal(done) ? done : shown(done.state.get(params.capsule)!);
    });

    route(app, doors.end, async ({ params, body, caller }) => {
      const system = await systemOf(params.system);
      if (isRefusal(system)) return system;
      const capsule = await known(system, params.capsule);
      if (isRefusal(capsule)) return capsule;
      const since = capsule.applied[0]?.at;
      const wanted = { act: 'approve', system: system.key, width: widest(capsule.what), since } as const;
      const refused = await mayAct(deps, caller, wanted);
      if (refused !== null) return refused;
      const behind = await personBehind(deps.db);
      const done = await act(deps, {
        stream: system.id,
        by: caller,
        may: 'containment.lift',
        fold: foldCapsules,
        decide: (state, asked) => endCapsule(state, { capsule: params.capsule, reason: body.reason }, asked, behind),
      });
      return isRefusal(done) ? done : shown(done.state.get(params.capsule)!);
    });
  },
};
