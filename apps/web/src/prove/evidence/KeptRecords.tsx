import { type RecordLock, recordLocks } from '@firebreak/contract/respond/record-locks';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { useRoom } from '../../respond/war-room/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';

function Release({ lock, onClose }: { lock: RecordLock; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const release = useAct(recordLocks.release, {
    refreshes: ['/api/v1/record-locks', '/api/v1/incidents/:incident/record-lock'],
    done: onClose,
  });
  return (
    <Dialog
      title={`Release the records of ${lock.label}?`}
      about="Those older than the rules of their systems allow are deleted for good within minutes, unless a legal hold lies on them."
      width="narrow"
      onClose={onClose}
      onSubmit={() => release.mutate({ params: { incident: lock.incident }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button type="submit" look="strong" busy={release.isPending} disabled={reason.trim() === ''}>
            Release them
          </Button>
        </>
      }
    >
      <TextArea label="Why nobody needs them any more" value={reason} onText={setReason} rows={2} maxLength={500} />
      {release.error && <Trouble error={release.error} />}
    </Dialog>
  );
}

function End({ lock }: { lock: RecordLock }) {
  const nameOf = useNames();
  if (lock.released)
    return (
      <>
        Released by {nameOf(lock.released.by)}, <Ago at={lock.released.at} />: “{lock.released.reason}”. What is left is
        deleted by the rules of its systems.
      </>
    );
  if (lock.until === null) return <>No rule deletes them while this incident is not closed.</>;
  return (
    <>
      {lock.stands ? 'Kept until ' : 'They were kept until '}
      <Time at={lock.until} />
      {lock.stands && ', unless somebody releases them before. Who needs them for longer places a legal hold'}.
    </>
  );
}

/** What no rule deletes because this incident rests on it: what, since when, until when. */
export function KeptRecords() {
  const { incident } = useRoom();
  const may = useMay('incident.lead');
  const me = useMe().data;
  const [releasing, setReleasing] = useState(false);
  const asked = useAsk(recordLocks.read, { params: { incident: incident.id } }, { every: 10_000 });
  return (
    <Section title="Records that are kept">
      <Card>
        <Shown of={asked}>
          {(lock) => (
            <>
              <p>
                <Flag tone={lock.stands ? 'moss' : 'plain'}>{lock.stands ? 'kept' : 'not kept any more'}</Flag>{' '}
                <End lock={lock} />
              </p>
              <ul className="mt-2 list-disc pl-4 text-sm text-ink-2">
                <li>
                  {lock.candidates.length > 0
                    ? 'The signals this incident was declared from, and the interactions they speak of'
                    : 'No signals: it was not declared from a candidate'}
                </li>
                {lock.records.length > 0 && (
                  <li>
                    {lock.records.length === 1 ? 'One record' : `${lock.records.length} records`} that its facts name
                  </li>
                )}
                {lock.spans.map((span) => (
                  <li key={`${span.system} ${span.to}`}>
                    All of <b className="font-[620]">{span.system}</b> from <Time at={span.from} /> until its order,{' '}
                    <Time at={span.to} />
                  </li>
                ))}
              </ul>
              <p className="mt-2 text-xs text-ink-3">
                Since it was declared, <Ago at={lock.since} />. Of each system at most the newest 20,000 records of a
                kind before an order.
              </p>
              {may && lock.stands && lock.closed !== null && (
                <Button
                  className="mt-3"
                  disabled={lock.closed.by.id === me?.id}
                  title={
                    lock.closed.by.id === me?.id ? 'You closed it: somebody else has to release the records' : undefined
                  }
                  onClick={() => setReleasing(true)}
                >
                  Release …
                </Button>
              )}
              {releasing && <Release lock={lock} onClose={() => setReleasing(false)} />}
            </>
          )}
        </Shown>
      </Card>
    </Section>
  );
}
