import { evals } from '@firebreak/contract/detect/evals';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { REFRESHES } from './refreshes.ts';

const WORDS = {
  pause: ['Pause', 'It is asked no more on schedule until somebody resumes it.', 'Pause it'],
  remove: ['Remove', 'It leaves the list. Its runs, and what they raised, stay in the record.', 'Remove it'],
} as const;

/** Pausing and removing a suite need a reason. */
export function ReasonDialog({
  suite,
  what,
  onClose,
  onDone,
}: {
  suite: { readonly id: `evs_${string}`; readonly name: string };
  what: 'pause' | 'remove';
  onClose: () => void;
  onDone?: () => void;
}) {
  const [reason, setReason] = useState('');
  const done = (): void => (onDone ?? onClose)();
  const pause = useAct(evals.pause, { refreshes: REFRESHES, done });
  const remove = useAct(evals.remove, { refreshes: REFRESHES, done });
  const doing = what === 'pause' ? pause : remove;
  const [title, about, verb] = WORDS[what];
  return (
    <Dialog
      title={`${title} ${suite.name}?`}
      about={about}
      width="narrow"
      onClose={onClose}
      onSubmit={() => doing.mutate({ params: { suite: suite.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={doing.isPending} disabled={reason.trim() === ''}>
            {verb}
          </Button>
        </>
      }
    >
      <TextArea label="Why" value={reason} onText={setReason} rows={2} maxLength={500} />
      {doing.error && <Trouble error={doing.error} />}
    </Dialog>
  );
}
