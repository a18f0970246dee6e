import { type AlarmBudget, watches } from '@firebreak/contract/detect/watches';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';

const number = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en');

/** How often everything that may wake somebody is wrong, against what the team puts up with. */
export function BudgetCard({ budget, edits }: { budget: AlarmBudget; edits: boolean }) {
  const [open, setOpen] = useState(false);
  const over = budget.expected > budget.perWeek;
  return (
    <Card className="mb-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[620]">
              {number(budget.expected)} false pages a week, of {number(budget.perWeek)} put up with
            </span>
            <Flag tone={over ? 'amber' : 'moss'}>{over ? 'over budget' : 'within budget'}</Flag>
          </p>
          <p className="mt-0.5 text-sm text-ink-2">
            {budget.watches === 1 ? '1 watch pages alone' : `${budget.watches} watches page alone`}
            {budget.suites > 0 &&
              `, and so ${budget.suites === 1 ? 'does 1 golden set or suite of probes' : `do ${budget.suites} golden sets and suites of probes`}`}
            . Each says how often it is wrong. Watches that only support others are wrong {number(budget.supporting)}{' '}
            times a week, and wake nobody alone.
            {over && ' Give some of them more days between false alarms, or let them only support.'}
          </p>
        </div>
        {edits && (
          <Button size="sm" onClick={() => setOpen(true)}>
            Change the budget …
          </Button>
        )}
      </div>
      {open && <BudgetDialog budget={budget} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function BudgetDialog({ budget, onClose }: { budget: AlarmBudget; onClose: () => void }) {
  const [text, setText] = useState(String(budget.perWeek));
  const set = useAct(watches.setBudget, { refreshes: ['/api/v1/watches'], done: onClose });
  return (
    <Dialog
      title="False pages a week"
      about="What the team puts up with. It changes no watch; it says when all of them together are too loud."
      width="narrow"
      onClose={onClose}
      onSubmit={() => set.mutate({ body: { perWeek: Number(text) } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={set.isPending} disabled={!(Number(text) > 0)}>
            Save
          </Button>
        </>
      }
    >
      <Input label="False pages a week" inputMode="decimal" value={text} onText={setText} />
      {set.error && <Trouble error={set.error} />}
    </Dialog>
  );
}
