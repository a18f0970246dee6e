import { candidates } from '@firebreak/contract/detect/candidates';
import type { CandidateId } from '@firebreak/core/detect/candidates';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';

const WORDS = {
  merge: {
    title: 'Take the merge back',
    about: 'Its signals return to this candidate. The two are kept apart from now on, in later candidates as well.',
    does: 'Part them again',
  },
  split: {
    title: 'Take the split back',
    about: 'Its signals return where they were. What the split taught is forgotten.',
    does: 'Join them again',
  },
} as const;

/** A merge or a split of the past, taken back with a reason. */
export function UndoDialog({ id, what, onClose }: { id: CandidateId; what: 'merge' | 'split'; onClose: () => void }) {
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const done = {
    refreshes: ['/api/v1/candidates'],
    done: (now: { readonly id: CandidateId }) => {
      onClose();
      void navigate({ to: '/candidates/$candidate', params: { candidate: now.id } });
    },
  };
  const unmerge = useAct(candidates.unmergeCandidate, done);
  const unsplit = useAct(candidates.unsplitCandidate, done);
  const doing = what === 'merge' ? unmerge : unsplit;
  return (
    <Dialog
      title={WORDS[what].title}
      about={WORDS[what].about}
      width="narrow"
      onClose={onClose}
      onSubmit={() => doing.mutate({ params: { candidate: id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={doing.isPending} disabled={reason.trim().length < 3}>
            {WORDS[what].does}
          </Button>
        </>
      }
    >
      <TextArea label="Why" rows={2} value={reason} onText={setReason} required />
      {doing.error && <Trouble error={doing.error} />}
    </Dialog>
  );
}
