import { type Candidate, type CandidateId, isOpen } from '@firebreak/core/detect/candidates';
import type { Signal } from '@firebreak/core/detect/signals';
import { isRefusal } from '@firebreak/core/kernel';
import { foldTripwire, sayCondition, type Trip, type Tripwire, trip, tripsOn } from '@firebreak/core/respond/tripwires';
import { foldRoom, writeNote } from '@firebreak/core/respond/war-room';
import { findCandidate } from '../../detect/candidates/index.ts';
import { weighCandidate } from '../../detect/paging/index.ts';
import { act, type Deps, firebreakItself, type JobHandler } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { orderByTripwire } from '../containment/index.ts';
import { incidentFrom } from '../incidents/index.ts';
import { armedOn } from './board.ts';

const by = firebreakItself('tripwires');
/** Refusals that pass: the job is tried again. */
const PASSING: readonly string[] = ['server.busy'];

/** Pulls what one tripwire is for. A second time it finds the incident and the hold there are. */
async function pullBy(deps: Deps, tripwire: Tripwire, candidate: Candidate, met: readonly Signal[]): Promise<void> {
  const says = `Tripwire “${tripwire.name}”: ${sayCondition(tripwire.when)}. The last: ${met.at(-1)!.text}`.slice(
    0,
    500,
  );
  const incident = await incidentFrom(deps, by, candidate, says);
  const signals = met.map(({ id }) => id);
  let what: Trip;
  if (isRefusal(incident))
    what = { candidate: candidate.id, incident: null, hold: null, refused: incident.why, signals };
  else {
    const hold = await orderByTripwire(deps, by, incident, {
      system: tripwire.system,
      control: tripwire.control,
      reason: says,
    });
    if (isRefusal(hold) && PASSING.includes(hold.refused)) throw new Error(hold.why);
    what = isRefusal(hold)
      ? { candidate: candidate.id, incident, hold: null, refused: hold.why, signals }
      : { candidate: candidate.id, incident, hold: hold.hold, refused: null, signals };
    if (isRefusal(hold))
      await act(deps, {
        stream: incident,
        by,
        may: 'room.write',
        fold: foldRoom,
        decide: (room, asked) =>
          writeNote(
            room,
            {
              // One for each time it was armed, however often this runs.
              note: `not_${tripwire.id.slice(4, 32)}${tripwire.trips.toString(16).padStart(4, '0')}`,
              text: `Tripwire “${tripwire.name}” could order nothing: ${hold.why} Do by hand what it is for.`,
              occurredAt: null,
            },
            asked,
          ),
      });
  }
  await act(deps, {
    stream: tripwire.id,
    by,
    may: 'containment.order',
    fold: foldTripwire,
    decide: (state) => trip(state, what),
  });
}

/** One look at one candidate, by every tripwire of its system that is armed. */
export const look: JobHandler = {
  slow: true,
  async outside({ candidate: id }: { readonly candidate: CandidateId }, deps) {
    const held = await findCandidate(deps.db, id);
    if (held === null || held.probe || held.mark !== null || !(isOpen(held) || held.incident !== null)) return;
    const armed = await armedOn(deps.db, held.system);
    if (armed.length === 0) return;
    const { table } = await currentRubric(deps.db);
    const { counted } = await weighCandidate(deps.db, held, deps.now(), table);
    for (const tripwire of armed) {
      const met = tripsOn(tripwire, counted, deps.now());
      if (met !== null) await pullBy(deps, tripwire, held, met);
    }
  },
};
