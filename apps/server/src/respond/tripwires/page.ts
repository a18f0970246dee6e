import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { foldTripwire, type TripwireId } from '@firebreak/core/respond/tripwires';
import type { Effect, JobHandler, Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { holdById } from '../containment/index.ts';
import { tellOthers } from '../links/index.ts';

interface Tripped {
  readonly tripwire: TripwireId;
  readonly seq: number;
}

/** Nobody ordered it: whoever is paged has to adopt it, or to do by hand what it could not. */
export const pagesFor = ({ type, data, seq }: Recorded): Effect[] =>
  type === 'tripwire.tripped'
    ? [{ kind: 'tripwire.page', payload: { tripwire: data.tripwire, seq } satisfies Tripped }]
    : [];

/** Told once, in the transaction that removes the job. */
export const pageAll: JobHandler = {
  async within(tx: Sql, { tripwire: id, seq }: Tripped, deps) {
    const tripwire = foldTripwire(await deps.streams.load(tx, id));
    if (tripwire?.trip == null) return;
    const { incident, hold: ordered, refused } = tripwire.trip;
    const room = incident === null ? null : foldIncident(await deps.streams.load(tx, incident));
    const hold = ordered === null ? null : await holdById(tx, ordered);
    const found = await readSystem(tx, tripwire.system);
    const label = room?.label ?? null;
    await tellOthers(tx, deps, {
      event: 'tripwire.tripped',
      key: seq,
      about: incident ?? id,
      body: {
        id: incident ?? id,
        label,
        title:
          hold === null
            ? `Tripwire “${tripwire.name}” of ${tripwire.system} could order nothing: do it by hand`
            : `Tripwire “${tripwire.name}” ordered HLD-${hold.number} on ${tripwire.system}: adopt it within 15 minutes, or it ends`,
        hold: hold === null ? null : `HLD-${hold.number}`,
        system: tripwire.system,
        owner: isRefusal(found) ? '' : found.owner,
        why: refused ?? hold?.reason ?? '',
        url: `${deps.config.publicUrl}${label === null ? `/candidates/${tripwire.trip.candidate}` : `/incidents/${label}/contain`}`,
      },
    });
  },
};
