import { type LegalHold, records } from '@firebreak/contract/prepare/records';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

const REFRESHES = ['/api/v1/record-rules'];

/** Keeps everything of one AI system, whatever its rule says. */
export function PlaceHold({ system, onClose }: { system: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [matter, setMatter] = useState('');
  const place = useAct(records.hold, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`Place a legal hold on ${system}`}
      about="Nothing of this system is deleted while it lies, however old. Somebody else has to lift it."
      width="narrow"
      onClose={onClose}
      onSubmit={() => place.mutate({ params: { system }, body: { reason, matter } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={place.isPending} disabled={reason.trim() === ''}>
            Place it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea label="Why" value={reason} onText={setReason} rows={2} maxLength={500} />
        <Input
          label="Matter"
          optional
          hint="An incident, a file number."
          value={matter}
          onText={setMatter}
          maxLength={200}
        />
        {place.error && <Trouble error={place.error} />}
      </div>
    </Dialog>
  );
}

function LiftHold({ system, hold, onClose }: { system: string; hold: LegalHold; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const lift = useAct(records.lift, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title="Lift the legal hold?"
      about="Once no hold lies, records older than the rule allows are deleted for good within minutes."
      width="narrow"
      onClose={onClose}
      onSubmit={() => lift.mutate({ params: { system, hold: hold.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={lift.isPending} disabled={reason.trim() === ''}>
            Lift it
          </Button>
        </>
      }
    >
      <TextArea label="Why the matter is closed" value={reason} onText={setReason} rows={2} maxLength={500} />
      {lift.error && <Trouble error={lift.error} />}
    </Dialog>
  );
}

/** The legal holds that lie on one AI system, and those that did. */
export function LegalHolds({ system, holds }: { system: string; holds: readonly LegalHold[] }) {
  const nameOf = useNames();
  const may = useMay('incident.lead');
  const me = useMe().data;
  const [lifting, setLifting] = useState<LegalHold | null>(null);
  return (
    <ul className="mt-1 grid gap-1">
      {holds.map((hold) => (
        <li key={hold.id} className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <Flag tone={hold.lifted === null ? 'amber' : 'plain'}>{hold.lifted === null ? 'legal hold' : 'lifted'}</Flag>
          <span className="min-w-0 break-words">
            {hold.reason}
            {hold.matter && ` (${hold.matter})`}
          </span>
          <span className="text-xs text-ink-3">
            {nameOf(hold.placedBy)}, <Ago at={hold.placedAt} />
            {hold.lifted && (
              <>
                {' '}
                · lifted by {nameOf(hold.lifted.by)}: {hold.lifted.reason}
              </>
            )}
          </span>
          {may && hold.lifted === null && (
            <Button
              size="sm"
              look="quiet"
              disabled={hold.placedBy.id === me?.id}
              title={hold.placedBy.id === me?.id ? 'You placed it: somebody else has to lift it' : undefined}
              onClick={() => setLifting(hold)}
            >
              Lift …
            </Button>
          )}
        </li>
      ))}
      {lifting && <LiftHold system={system} hold={lifting} onClose={() => setLifting(null)} />}
    </ul>
  );
}
