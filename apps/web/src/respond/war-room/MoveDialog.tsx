import { incidents } from '@firebreak/contract/respond/incidents';
import { INCIDENT_STATES, type IncidentState } from '@firebreak/core/respond/incidents';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, TextArea } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

const MEANS: Record<IncidentState, string> = {
  open: 'It is doing harm, or could.',
  contained: 'It can do no further harm. The first time this is said, it becomes the time “contained”.',
  resolved: 'The cause is fixed and normal service is back.',
  closed: 'Nothing more is expected. Notes can still be added.',
};

export function MoveDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [to, setTo] = useState<IncidentState>(INCIDENT_STATES[INCIDENT_STATES.indexOf(incident.state) + 1] ?? 'open');
  const [reason, setReason] = useState('');
  const move = useAct(incidents.move, { refreshes: ['/api/v1/incidents'], done: onClose });
  return (
    <Dialog
      title="Change the state"
      about="Holds stay in force whatever the state says; they are lifted one by one."
      onClose={onClose}
      width="narrow"
      onSubmit={() => move.mutate({ params: { incident: incident.id }, body: { to, reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={move.isPending}
            disabled={reason.trim() === '' || to === incident.state}
          >
            Change
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="To"
          name="state"
          value={to}
          onPick={setTo}
          options={INCIDENT_STATES.map((each) => ({
            value: each,
            label: <span className="capitalize">{each}</span>,
            hint: each === incident.state ? 'It is here now.' : MEANS[each],
            disabled: each === incident.state,
          }))}
        />
        <TextArea
          label="Why"
          hint="A sentence; it becomes part of the record."
          rows={2}
          value={reason}
          onText={setReason}
          required
        />
        {move.error && <Trouble error={move.error} />}
      </div>
    </Dialog>
  );
}
