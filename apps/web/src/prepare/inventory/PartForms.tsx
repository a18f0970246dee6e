import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { type ReactNode, useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { fromLocalInput } from '../../ui/durations.ts';
import { Check, Input } from '../../ui/Field.tsx';

interface Given {
  readonly system: AiSystem;
  readonly onClose: () => void;
}
const SYSTEMS = ['/api/v1/systems'];

export function GuardrailForm({ system, onClose }: Given) {
  const [name, setName] = useState('');
  const [active, setActive] = useState(true);
  const [note, setNote] = useState('');
  const set = useAct(systemParts.setGuardrail, { refreshes: SYSTEMS, done: onClose });
  return (
    <Form
      title="Add a guardrail"
      does="Add"
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={() => set.mutate({ params: { system: system.id }, body: { name, active, note } })}
    >
      <Input label="Name" hint="Policy check, PII filter, moderation" value={name} onText={setName} required />
      <Check label="It is on" checked={active} onCheck={setActive} />
      <Input label="Note" optional value={note} onText={setNote} />
    </Form>
  );
}

export function ApprovalForm({ system, onClose }: Given) {
  const [useCase, setUseCase] = useState('');
  const [approvedBy, setApprovedBy] = useState('');
  const [until, setUntil] = useState('');
  const give = useAct(systemParts.giveApproval, { refreshes: SYSTEMS, done: onClose });
  return (
    <Form
      title="Record an approval"
      does="Record"
      busy={give.isPending}
      error={give.error}
      onClose={onClose}
      onSubmit={() =>
        give.mutate({
          params: { system: system.id },
          body: { useCase, approvedBy, until: until === '' ? null : (fromLocalInput(until) ?? null) },
        })
      }
    >
      <Input label="Approved for" hint="Refunds up to 50 EUR in the EU" value={useCase} onText={setUseCase} required />
      <Input label="By whom" value={approvedBy} onText={setApprovedBy} required />
      <Input
        label="Until"
        optional
        hint="Left empty: without an end."
        type="datetime-local"
        value={until}
        onText={setUntil}
      />
    </Form>
  );
}

export function WithdrawForm({ system, useCase, onClose }: Given & { useCase: string }) {
  const [reason, setReason] = useState('');
  const withdraw = useAct(systemParts.withdrawApproval, { refreshes: SYSTEMS, done: onClose });
  return (
    <Form
      title={`Withdraw the approval for “${useCase}”?`}
      does="Withdraw"
      busy={withdraw.isPending}
      error={withdraw.error}
      onClose={onClose}
      onSubmit={() => withdraw.mutate({ params: { system: system.id }, body: { useCase, reason } })}
    >
      <Input label="Reason" value={reason} onText={setReason} required />
    </Form>
  );
}

export function Form({
  title,
  does,
  busy,
  error,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  does: string;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      width="narrow"
      onSubmit={onSubmit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={busy}>
            {does}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {children}
        {error && <Trouble error={error} />}
      </div>
    </Dialog>
  );
}
