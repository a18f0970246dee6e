import { type Policy, policies } from '@firebreak/contract/prepare/policies';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AskException } from '../prepare/policies/ExceptionDialogs.tsx';
import { ExceptionRows } from '../prepare/policies/ExceptionRows.tsx';
import { PolicyForm } from '../prepare/policies/PolicyForm.tsx';
import { Trend } from '../prepare/policies/Trend.tsx';
import { Button } from '../ui/Button.tsx';
import { Card, Empty, Pairs, Section } from '../ui/Card.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Flag } from '../ui/Marks.tsx';
import { Ago } from '../ui/Time.tsx';
import { isCode } from './api.ts';
import { useAct, useAsk } from './ask.ts';
import { Page } from './Page.tsx';
import { PolicyMeans } from './PolicyMeans.tsx';
import { useMay, useNames } from './session.tsx';
import { NotFound, Shown, Trouble } from './Trouble.tsx';

type Open = 'restate' | 'ask' | 'withdraw' | null;

/** One policy: what carries it out, live, and the exceptions to it. */
export function PolicyPage() {
  const { policy: id } = useParams({ from: '/shell/policies/$policy' });
  const read = useAsk(policies.show, { params: { policy: id as `pol_${string}` } });
  const edits = useMay('policy.edit');
  const asks = useMay('exception.ask');
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (isCode(read.error, 'policy.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const policy = read.data?.policy;
  const held = policy !== undefined && policy.withdrawn === null;
  return (
    <Page
      title={policy?.title ?? 'Policy'}
      eyebrow={
        <Link to="/policies" className="hover:underline">
          Policies
        </Link>
      }
      actions={
        held && (
          <>
            {asks && <Button onClick={() => setOpen('ask')}>Ask for an exception</Button>}
            {edits && <Button onClick={() => setOpen('restate')}>Edit</Button>}
          </>
        )
      }
    >
      <Shown of={read} lines={8}>
        {({ policy, exceptions, trend }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
            <div className="min-w-0">
              <Section title="Statement">
                <Card>
                  <p className="max-w-[70ch] text-base whitespace-pre-line">{policy.statement}</p>
                </Card>
              </Section>
              <PolicyMeans policy={policy} edits={edits && policy.withdrawn === null} />
              <Section title="Exceptions">
                {exceptions.length === 0 ? (
                  <Empty title="No exception was ever asked for">
                    It holds wherever it binds. An exception says for which system, why, what is done instead, and ends
                    by itself; somebody else than who asks has to approve it.
                  </Empty>
                ) : (
                  <ExceptionRows exceptions={exceptions} label="Exceptions" />
                )}
              </Section>
              {exceptions.length > 0 && (
                <Section title="Exceptions in the last 12 months">
                  <Trend months={trend} label="Exceptions to this policy, by month" />
                </Section>
              )}
            </div>
            <aside className="min-w-0">
              <About policy={policy} />
              {edits && policy.withdrawn === null && (
                <Button look="quiet" size="sm" onClick={() => setOpen('withdraw')}>
                  Withdraw this policy …
                </Button>
              )}
            </aside>
            {open === 'restate' && <PolicyForm policy={policy} onClose={close} />}
            {open === 'ask' && <AskException policy={policy} onClose={close} />}
            {open === 'withdraw' && <Withdraw policy={policy} onClose={close} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

function About({ policy }: { policy: Policy }) {
  const nameOf = useNames();
  return (
    <>
      <Section title="About">
        <Card>
          {policy.withdrawn !== null && (
            <p className="mb-2">
              <Flag tone="amber">withdrawn</Flag> {policy.withdrawn}
            </p>
          )}
          <Pairs>
            <dt>Answers for it</dt>
            <dd>{nameOf(policy.owner)}</dd>
            <dt>Binds</dt>
            <dd>
              {policy.systems.length === 0
                ? 'every AI system'
                : policy.systems.map((key, i) => (
                    <span key={key}>
                      {i > 0 && ', '}
                      <Link to="/systems/$system" params={{ system: key }} className="prose-link">
                        {key}
                      </Link>
                    </span>
                  ))}
            </dd>
            <dt>Look again</dt>
            <dd>
              {policy.reviewBy ?? 'no date'} {policy.reviewDue && <Flag tone="amber">due</Flag>}
            </dd>
            <dt>Asked for by</dt>
            <dd>
              {policy.references.length === 0
                ? 'no framework named'
                : policy.references.map(({ framework, clause }) => (
                    <span key={framework + clause} className="block">
                      {framework} {clause}
                    </span>
                  ))}
            </dd>
          </Pairs>
        </Card>
      </Section>
      <Section title="Why it stands here">
        <Card>
          <ul className="grid gap-1 text-sm">
            {policy.because.toReversed().map((it) => (
              <li key={it.at + it.text}>
                {it.text} <Ago at={it.at} className="text-xs text-ink-3" />
              </li>
            ))}
          </ul>
        </Card>
      </Section>
    </>
  );
}

function Withdraw({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const withdraw = useAct(policies.withdraw, {
    refreshes: ['/api/v1/policies', '/api/v1/policy-exceptions'],
    done: onClose,
  });
  return (
    <Dialog
      title="Withdraw the policy"
      about="It stays readable. Its open exceptions end with it: there is nothing left to be an exception to."
      onClose={onClose}
      width="narrow"
      onSubmit={() => withdraw.mutate({ params: { policy: policy.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={withdraw.isPending} disabled={reason.trim() === ''}>
            Withdraw
          </Button>
        </>
      }
    >
      <TextArea label="Why it no longer holds" value={reason} onText={setReason} rows={2} maxLength={500} />
      {withdraw.error && <Trouble error={withdraw.error} />}
    </Dialog>
  );
}
