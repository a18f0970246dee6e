import { type Playbook, playbooks } from '@firebreak/contract/prepare/playbooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';

export function RetireDialog({ playbook, onClose }: { playbook: Playbook; onClose: () => void }) {
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const retire = useAct(playbooks.retire, {
    refreshes: ['/api/v1/playbooks', '/api/v1/moves'],
    done: () => {
      onClose();
      void navigate({ to: '/playbooks' });
    },
  });
  return (
    <Dialog
      title={`Retire “${playbook.name}”?`}
      about={
        playbook.edition
          ? 'The shipped playbook of this key is used again. Incidents that follow this one go on with it.'
          : 'It leaves the list; its versions stay in the record. Incidents that follow it go on with it.'
      }
      onClose={onClose}
      width="narrow"
      onSubmit={() => retire.mutate({ params: { playbook: playbook.key }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={retire.isPending} disabled={reason.trim() === ''}>
            Retire
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Reason" value={reason} onText={setReason} maxLength={200} required />
        {retire.error && <Trouble error={retire.error} />}
      </div>
    </Dialog>
  );
}
