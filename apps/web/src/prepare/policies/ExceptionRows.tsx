import type { PolicyException } from '@firebreak/contract/prepare/policies';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Flag, Id, type Tone } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { DecideException, type Doing } from './ExceptionDialogs.tsx';
import { STATE_WORDS } from './words.ts';

const TONES: Readonly<Record<PolicyException['state'], Tone>> = {
  asked: 'amber',
  'in-force': 'blue',
  lapsed: 'amber',
  ended: 'plain',
  declined: 'plain',
};

/** Exceptions with who asked, who approved, what is done instead, and what may be done about each. */
export function ExceptionRows({
  exceptions,
  label,
  named,
}: {
  exceptions: readonly PolicyException[];
  label: string;
  /** Names the policy of each, where they are of several. */
  named?: boolean;
}) {
  return (
    <Rows label={label}>
      {exceptions.map((each) => (
        <Row key={each.id} exception={each} named={named ?? false} />
      ))}
    </Rows>
  );
}

function Row({ exception: it, named }: { exception: PolicyException; named: boolean }) {
  const nameOf = useNames();
  const me = useMe().data;
  const asks = useMay('exception.ask');
  const approves = useMay('exception.approve');
  const [doing, setDoing] = useState<Doing | null>(null);
  const mine = it.asked.by.id === me?.id;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <Flag tone={TONES[it.state]}>{STATE_WORDS[it.state]}</Flag>
          {named && (
            <Link to="/policies/$policy" params={{ policy: it.policy }} className="prose-link font-[600]">
              {it.policyTitle}
            </Link>
          )}
          <Id>{it.feature ? `${it.system} / ${it.feature}` : it.system}</Id>
          <span className="text-xs text-ink-2">
            <Ending of={it} />
          </span>
        </p>
        <p className="mt-1">{it.why}</p>
        <p className="text-sm text-ink-2">Instead: {it.compensating}</p>
        <p className="mt-1 text-xs text-ink-3">
          asked by {nameOf(it.asked.by)} <Ago at={it.asked.at} />
          {it.approved && (
            <>
              {' '}
              · approved by {nameOf(it.approved.by)} <Ago at={it.approved.at} />
              {it.approved.note && `: ${it.approved.note}`}
            </>
          )}
        </p>
        {it.renewed.map((each) => (
          <p key={each.at} className="text-xs text-ink-3">
            renewed by {nameOf(each.by)} <Ago at={each.at} /> until <Time at={each.until} />: {each.reason}
          </p>
        ))}
        {it.ended && it.ended.how !== 'lapsed' && (
          <p className="text-xs text-ink-3">
            {it.ended.how} by {nameOf(it.ended.by)}: {it.ended.reason}
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-1.5">
        {it.state === 'asked' && approves && !mine && (
          <Button size="sm" look="strong" onClick={() => setDoing('approve')}>
            Approve …
          </Button>
        )}
        {it.state === 'asked' && asks && (
          <Button size="sm" look="quiet" onClick={() => setDoing('decline')}>
            {mine ? 'Take back …' : 'Decline …'}
          </Button>
        )}
        {it.state === 'asked' && mine && approves && (
          <span className="self-center text-xs text-ink-3">somebody else approves it</span>
        )}
        {it.state === 'in-force' && approves && !mine && (
          <Button size="sm" onClick={() => setDoing('renew')}>
            Renew …
          </Button>
        )}
        {it.state === 'in-force' && asks && (
          <Button size="sm" look="quiet" onClick={() => setDoing('end')}>
            End …
          </Button>
        )}
      </div>
      {doing && <DecideException exception={it} doing={doing} onClose={() => setDoing(null)} />}
    </li>
  );
}

function Ending({ of: { state, until, ended } }: { of: PolicyException }) {
  if (state === 'asked' || state === 'in-force')
    return (
      <>
        until <Time at={until} />
      </>
    );
  const at = ended === null || ended.how === 'lapsed' ? until : ended.at;
  return <Ago at={at} />;
}
