import { triagePack as doors } from '@firebreak/contract/respond/triage-pack';
import { isRefusal, msBetween, refuse } from '@firebreak/core/kernel';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { contextAssembled, foldContext } from '@firebreak/core/respond/triage-pack';
import { findCandidate, unknownCandidate } from '../../detect/candidates/index.ts';
import {
  act,
  type Deps,
  firebreakItself,
  type JobHandler,
  loadStream,
  route,
  type Slice,
} from '../../platform/index.ts';
import { findIncident } from '../incidents/index.ts';
import { type About, assemble } from './assemble.ts';

/** Everything about an incident: its own facts, and the candidate it was declared from. */
async function aboutIncident(deps: Deps, named: string): Promise<About | null> {
  const id = await findIncident(deps.db, named);
  const incident = id && foldIncident(await loadStream(deps.db, id));
  if (!incident) return null;
  return { incident, candidate: incident.candidate === null ? null : await findCandidate(deps.db, incident.candidate) };
}

interface Subject {
  readonly candidate?: string;
  readonly incident?: string;
}

/** Puts the first pack together, and records how long context took to be there. Doing it twice records it once. */
const firstPack: JobHandler = {
  async outside(subject: Subject, deps) {
    const candidate = subject.candidate === undefined ? null : await findCandidate(deps.db, subject.candidate);
    const about =
      subject.incident === undefined ? { candidate, incident: null } : await aboutIncident(deps, subject.incident);
    const stream = subject.incident ?? subject.candidate;
    const since = about?.incident?.declaredAt ?? about?.candidate?.openedAt;
    if (about === null || stream === undefined || since === undefined) return;
    const pack = await assemble(deps, about);
    const data = {
      afterMs: Math.max(0, msBetween(since, deps.now())),
      tookMs: pack.tookMs,
      suspects: pack.suspects.length,
      missing: pack.missing.length,
    };
    const done = await act(deps, {
      stream,
      by: firebreakItself('triage'),
      may: 'room.write',
      fold: foldContext,
      decide: (state) => contextAssembled(state, data),
    });
    if (isRefusal(done)) throw new Error(`the time to context was refused: ${done.why}`);
  },
};

/** The context of an event, put together by itself as soon as there is one, and anew whenever somebody looks. */
export const triagePack: Slice = {
  name: 'triage-pack',
  routes(app, deps) {
    route(app, doors.ofCandidate, async ({ params }) => {
      const candidate = await findCandidate(deps.db, params.candidate);
      return candidate === null ? unknownCandidate(params.candidate) : assemble(deps, { candidate, incident: null });
    });
    route(app, doors.ofIncident, async ({ params }) => {
      const about = await aboutIncident(deps, params.incident);
      return about === null
        ? refuse('incident.unknown', `There is no incident “${params.incident}”. Check the id or the label.`)
        : assemble(deps, about);
    });
  },
  jobs: { 'triage-pack.first': firstPack },
  effectsOf({ type, data }) {
    if (type === 'candidate.opened') return [{ kind: 'triage-pack.first', payload: { candidate: data.candidate } }];
    if (type === 'incident.declared' && data.candidate === null)
      return [{ kind: 'triage-pack.first', payload: { incident: data.incident } }];
    return [];
  },
};
