import { candidates } from '@firebreak/contract/detect/candidates';
import { DISMISSALS, type Dismissal } from '@firebreak/core/detect/candidates';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, TextArea } from '../../ui/Field.tsx';
import type { CandidateDetail } from './candidate-detail.ts';
import { DISMISSAL_WORDS } from './words.ts';

export function DismissDialog({ candidate, onClose }: { candidate: CandidateDetail; onClose: () => void }) {
  const [as, setAs] = useState<Dismissal | null>(null);
  const [reason, setReason] = useState('');
  const dismiss = useAct(candidates.dismissCandidate, { refreshes: ['/api/v1/candidates'], done: onClose });
  return (
    <Dialog
      title="Dismiss this candidate"
      about="It is kept, with your name and reason. New signals of the same kind open a new one."
      onClose={onClose}
      width="narrow"
      onSubmit={() => as && dismiss.mutate({ params: { candidate: candidate.id }, body: { as, reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={dismiss.isPending}
            disabled={as === null || reason.trim().length < 3}
          >
            Dismiss
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="It is"
          name="dismissal"
          value={as}
          onPick={setAs}
          options={DISMISSALS.map((each) => ({ value: each, ...DISMISSAL_WORDS[each] }))}
        />
        <TextArea
          label="Reason"
          hint="For whoever looks at this in a month."
          rows={2}
          value={reason}
          onText={setReason}
          required
          error={dismiss.error ? tell(dismiss.error).fields.reason : undefined}
        />
        {dismiss.error && <Trouble error={dismiss.error} />}
      </div>
    </Dialog>
  );
}
