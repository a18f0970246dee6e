import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useAsk } from '../../app/ask.ts';
import { heldBeside, stillHeldBy } from './hold-words.ts';

const MOST_NAMED = 5;

function useHoldsOf(system: string, enabled = true): readonly HoldRow[] {
  return (
    useAsk(containment.listHolds, { query: { state: 'active', system } }, { every: 10_000, enabled }).data?.holds ?? []
  );
}

/** Label of an incident, as a way there. */
export function IncidentLink({ incident: id }: { incident: HoldRow['incident'] }) {
  const label = useAsk(incidents.show, { params: { incident: id } }).data?.incident.label ?? id;
  return (
    <Link to="/incidents/$incident" params={{ incident: label }} className="prose-link whitespace-nowrap">
      {label}
    </Link>
  );
}

function Named({ holds }: { holds: readonly Pick<HoldRow, 'hold' | 'label' | 'incident'>[] }) {
  return (
    <>
      {holds.slice(0, MOST_NAMED).map(({ hold, label, incident }, place) => (
        <Fragment key={hold}>
          {place > 0 && ', '}
          {label} of <IncidentLink incident={incident} />
        </Fragment>
      ))}
      {holds.length > MOST_NAMED && ` and ${holds.length - MOST_NAMED} more`}
    </>
  );
}

/** Other holds on the same thing: whoever lets this one go has to know of them. */
export function HeldBeside({ hold }: { hold: HoldRow }) {
  const others = heldBeside(hold, useHoldsOf(hold.system));
  if (others.length === 0) return null;
  return (
    <p className="mt-1 text-xs text-ink-2">
      Held as well by <Named holds={others} />. Ending this one ends none of the others.
    </p>
  );
}

/** What letting this hold go would change: nothing, while another one holds the same. */
export function WhatEnds({ hold }: { hold: HoldRow }) {
  const still = stillHeldBy(hold, useHoldsOf(hold.system));
  return still.length === 0 ? (
    <>
      It would no longer {hold.says} on {hold.system}.
    </>
  ) : (
    <>
      Nothing changes for users of {hold.system}: <Named holds={still} /> still {still.length === 1 ? 'holds' : 'hold'}{' '}
      it.
    </>
  );
}

/** `held by INC-12 and INC-15`: the incidents whose holds touch a feature. */
export function HeldBy({ system, feature }: { system: string; feature: string }) {
  const holds = useHoldsOf(system).filter(({ what }) => what.feature === undefined || what.feature === feature);
  const from = [...new Set(holds.map(({ incident }) => incident))];
  if (from.length === 0) return null;
  return (
    <span className="block text-xs text-ink-2">
      held by{' '}
      {from.slice(0, MOST_NAMED).map((incident, place) => (
        <Fragment key={incident}>
          {place > 0 && (place === from.length - 1 ? ' and ' : ', ')}
          <IncidentLink incident={incident} />
        </Fragment>
      ))}
      {from.length > MOST_NAMED && ` and ${from.length - MOST_NAMED} more`}
    </span>
  );
}
