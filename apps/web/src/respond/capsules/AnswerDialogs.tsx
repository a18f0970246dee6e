import { type CapsuleRow, capsules } from '@firebreak/contract/respond/capsules';
import { incidents } from '@firebreak/contract/respond/incidents';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { OPEN_INCIDENTS } from '../../app/waiting.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';

const REFRESHES = ['/api/v1/systems', '/api/v1/capsules', '/api/v1/holds', '/api/v1/incidents'];
interface Props {
  readonly capsule: CapsuleRow;
  readonly onClose: () => void;
}

/** What was applied by hand becomes orders of an incident; nothing is let go. */
export function AdoptDialog({ capsule, onClose }: Props) {
  const open = useAsk(incidents.list, OPEN_INCIDENTS).data?.incidents;
  const [picked, setPicked] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const adopt = useAct(capsules.adopt, { refreshes: REFRESHES, done: onClose });
  const incident =
    picked ?? open?.find(({ systems }) => systems.includes(capsule.system))?.label ?? open?.[0]?.label ?? null;
  return (
    <Dialog
      title={`Adopt “${capsule.name}”`}
      about={`It holds on ${capsule.applied.length} instances of ${capsule.system} already. From now on it is an order.`}
      width="narrow"
      onClose={onClose}
      onSubmit={() =>
        incident !== null &&
        adopt.mutate({ params: { system: capsule.system, capsule: capsule.capsule }, body: { incident, reason } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="brake"
            busy={adopt.isPending}
            disabled={incident === null || reason.trim() === ''}
          >
            Adopt it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {open?.length === 0 && <Notice tone="amber">No incident is open. Declare one first.</Notice>}
        {open && open.length > 0 && (
          <Select
            label="For which incident"
            value={incident ?? ''}
            onText={setPicked}
            options={open.map((each) => ({ value: each.label, label: `${each.label} · ${each.title}` }))}
          />
        )}
        <Input data-first label="Why" value={reason} onText={setReason} required />
        {adopt.error && <Trouble error={adopt.error} />}
      </div>
    </Dialog>
  );
}

/** Lets go of what was applied by hand. */
export function EndDialog({ capsule, onClose }: Props) {
  const [reason, setReason] = useState('');
  const end = useAct(capsules.end, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`End “${capsule.name}”`}
      about={
        capsule.state === 'applied'
          ? 'Every instance lets go of it as soon as it hears of this.'
          : 'It can be applied no more, except where nobody can hear of this.'
      }
      width="narrow"
      onClose={onClose}
      onSubmit={() => end.mutate({ params: { system: capsule.system, capsule: capsule.capsule }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={end.isPending} disabled={reason.trim() === ''}>
            End it
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Why" value={reason} onText={setReason} required />
        {end.error && <Trouble error={end.error} />}
      </div>
    </Dialog>
  );
}
