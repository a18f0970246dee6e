import { recordLocks as doors } from '@firebreak/contract/respond/record-locks';
import { type Instant, isRefusal, refuse } from '@firebreak/core/kernel';
import {
  foldRecordLock,
  lockedUntil,
  type RecordLock,
  releaseRecordLock,
  stands,
} from '@firebreak/core/respond/record-locks';
import { act, route, type Slice } from '../../platform/index.ts';
import { findIncident } from '../incidents/index.ts';
import { lockEarlierIncidents, readLock, recordLockBoard, standingLocks } from './board.ts';

const MOST_LISTED = 200;

const unknown = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);

const shown = (lock: RecordLock, now: Instant) => ({
  ...lock,
  candidates: [...lock.candidates],
  records: [...lock.records],
  spans: lock.spans.map((span) => ({ ...span })),
  until: lockedUntil(lock),
  stands: stands(lock, now),
});

/** What an incident rests on is kept while it is open, and for a while after: no rule deletes it before. */
export const recordLocks: Slice = {
  name: 'record-locks',
  boards: [recordLockBoard],
  start: async (deps) => {
    await lockEarlierIncidents(deps);
    return undefined;
  },
  routes(app, deps) {
    route(app, doors.list, async () => {
      const locks = await standingLocks(deps.db, deps.now(), MOST_LISTED + 1);
      return {
        locks: locks.slice(0, MOST_LISTED).map((lock) => shown(lock, deps.now())),
        more: locks.length > MOST_LISTED,
      };
    });

    route(app, doors.read, async ({ params }) => {
      const incident = await findIncident(deps.db, params.incident);
      const lock = incident === null ? null : await readLock(deps.db, incident);
      return lock === null ? unknown(params.incident) : shown(lock, deps.now());
    });

    route(app, doors.release, async ({ params, body, caller }) => {
      const incident = await findIncident(deps.db, params.incident);
      if (incident === null) return unknown(params.incident);
      const done = await act(deps, {
        stream: incident,
        by: caller,
        may: 'incident.lead',
        fold: foldRecordLock,
        decide: (lock, asked) => releaseRecordLock(lock, body, asked),
      });
      if (isRefusal(done)) return done;
      return shown((await readLock(deps.db, incident))!, deps.now());
    });
  },
};

export { keptForIncidents, readLock } from './board.ts';
