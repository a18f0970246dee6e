import { type EvalCase, type EvalSuite, evals } from '@firebreak/contract/detect/evals';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { NotFound, Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { DraftDialog, ImportDialog } from './AddCases.tsx';
import { CaseForm } from './CaseForm.tsx';
import { saveFileOfCases } from './eval-file.ts';
import { ReasonDialog } from './ReasonDialog.tsx';
import { RunRows } from './RunRows.tsx';
import { REFRESHES } from './refreshes.ts';
import { SuiteForm } from './SuiteForm.tsx';
import { LastRun, RunNow } from './SuiteHead.tsx';
import { CHECK_WORDS, EXPECT_WORDS, percent, sayDesign, sayEvery } from './words.ts';

type Open = 'edit' | 'pause' | 'remove' | 'case' | 'import' | 'draft' | null;
const SHOWN_AT_ONCE = 50;

export function Settings({ suite }: { suite: EvalSuite }) {
  return (
    <Card>
      <Pairs>
        <dt>Guards</dt>
        <dd>
          <Link to="/systems/$system" params={{ system: suite.system }} className="prose-link">
            {suite.system}
          </Link>
          {suite.feature === null ? '' : `, ${suite.feature}`}
        </dd>
        <dt>Asks</dt>
        <dd className="break-words">{suite.targetName}</dd>
        <dt>Runs</dt>
        <dd>
          {sayEvery(suite.everyMinutes)}
          {suite.onChange ? ', and when a version changes' : ''}
        </dd>
        <dt>Compared with</dt>
        <dd>{suite.baseline === null ? 'the version before' : 'a pinned run'}</dd>
        <dt>Tolerated loss</dt>
        <dd>{percent(suite.tolerated)}</dd>
        <dt>Alarm budget</dt>
        <dd>
          {suite.design === null ? 'known once it holds a case' : sayDesign(suite.design)}
          {suite.design !== null && (
            <span className="block text-xs text-ink-3">
              {suite.design.measured
                ? 'The usual rate was measured here.'
                : 'The usual rate is assumed until two weeks were watched.'}
            </span>
          )}
        </dd>
        <dt>Version</dt>
        <dd>{suite.version}</dd>
      </Pairs>
    </Card>
  );
}

function CaseRow({ suite, it, edits }: { suite: `evs_${string}`; it: EvalCase; edits: boolean }) {
  const [open, setOpen] = useState(false);
  const remove = useAct(evals.removeCases, { refreshes: REFRESHES });
  const named = it.title || it.input.at(-1)!.content;
  const checks = it.checks.map(({ kind, value, values }) =>
    [
      kind === 'numbers' && value === '' ? 'states only figures of the sources' : CHECK_WORDS[kind],
      value && `“${value.slice(0, 60)}”`,
      values.slice(0, 3).join(', '),
    ]
      .filter(Boolean)
      .join(' '),
  );
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-[560] break-words">{named}</p>
        <p className="text-xs break-words text-ink-3">
          {[it.expect === 'any' ? '' : EXPECT_WORDS[it.expect], ...checks].filter(Boolean).join(' · ')}
          {it.cluster !== null && ` · cluster ${it.cluster}`}
          {it.from !== null && ` · from ${it.from}`}
        </p>
        {remove.error && <Trouble error={remove.error} />}
      </div>
      {edits && (
        <div className="flex gap-1.5">
          <Button size="sm" look="quiet" aria-label={`Change ${named}`} onClick={() => setOpen(true)}>
            Change
          </Button>
          <Button
            size="sm"
            look="quiet"
            aria-label={`Remove ${named}`}
            busy={remove.isPending}
            onClick={() => remove.mutate({ params: { suite }, body: { ids: [it.id] } })}
          >
            Remove
          </Button>
        </div>
      )}
      {open && <CaseForm suite={suite} given={it} onClose={() => setOpen(false)} />}
    </li>
  );
}

export function Cases({ suite, cases, edits }: { suite: EvalSuite; cases: readonly EvalCase[]; edits: boolean }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <Rows label="Cases">
        {(all ? cases : cases.slice(0, SHOWN_AT_ONCE)).map((it) => (
          <CaseRow key={it.id} suite={suite.id} it={it} edits={edits} />
        ))}
      </Rows>
      {!all && cases.length > SHOWN_AT_ONCE && (
        <Button size="sm" className="mt-2" onClick={() => setAll(true)}>
          Show all {cases.length}
        </Button>
      )}
    </>
  );
}

/** One golden set: what the last run came to, its cases, its runs, and what its alarms cost. */
export function SuitePage() {
  const { suite: id } = useParams({ from: '/shell/golden-sets/$suite' });
  const read = useAsk(evals.show, { params: { suite: id as `evs_${string}` } }, { every: 3_000 });
  const edits = useMay('eval.edit');
  const [open, setOpen] = useState<Open>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  if (isCode(read.error, 'eval-suite.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const suite = read.data?.suite;
  return (
    <Page
      title={suite?.name ?? 'Golden set'}
      eyebrow={
        <Link to="/golden-sets" className="hover:underline">
          Golden sets
        </Link>
      }
      {...(suite && { system: suite.system })}
      actions={
        suite && (
          <>
            {edits && <Button onClick={() => setOpen('edit')}>Edit</Button>}
            <RunNow suite={suite} />
          </>
        )
      }
    >
      <Shown of={read} lines={8}>
        {({ suite, cases }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="min-w-0">
              <LastRun suite={suite} />
              <Section
                title={`Cases (${cases.length})`}
                aside={
                  edits && (
                    <span className="flex flex-wrap justify-end gap-1.5">
                      <Button size="sm" onClick={() => setOpen('case')}>
                        Add a case
                      </Button>
                      <Button size="sm" onClick={() => setOpen('draft')}>
                        Of an interaction
                      </Button>
                      <Button size="sm" onClick={() => setOpen('import')}>
                        Of a file
                      </Button>
                      {cases.length > 0 && (
                        <Button size="sm" look="quiet" onClick={() => void saveFileOfCases(suite.name, cases)}>
                          Export
                        </Button>
                      )}
                    </span>
                  )
                }
              >
                {cases.length === 0 ? (
                  <Empty title="It holds no case yet">
                    Begin with what was wrong before: questions customers complained about, and questions your policy
                    answers. Thirty are a start; the verdict says how many more it takes.
                  </Empty>
                ) : (
                  <Cases suite={suite} cases={cases} edits={edits} />
                )}
              </Section>
            </div>
            <div className="min-w-0">
              <Section title="Settings">
                <Settings suite={suite} />
              </Section>
              <Section title="Runs">
                <RunRows suite={suite.id} baseline={suite.baseline} edits={edits} />
              </Section>
              {edits && (
                <div className="flex gap-1.5">
                  {suite.paused === null && (
                    <Button size="sm" look="quiet" onClick={() => setOpen('pause')}>
                      Pause …
                    </Button>
                  )}
                  <Button size="sm" look="quiet" onClick={() => setOpen('remove')}>
                    Remove …
                  </Button>
                </div>
              )}
            </div>
            {open === 'edit' && <SuiteForm suite={suite} onClose={close} />}
            {(open === 'pause' || open === 'remove') && (
              <ReasonDialog
                suite={suite}
                what={open}
                onClose={close}
                {...(open === 'remove' && { onDone: () => void navigate({ to: '/golden-sets' }) })}
              />
            )}
            {open === 'case' && <CaseForm suite={suite.id} onClose={close} />}
            {open === 'import' && <ImportDialog suite={suite.id} onClose={close} />}
            {open === 'draft' && <DraftDialog suite={suite.id} onClose={close} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}
