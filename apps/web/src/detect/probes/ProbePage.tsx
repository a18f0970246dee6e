import { evals } from '@firebreak/contract/detect/evals';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { NotFound, Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { CaseForm, Cases, ImportDialog, LastRun, ReasonDialog, RunNow, RunRows, Settings } from '../evals/index.ts';
import { ImportReport } from './ImportReport.tsx';
import { ProbeForm } from './ProbeForm.tsx';
import { Resistance } from './Resistance.tsx';

type Open = 'edit' | 'pause' | 'remove' | 'case' | 'import' | 'report' | null;

/** One set of probes: how much its system resists, by technique and over its versions. */
export function ProbePage() {
  const { suite: id } = useParams({ from: '/shell/probes/$suite' });
  const read = useAsk(evals.show, { params: { suite: id as `evs_${string}` } }, { every: 3_000 });
  const edits = useMay('eval.edit');
  const [open, setOpen] = useState<Open>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  if (isCode(read.error, 'eval-suite.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const suite = read.data?.suite;
  return (
    <Page
      title={suite?.name ?? 'Probes'}
      eyebrow={
        <Link to="/probes" className="hover:underline">
          Probes
        </Link>
      }
      {...(suite && { system: suite.system })}
      actions={
        suite && (
          <>
            {edits && <Button onClick={() => setOpen('report')}>Read in results</Button>}
            {edits && <Button onClick={() => setOpen('edit')}>Edit</Button>}
            <RunNow suite={suite} />
          </>
        )
      }
    >
      <Shown of={read} lines={8}>
        {({ suite, cases }) => {
          const own = cases.filter(({ probe }) => !probe || !(probe.control || suite.families.includes(probe.family)));
          return (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_24rem]">
              <div className="min-w-0">
                <LastRun suite={suite} />
                <Resistance suite={suite.id} />
                <Section
                  title={`Probes of your own (${own.length})`}
                  aside={
                    edits && (
                      <span className="flex gap-1.5">
                        <Button size="sm" onClick={() => setOpen('case')}>
                          Add a probe
                        </Button>
                        <Button size="sm" onClick={() => setOpen('import')}>
                          Of a file
                        </Button>
                      </span>
                    )
                  }
                >
                  {own.length === 0 ? (
                    <p className="text-sm text-ink-3">
                      {cases.length} shipped ones are used. Add what was tried on your system before.
                    </p>
                  ) : (
                    <Cases suite={suite} cases={own} edits={edits} />
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
              {open === 'edit' && <ProbeForm suite={suite} onClose={close} />}
              {open === 'report' && <ImportReport suite={suite.id} onClose={close} />}
              {open === 'case' && <CaseForm suite={suite.id} onClose={close} />}
              {open === 'import' && <ImportDialog suite={suite.id} onClose={close} />}
              {(open === 'pause' || open === 'remove') && (
                <ReasonDialog
                  suite={suite}
                  what={open}
                  onClose={close}
                  {...(open === 'remove' && { onDone: () => void navigate({ to: '/probes' }) })}
                />
              )}
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}
