import { type ReviewFigures, reviews } from '@firebreak/contract/detect/reviews';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';

function PromiseForm({ onClose }: { onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [chosen, setChosen] = useState('');
  const [hours, setHours] = useState('24');
  const promise = useAct(reviews.promise, { refreshes: ['/api/v1/reviews'], done: onClose });
  const system = chosen || systems[0]?.key || '';
  return (
    <Dialog
      title="Promise how soon somebody looks"
      about="After that time the record says that the promise was broken, and a signal is raised."
      width="narrow"
      onClose={onClose}
      onSubmit={() => promise.mutate({ params: { system }, body: { hours: Number(hours) } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={promise.isPending} disabled={system === ''}>
            Promise it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="AI system"
          value={system}
          onText={setChosen}
          options={systems.map((it) => ({ value: it.key, label: it.name }))}
        />
        <Input label="Hours" type="number" min={1} max={720} value={hours} onText={setHours} />
        {promise.error && <Trouble error={promise.error} />}
      </div>
    </Dialog>
  );
}

/** The backlog of each system, and what was promised. */
export function Promises({ systems }: { systems: ReviewFigures['systems'] }) {
  const edits = useMay('system.edit');
  const [open, setOpen] = useState(false);
  return (
    <Section
      title="Promised, and what waits"
      aside={
        edits && (
          <Button size="sm" onClick={() => setOpen(true)}>
            Promise …
          </Button>
        )
      }
    >
      {systems.length === 0 ? (
        <p className="text-sm text-ink-2">24 hours for every system. Nothing waits.</p>
      ) : (
        <Rows label="Promises">
          {systems.map((it) => (
            <li key={it.system} className="flex flex-wrap items-baseline gap-x-2 px-4 py-2">
              <span className="font-[600] break-all">{it.system}</span>
              <span className="text-xs text-ink-2">
                within {it.promisedHours} h · {it.waiting} waiting
              </span>
              {it.overdue > 0 && <Flag tone="ember">{it.overdue} late</Flag>}
            </li>
          ))}
        </Rows>
      )}
      {open && <PromiseForm onClose={() => setOpen(false)} />}
    </Section>
  );
}
