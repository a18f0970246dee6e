import { type Executor, executors } from '@firebreak/contract/respond/executors';
import { kindOf } from '@firebreak/core/respond/executors';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { ExecutorForm } from './ExecutorForm.tsx';
import { proofWords, rehearsedWords } from './words.ts';

const REFRESHES = ['/api/v1/executors'];

function RetireDialog({ executor, onClose }: { executor: Executor; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const retire = useAct(executors.retire, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`Retire ${executor.name}?`}
      about="It acts for no hold any more, and its secret is forgotten. What it did stays in the record."
      width="narrow"
      onClose={onClose}
      onSubmit={() => retire.mutate({ params: { executor: executor.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={retire.isPending} disabled={reason.trim() === ''}>
            Retire it
          </Button>
        </>
      }
    >
      <TextArea label="Why" value={reason} onText={setReason} rows={2} maxLength={200} />
      {retire.error && <Trouble error={retire.error} />}
    </Dialog>
  );
}

function Binds({ executor }: { executor: Executor }) {
  return (
    <p className="text-sm break-words text-ink-2">
      {sentence(executor.holds)} when{' '}
      {executor.controls.map(({ control, name, system }, i) => (
        <Fragment key={control}>
          {i > 0 && ' or '}“{name}” of{' '}
          <Link to="/systems/$system" params={{ system }} className="prose-link">
            {system}
          </Link>
        </Fragment>
      ))}{' '}
      is held; {executor.letsGo} after that.
    </p>
  );
}

function ExecutorRow({ executor, edits }: { executor: Executor; edits: boolean }) {
  const [open, setOpen] = useState<'edit' | 'retire' | null>(null);
  const tries = useMay('containment.order');
  const rehearse = useAct(executors.rehearse, { refreshes: REFRESHES });
  const { word, tone } = proofWords(executor);
  const { name, rehearsed, holding, was } = executor;
  const { title } = kindOf(executor.kind);
  const close = () => setOpen(null);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600]">{name}</span>
            <Flag tone={tone}>{word}</Flag>
            {holding.length > 0 && <Flag tone="blue">holds for {holding.map(({ label }) => label).join(', ')}</Flag>}
            {executor.givenUp > 0 && <Flag tone="ember">{executor.givenUp} given up</Flag>}
            {name !== title && <span className="text-xs text-ink-3">{title}</span>}
          </p>
          <Binds executor={executor} />
          <p className="mt-1 text-xs break-words text-ink-3">
            {rehearsed === null ? (
              'Never rehearsed: nobody knows whether it would work.'
            ) : (
              <>
                Rehearsed <Ago at={rehearsed.at} />: {rehearsedWords(rehearsed)}.
              </>
            )}
          </p>
          {was !== null && (
            <p className="mt-1 text-xs text-ink-3">
              Before the hold, <Ago at={was.at} />: {was.says}.
            </p>
          )}
          {executor.retired !== null && <p className="mt-1 text-xs text-ink-2">Retired: {executor.retired}</p>}
          {rehearse.error && <Trouble error={rehearse.error} />}
        </div>
        {executor.retired === null && (
          <div className="flex flex-wrap gap-1.5">
            {tries && (
              <Button
                size="sm"
                busy={rehearse.isPending}
                aria-label={`Try it: ${name}`}
                onClick={() => rehearse.mutate({ params: { executor: executor.id } })}
              >
                Try it
              </Button>
            )}
            {edits && (
              <>
                <Button size="sm" aria-label={`Change ${name}`} onClick={() => setOpen('edit')}>
                  Change …
                </Button>
                <Button size="sm" look="quiet" aria-label={`Retire ${name}`} onClick={() => setOpen('retire')}>
                  Retire …
                </Button>
              </>
            )}
          </div>
        )}
      </div>
      {open === 'edit' && <ExecutorForm executor={executor} onClose={close} />}
      {open === 'retire' && <RetireDialog executor={executor} onClose={close} />}
    </li>
  );
}

function Runners() {
  const runners = useAsk(executors.runners, {}, { every: 15_000 }).data?.runners ?? [];
  if (runners.length === 0) return null;
  return (
    <Section title="Runners">
      <Rows label="Runners">
        {runners.map(({ name, seenAt, scripts }) => (
          <li key={name} className="px-4 py-2">
            <p className="font-[600]">{name}</p>
            <p className="text-xs break-words text-ink-3">
              heard <Ago at={seenAt} /> · {scripts.length === 0 ? 'has no script' : scripts.join(', ')}
            </p>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

/** Switches of other products that follow the controls: what each does, and whether it is known to work. */
export function ExecutorsPage() {
  const asked = useAsk(executors.list, { query: {} }, { every: 15_000 });
  const edits = useMay('people.administer');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Executors"
      lead="Switches of other products that follow your controls: flags, workflows, deployments, scripts."
      actions={edits && <Button onClick={() => setAdding(true)}>Bind a switch</Button>}
    >
      <Shown of={asked}>
        {({ executors: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="No switch is bound"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    Bind the first switch
                  </Button>
                )
              }
            >
              Guards and gateways obey a hold by themselves. What they do not reach, an executor does: it turns a flag
              off in Unleash, LaunchDarkly or Flagsmith, scales a deployment down, runs a workflow or a script, reads
              back what it did, and sets it back when the last hold is let go.
            </Empty>
          ) : (
            <Rows label="Executors">
              {rows.map((executor) => (
                <ExecutorRow key={executor.id} executor={executor} edits={edits} />
              ))}
            </Rows>
          )
        }
      </Shown>
      <Runners />
      {adding && <ExecutorForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
