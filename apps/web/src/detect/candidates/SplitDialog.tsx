import { candidates } from '@firebreak/contract/detect/candidates';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, TextArea } from '../../ui/Field.tsx';
import type { CandidateDetail } from './candidate-detail.ts';

export function SplitDialog({ candidate, onClose }: { candidate: CandidateDetail; onClose: () => void }) {
  const navigate = useNavigate();
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [title, setTitle] = useState('');
  const [reason, setReason] = useState('');
  const split = useAct(candidates.splitCandidate, {
    refreshes: ['/api/v1/candidates'],
    done: (fresh) => {
      onClose();
      void navigate({ to: '/candidates/$candidate', params: { candidate: fresh.id } });
    },
  });
  const all = taken.size >= candidate.summary.count;
  return (
    <Dialog
      title="Split"
      about="The signals you tick become a candidate of their own."
      onClose={onClose}
      onSubmit={() =>
        split.mutate({
          params: { candidate: candidate.id },
          body: {
            signals: [...taken] as (typeof candidate.signals)[number]['id'][],
            reason,
            ...(title.trim() !== '' && { title }),
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={split.isPending}
            disabled={taken.size === 0 || all || reason.trim().length < 3}
          >
            {taken.size === 0 ? 'Split' : `Split off ${taken.size}`}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <fieldset>
          <legend className="mb-1 font-[600]">Another event</legend>
          <div className="grid max-h-72 overflow-y-auto rounded-md border border-line px-3 py-1">
            {candidate.signals.map((signal) => (
              <Check
                key={signal.id}
                label={<span className="font-normal">{signal.text}</span>}
                checked={taken.has(signal.id)}
                onCheck={(on) => {
                  const next = new Set(taken);
                  if (on) next.add(signal.id);
                  else next.delete(signal.id);
                  setTaken(next);
                }}
              />
            ))}
          </div>
          {all && <p className="mt-1 text-xs text-amber">At least one must stay.</p>}
        </fieldset>
        <Input label="What it is" optional value={title} onText={setTitle} />
        <TextArea label="Why they are another event" rows={2} value={reason} onText={setReason} required />
        {split.error && <Trouble error={split.error} />}
      </div>
    </Dialog>
  );
}
