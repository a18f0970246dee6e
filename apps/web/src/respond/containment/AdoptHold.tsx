import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { useAct } from '../../app/ask.ts';
import { useMe, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Ago } from '../../ui/Time.tsx';

/** A hold that went without a person, or before a second one: somebody takes it for theirs, or it ends. */
export function AdoptHold({ hold }: { hold: HoldRow }) {
  const nameOf = useNames();
  const mine = useMe().data?.id === hold.orderedBy.id;
  const adopt = useAct(containment.adopt, { refreshes: ['/api/v1/holds', '/api/v1/incidents', '/api/v1/approvals'] });
  if (hold.adopt === null) return null;
  return (
    <div className="mt-2 rounded-sm border border-amber-line bg-amber-soft px-2.5 py-1.5 text-xs text-ink">
      <p>
        <b className="text-amber">Nobody has adopted it.</b> {nameOf(hold.orderedBy)} ordered it; it ends by itself{' '}
        <Ago at={hold.adopt.by} /> unless {mine ? 'somebody else' : 'a person'} takes it for theirs.
      </p>
      {!mine && (
        <Button
          size="sm"
          className="mt-1.5"
          busy={adopt.isPending}
          onClick={() => adopt.mutate({ params: { incident: hold.incident, hold: hold.hold }, body: {} })}
        >
          Adopt it
        </Button>
      )}
      {adopt.error && <Trouble error={adopt.error} />}
    </div>
  );
}
