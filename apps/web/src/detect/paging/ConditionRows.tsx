import { type ConditionRow, paging } from '@firebreak/contract/detect/paging';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { ConditionForm } from './ConditionForm.tsx';
import { conditionLine } from './words.ts';

function RemoveCondition({ condition, onClose }: { condition: ConditionRow; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const remove = useAct(paging.removeCondition, {
    refreshes: ['/api/v1/conditions', '/api/v1/candidates'],
    done: onClose,
  });
  return (
    <Dialog
      title="Remove the condition"
      about="From now on these signals count for a page from the first on."
      width="narrow"
      onClose={onClose}
      onSubmit={() => remove.mutate({ params: { condition: condition.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={remove.isPending} disabled={reason.trim().length < 3}>
            Remove it
          </Button>
        </>
      }
    >
      <TextArea label="Why" rows={2} value={reason} onText={setReason} required />
      {remove.error && <Trouble error={remove.error} />}
    </Dialog>
  );
}

function Row({ condition, edits }: { condition: ConditionRow; edits: boolean }) {
  const nameOf = useNames();
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const close = () => setOpen(null);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-[600] break-words">{conditionLine(condition)}</span>
          {condition.met !== null && (
            <Flag tone={condition.met ? 'moss' : 'amber'}>{condition.met ? 'met now' : 'not met now'}</Flag>
          )}
        </p>
        <p className="text-ink-2">
          {sentence(condition.says)}. {sentence(condition.stands)}.
        </p>
        <p className="text-xs text-ink-3">
          {nameOf(condition.setBy)} <Ago at={condition.setAt} />: {condition.reason}
        </p>
      </div>
      {edits && (
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" onClick={() => setOpen('change')}>
            Change …
          </Button>
          <Button size="sm" onClick={() => setOpen('remove')}>
            Remove …
          </Button>
        </div>
      )}
      {open === 'change' && <ConditionForm condition={condition} onClose={close} />}
      {open === 'remove' && <RemoveCondition condition={condition} onClose={close} />}
    </li>
  );
}

export function ConditionRows({ conditions }: { conditions: readonly ConditionRow[] }) {
  const edits = useMay('monitor.edit');
  return (
    <Rows label="Conditions">
      {conditions.map((condition) => (
        <Row key={condition.id} condition={condition} edits={edits} />
      ))}
    </Rows>
  );
}
