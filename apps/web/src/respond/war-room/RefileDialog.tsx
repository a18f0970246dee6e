import { incidents } from '@firebreak/contract/respond/incidents';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { AccountFields, NO_ACCOUNT } from '../incidents/index.ts';
import { useRoom } from './room-context.tsx';

/** Files a near miss as an incident, at once; or an incident as a near miss, with what stopped it. */
export function RefileDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const was = incident.kind === 'near-miss';
  const [reason, setReason] = useState('');
  const [account, setAccount] = useState({ ...NO_ACCOUNT, ...incident.miss });
  const refile = useAct(incidents.refile, { refreshes: ['/api/v1/incidents'], done: onClose });
  const told = refile.error ? tell(refile.error) : null;
  return (
    <Dialog
      title={was ? 'It did reach people' : 'File as a near miss'}
      about={
        was
          ? `It becomes an open incident at once, at Sev ${incident.severity}. Call the severity anew when you know more.`
          : 'Only if nothing reached anybody. It leaves the open incidents and counts in no figure; holds stay in force.'
      }
      {...(was && { tone: 'ember' as const })}
      onClose={onClose}
      onSubmit={() =>
        refile.mutate({
          params: { incident: incident.id },
          body: { to: was ? 'normal' : 'near-miss', reason, ...(!was && { miss: account }) },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={was ? 'brake' : 'strong'} busy={refile.isPending} disabled={reason.trim() === ''}>
            {was ? 'Make it an incident' : 'File as near miss'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {!was && <AccountFields account={account} onAccount={setAccount} errors={told?.fields} />}
        <TextArea
          label={was ? 'Whom did it reach, and how do you know?' : 'How do you know that it reached nobody?'}
          rows={2}
          value={reason}
          onText={setReason}
          required
          error={told?.fields.reason}
        />
        {refile.error && <Trouble error={refile.error} />}
      </div>
    </Dialog>
  );
}
