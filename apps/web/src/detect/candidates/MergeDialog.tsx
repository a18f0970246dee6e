import { candidates } from '@firebreak/contract/detect/candidates';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { OPEN_CANDIDATES } from '../../app/waiting.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import type { CandidateDetail } from './candidate-detail.ts';

export function MergeDialog({ candidate, onClose }: { candidate: CandidateDetail; onClose: () => void }) {
  const list = useAsk(candidates.listCandidates, OPEN_CANDIDATES);
  const navigate = useNavigate();
  const [into, setInto] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const merge = useAct(candidates.mergeCandidates, {
    refreshes: ['/api/v1/candidates'],
    done: (whole) => {
      onClose();
      void navigate({ to: '/candidates/$candidate', params: { candidate: whole.id } });
    },
  });
  const likely = new Map(candidate.related.map((each) => [each.candidate as string, each.why]));
  return (
    <Dialog
      title="Merge into another candidate"
      about="All signals go over; this one ends and points there."
      onClose={onClose}
      width="narrow"
      onSubmit={() =>
        into &&
        merge.mutate({ params: { candidate: candidate.id }, body: { into: into as typeof candidate.id, reason } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={merge.isPending}
            disabled={into === null || reason.trim().length < 3}
          >
            Merge
          </Button>
        </>
      }
    >
      <Shown of={list}>
        {({ items }) => {
          const others = items
            .filter((each) => each.id !== candidate.id && each.system === candidate.system)
            .sort((a, b) => Number(likely.has(b.id)) - Number(likely.has(a.id)));
          if (others.length === 0)
            return (
              <Notice>
                No other candidate of {candidate.system} waits. Candidates of different systems are never one event by
                themselves; declare an incident that names both.
              </Notice>
            );
          return (
            <div className="grid gap-4">
              <Choice
                legend="Into"
                name="into"
                value={into}
                onPick={setInto}
                options={others.slice(0, 20).map((each) => ({
                  value: each.id as string,
                  label: each.title,
                  hint: likely.get(each.id) ?? `${each.summary.count} signals`,
                }))}
              />
              <TextArea label="Why they are the same event" rows={2} value={reason} onText={setReason} required />
              {merge.error && <Trouble error={merge.error} />}
            </div>
          );
        }}
      </Shown>
    </Dialog>
  );
}
