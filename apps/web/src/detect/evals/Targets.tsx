import { type EvalTarget, evals } from '@firebreak/contract/detect/evals';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { REFRESHES } from './refreshes.ts';
import { TargetForm } from './TargetForm.tsx';

function TryDialog({ target, onClose }: { target: EvalTarget; onClose: () => void }) {
  const [question, setQuestion] = useState('');
  const ask = useAct(evals.tryTarget);
  const tried = ask.data?.tried;
  return (
    <Dialog
      title={`Ask ${target.name}`}
      about="One question, as a run would ask it. Nothing is kept."
      onClose={onClose}
      onSubmit={() => ask.mutate({ params: { target: target.id }, body: { question } })}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="strong" busy={ask.isPending} disabled={question.trim() === ''}>
            Ask
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea label="Question" value={question} onText={setQuestion} rows={2} maxLength={4000} />
        {ask.error && <Trouble error={ask.error} />}
        {tried && (
          <div role="status" className="rounded-md border border-line bg-sunken p-3 text-sm">
            {tried.fault === null ? (
              <p className="break-words whitespace-pre-wrap">{tried.answer || 'It says nothing.'}</p>
            ) : (
              <p className="font-[600]">{tried.fault}</p>
            )}
            {tried.toolCalls.length > 0 && (
              <p className="mt-1 text-xs">Calls {tried.toolCalls.map(({ name }) => name).join(', ')}.</p>
            )}
            <p className="mt-1 text-xs text-ink-3">
              {tried.model !== null && `${tried.model} · `}
              {tried.latencyMs} ms
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function TargetRow({ target, edits, runs }: { target: EvalTarget; edits: boolean; runs: boolean }) {
  const [open, setOpen] = useState<'edit' | 'try' | null>(null);
  const remove = useAct(evals.removeTarget, { refreshes: REFRESHES });
  const close = () => setOpen(null);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-[600] break-words">{target.name}</p>
        <p className="text-sm break-all text-ink-2">{target.address}</p>
        <p className="text-xs text-ink-3">
          {target.system} · under test: {target.versions} · {target.askedToday} of {target.perDay} requests today
          {target.hasSecret ? '' : ' · without a secret'}
        </p>
        {remove.error && <Trouble error={remove.error} />}
      </div>
      <div className="flex flex-wrap gap-1.5">
        {runs && (
          <Button size="sm" aria-label={`Ask ${target.name}`} onClick={() => setOpen('try')}>
            Ask …
          </Button>
        )}
        {edits && (
          <>
            <Button size="sm" aria-label={`Change ${target.name}`} onClick={() => setOpen('edit')}>
              Change …
            </Button>
            {target.usedBy === 0 && (
              <Button
                size="sm"
                look="quiet"
                aria-label={`Remove ${target.name}`}
                busy={remove.isPending}
                onClick={() => remove.mutate({ params: { target: target.id }, body: { reason: 'not asked any more' } })}
              >
                Remove
              </Button>
            )}
          </>
        )}
      </div>
      {open === 'edit' && <TargetForm target={target} onClose={close} />}
      {open === 'try' && <TryDialog target={target} onClose={close} />}
    </li>
  );
}

/** Where suites ask: shown under golden sets and under probes, since both share them. */
export function Targets() {
  const asked = useAsk(evals.targets, {});
  const edits = useMay('eval.edit');
  const runs = useMay('eval.run');
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Targets"
      aside={
        edits && (
          <Button size="sm" onClick={() => setAdding(true)}>
            Add a target
          </Button>
        )
      }
    >
      <Shown of={asked} lines={2}>
        {({ targets }) =>
          targets.length === 0 ? (
            <p className="rounded-lg border border-dashed border-line-strong px-4 py-3 text-sm text-ink-2">
              No address is known yet. A target is a model or an application that answers questions; a suite needs one.
            </p>
          ) : (
            <Rows label="Targets">
              {targets.map((target) => (
                <TargetRow key={target.id} target={target} edits={edits} runs={runs} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {adding && <TargetForm onClose={() => setAdding(false)} />}
    </Section>
  );
}
