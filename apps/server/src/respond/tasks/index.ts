import type { Playbook } from '@firebreak/contract/prepare/playbooks';
import { tasks as doors } from '@firebreak/contract/respond/tasks';
import { isRefusal, type Recorded, refuse } from '@firebreak/core/kernel';
import type { SystemType } from '@firebreak/core/prepare/inventory';
import { foldIncident, heldArchetype, type Incident } from '@firebreak/core/respond/incidents';
import { deadlinesOf, foldRoom, guideAt, openPlaybook, type PlaybookOpened } from '@firebreak/core/respond/war-room';
import { findCandidate } from '../../detect/candidates/index.ts';
import {
  act,
  type Deps,
  firebreakItself,
  type JobHandler,
  loadOfIncident,
  route,
  type Slice,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { playbookFor, readPlaybook } from '../../prepare/playbooks/index.ts';
import { findIncident, listIncidents } from '../incidents/index.ts';

const MOST_FACTS = 20_000;
const MOST_INCIDENTS = 25;
const unknown = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);

interface Found {
  readonly stream: string;
  readonly incident: Incident;
  readonly facts: readonly Recorded[];
}

async function find(deps: Deps, named: string): Promise<Found | null> {
  const stream = await findIncident(deps.db, named);
  if (stream === null) return null;
  const facts = await loadOfIncident(deps.db, stream, 0, MOST_FACTS);
  const incident = foldIncident(facts);
  return incident && { stream, incident, facts };
}

/** The type of the first system of the incident that is registered. */
async function systemTypeOf(deps: Deps, { systems }: Incident): Promise<SystemType | null> {
  for (const key of systems.slice(0, 10)) {
    const system = await readSystem(deps.db, key);
    if (!isRefusal(system)) return system.type;
  }
  return null;
}

const opened = ({ key, version, own, edition, content }: Playbook, because: string): PlaybookOpened => ({
  ...content,
  key,
  version: own ? String(version) : String(edition),
  because,
});

/** Whether Firebreak opened the playbook by itself, and nobody has done anything by it yet. */
const isUntouched = (facts: readonly Recorded[]): boolean =>
  facts.findLast(({ type }) => type === 'playbook.opened')?.by.kind === 'system' &&
  !facts.some(({ type }) => type === 'step.ticked');

/**
 * An incident follows the playbook of its archetype, as called or as the candidate says, unless it follows one already. A system
 * named late may be of a type with a playbook of its own: that one takes the place of one nobody has touched.
 */
const openByItself: JobHandler = {
  async outside({ incident: id, named }: { readonly incident: string; readonly named?: true }, deps) {
    const found = await find(deps, id);
    // A near miss has nothing to contain; it follows one when it turns out to have reached people.
    if (found === null || found.incident.kind !== 'normal') return;
    const { candidate, archetype: called } = found.incident;
    const seen = candidate === null ? null : ((await findCandidate(deps.db, candidate))?.archetype ?? null);
    const archetype = heldArchetype(found.incident, seen);
    const playbook = await playbookFor(deps.db, archetype, await systemTypeOf(deps, found.incident));
    if (playbook === null) return;
    const words = archetype?.replaceAll('-', ' ');
    const want = opened(playbook, called === null ? `The candidate looks like ${words}` : `It was called ${words}`);
    const done = await act(deps, {
      stream: found.stream,
      by: firebreakItself('playbooks'),
      may: 'room.write',
      fold: (facts) => ({ room: foldRoom(facts), untouched: isUntouched(facts) }),
      decide: ({ room, untouched }) =>
        room.playbook === null || (named && untouched && room.playbook.key !== want.key)
          ? openPlaybook(room, want)
          : [],
    });
    if (isRefusal(done)) throw new Error(`the playbook was refused: ${done.why}`);
  },
};

/** The steps of a playbook as tasks of an incident. */
export const tasks: Slice = {
  name: 'tasks',
  jobs: { 'playbook.open': openByItself },
  effectsOf({ type, stream, data }) {
    if (type === 'incident.systems-named')
      return [{ kind: 'playbook.open', payload: { incident: stream, named: true } }];
    return (type === 'incident.declared' && (typeof data.candidate === 'string' || data.archetype !== undefined)) ||
      (type === 'incident.refiled' && data.to === 'normal') ||
      type === 'archetype.called'
      ? [{ kind: 'playbook.open', payload: { incident: stream } }]
      : [];
  },
  personal: { 'playbook.opened': ['because'] },
  routes(app, deps) {
    route(app, doors.list, async ({ params }) => {
      const found = await find(deps, params.incident);
      if (found === null) return unknown(params.incident);
      const guide = guideAt(found.facts, found.incident.declaredAt, deps.now());
      const { playbook, minute, phase, steps } = guide;
      return {
        playbook: playbook && { key: playbook.key, name: playbook.name, version: playbook.version },
        minute,
        phase,
        tasks: steps.map((step) => ({ ...step, commands: [...step.commands] })),
        late: steps.filter((step) => step.late).length,
      };
    });

    route(app, doors.due, async () => {
      const open = await listIncidents(deps.db, {
        state: 'active',
        kind: 'any',
        limit: MOST_INCIDENTS,
        before: null,
      });
      const found = await Promise.all(open.slice(0, MOST_INCIDENTS).map(({ id }) => find(deps, id)));
      return {
        incidents: found.flatMap((it) => {
          if (it === null) return [];
          const { id, label, declaredAt } = it.incident;
          return [{ incident: id, label, ...deadlinesOf(guideAt(it.facts, declaredAt, deps.now()), declaredAt) }];
        }),
      };
    });

    route(app, doors.open, async ({ params, body, caller }) => {
      const found = await find(deps, params.incident);
      if (found === null) return unknown(params.incident);
      const { archetype } = body;
      const type = body.systemType ?? (await systemTypeOf(deps, found.incident));
      const playbook =
        body.playbook === undefined
          ? await playbookFor(deps.db, archetype ?? null, type)
          : await readPlaybook(deps.db, body.playbook);
      if (playbook === null)
        return refuse(
          'playbook.unknown',
          `No playbook is written for “${archetype}”. List the playbooks and name one.`,
        );
      if (isRefusal(playbook)) return playbook;
      const because = body.because ?? (archetype ? `It looks like ${archetype.replaceAll('-', ' ')}` : '');
      const done = await act(deps, {
        stream: found.stream,
        by: caller,
        may: 'room.write',
        fold: foldRoom,
        decide: (room) => openPlaybook(room, opened(playbook, because)),
      });
      return isRefusal(done) ? done : { facts: done.facts.map((fact) => ({ ...fact, incident: found.stream })) };
    });
  },
};
