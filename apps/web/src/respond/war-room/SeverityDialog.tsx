import { incidents } from '@firebreak/contract/respond/incidents';
import { type Severity, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { AnswerFields, useTable } from '../../prepare/rubric/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Suggestion } from '../incidents/index.ts';
import { AlsoKnown, besideOf, NOTHING_ELSE } from './AlsoKnown.tsx';
import { useRoom } from './room-context.tsx';

/** Calls the severity anew from the six answers. Up is immediate; down needs a reason and no unknown on harm, reach or data. */
export function SeverityDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const leads = useMay('incident.lead');
  const [axes, setAxes] = useState(incident.axes);
  const [chosen, setChosen] = useState<Severity | null>(null);
  const [reason, setReason] = useState('');
  const call = useAct(incidents.severity, { refreshes: ['/api/v1/incidents'], done: onClose });
  const [known, setKnown] = useState(NOTHING_ELSE);
  const beside = besideOf(known);
  const suggested = suggestSeverity(axes, beside, useTable()).severity;
  const to = chosen ?? suggested;
  const lowering = to > incident.severity || to > suggested;
  return (
    <Dialog
      title={`Sev ${incident.severity}${incident.provisional ? ', provisional' : ''}`}
      about="Answer what is known by now. The table suggests; the lead calls."
      onClose={onClose}
      onSubmit={() => call.mutate({ params: { incident: incident.id }, body: { axes, ...beside, to, reason } })}
      footer={
        <>
          <Button onClick={onClose}>{leads ? 'Cancel' : 'Close'}</Button>
          {leads && (
            <Button type="submit" look="strong" busy={call.isPending} disabled={lowering && reason.trim() === ''}>
              Call Sev {to}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        {!leads && (
          <Notice>
            You can try answers here. Calling the severity needs the role lead; tell the commander what you know.
          </Notice>
        )}
        <Suggestion axes={axes} beside={beside} />
        <AnswerFields axes={axes} onAxes={setAxes} />
        <AlsoKnown known={known} onKnown={setKnown} />
        <div className="grid gap-4 phone:grid-cols-[10rem_1fr]">
          <Select
            label="Call it"
            value={String(to)}
            onText={(value) => setChosen(Number(value) as Severity)}
            options={([1, 2, 3, 4] as const).map((level) => ({
              value: String(level),
              label: `Sev ${level}${level === suggested ? ', as suggested' : ''}`,
            }))}
          />
          <TextArea
            label="Reason"
            optional={!lowering}
            rows={2}
            value={reason}
            onText={setReason}
            error={call.error ? tell(call.error).fields.reason : undefined}
          />
        </div>
        {call.error && <Trouble error={call.error} />}
      </div>
    </Dialog>
  );
}
