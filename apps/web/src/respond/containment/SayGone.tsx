import { containment, type GoneRow, type HoldRow } from '@firebreak/contract/respond/containment';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Ago, Time } from '../../ui/Time.tsx';

/** A person says that an instance which does not answer is gone, and why they know. */
export function SayGone({ hold, instance }: { hold: HoldRow; instance: string }) {
  const may = useMay('containment.order');
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const say = useAct(containment.sayGone, {
    refreshes: ['/api/v1/holds', '/api/v1/incidents', '/api/v1/guard'],
    done: () => setOpen(false),
  });
  if (!may) return null;
  if (!open)
    return (
      <Button size="sm" className="max-phone:min-h-11" onClick={() => setOpen(true)}>
        It is gone …<span className="sr-only"> {instance}</span>
      </Button>
    );
  return (
    <form
      className="grid w-full gap-2 rounded-sm border border-line bg-surface p-2.5 text-left"
      onSubmit={(event) => {
        event.preventDefault();
        say.mutate({ params: { incident: hold.incident, hold: hold.hold }, body: { instance, reason } });
      }}
    >
      <TextArea
        label={`How you know that ${instance} is gone`}
        hint="Recorded under your name. No order waits for it until it is heard again; then people are told."
        value={reason}
        onText={setReason}
        rows={2}
        required
        autoFocus
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" look="strong" busy={say.isPending} disabled={reason.trim() === ''}>
          It is gone
        </Button>
        <Button size="sm" onClick={() => setOpen(false)}>
          Not so
        </Button>
      </div>
      {say.error && <Trouble error={say.error} />}
    </form>
  );
}

/** Of whom it was said, by whom, and whether they were heard all the same. */
export function SaidGone({ gone }: { gone: readonly GoneRow[] }) {
  const nameOf = useNames();
  return gone.map(({ instance, host, reason, at, by, backAt, told }) => {
    const where = host === '' ? instance : `${instance} on ${host}`;
    return backAt === null ? (
      <p
        key={`${instance} ${at}`}
        className="mt-2 rounded-sm border border-amber-line bg-amber-soft px-2.5 py-1.5 text-xs break-words text-ink"
      >
        <b className="text-amber">Not waited for.</b> {where} is said to be gone, by {nameOf(by)} <Time at={at} />: “
        {reason}”. Nothing here has seen that.
      </p>
    ) : (
      <p
        key={`${instance} ${at}`}
        role="alert"
        className="mt-2 rounded-sm border border-ember-line bg-ember-soft px-2.5 py-1.5 text-xs break-words text-ink"
      >
        <b className="text-ember">Not gone: {instance} is heard again.</b> {nameOf(by)} said <Time at={at} /> that it is
        gone: “{reason}”. It was heard <Time at={backAt} />, and counts again.{' '}
        {told === null ? null : told.length === 0 ? (
          <NobodyTold />
        ) : (
          <>
            Told <Ago at={backAt} />: {told.map(({ name }) => name).join(', ')}
          </>
        )}
      </p>
    );
  });
}

/** With the way to where that is changed. */
export function NobodyTold() {
  return (
    <>
      Nobody was told: no paging channel is set up.{' '}
      <Link to="/paging" className="prose-link">
        Set one up
      </Link>
    </>
  );
}
