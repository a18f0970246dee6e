import { access, type UnusualAccess, type UsualAccess } from '@firebreak/contract/detect/access';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { InteractionDialog } from '../records/index.ts';
import { accessWord, measured, spendersWord, whoWord } from './words.ts';

function MadeOf({ it, onOpen }: { it: UnusualAccess; onOpen: (interaction: string) => void }) {
  const count = Math.max(it.interactions.length, it.signIns.length);
  if (count === 0) return <p className="text-xs text-ink-3">What it is made of is no longer kept.</p>;
  return (
    <details className="text-sm">
      <summary>
        What it is made of: {it.signIns.length > 0 ? `${it.signIns.length} sign-ins` : `${count} interactions`}
      </summary>
      {it.signIns.length > 0 ? (
        <ul className="mt-1 grid gap-0.5 text-xs text-ink-2">
          {it.signIns.map((each, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what a signal is made of never changes its place
            <li key={at} className="break-words">
              <Time at={each.at} /> · {each.outcome === 'refused' ? 'refused' : 'let in'}
              {each.country && ` · ${each.country}`}
              {each.reason && ` · ${each.reason}`}
            </li>
          ))}
        </ul>
      ) : (
        <ol className="mt-1 flex flex-wrap gap-1">
          {it.interactions.map((id, at) => (
            <li key={id}>
              <Button size="sm" aria-label={`Interaction ${at + 1} of ${count}`} onClick={() => onOpen(id)}>
                {at + 1}
              </Button>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

function Told({ it, onOpen }: { it: UnusualAccess; onOpen: (interaction: string) => void }) {
  const numbers = measured(it);
  return (
    <li className="grid gap-1 px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-[600]">{it.system}</span>
        <Flag tone={it.evidenceClass === 'weak' ? 'amber' : 'ember'}>{accessWord(it.kind)}</Flag>
        <Time at={it.at} className="text-xs text-ink-3" />
      </p>
      <p className="text-sm break-words">{it.text}</p>
      <p className="text-xs break-words text-ink-2">
        {it.of === 'person' && it.who !== null ? (
          <Link to="/records" search={{ system: it.system, subject: it.who }} className="prose-link">
            {whoWord(it)}
          </Link>
        ) : (
          whoWord(it)
        )}
        {numbers !== null && ` · ${numbers}`}
      </p>
      <MadeOf it={it} onOpen={onOpen} />
    </li>
  );
}

function Usual({ it }: { it: UsualAccess }) {
  const spenders = spendersWord(it);
  return (
    <li className="px-4 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-[600]">{it.system}</span>
        <span className="text-sm text-ink-2">{it.of === 'person' ? 'people and programs' : 'sessions'}</span>
        {!it.known && <Flag>not enough yet</Flag>}
      </p>
      <p className="text-xs text-ink-2">
        {it.principals.toLocaleString('en')} seen in {it.windows.toLocaleString('en')} hours, {it.perHour.toFixed(1)}{' '}
        requests of one in an hour
        {it.tokensPerHour !== null && `, ${Math.round(it.tokensPerHour).toLocaleString('en')} tokens`}
        {it.nearShare !== null && `, ${Math.round(100 * it.nearShare)} % of questions nearly the last one`} · since{' '}
        <Ago at={it.since} />
      </p>
      {spenders !== null && (
        <p className="text-xs break-words text-ink-2">
          {it.spentOn?.slice(0, 10)}: {spenders}
        </p>
      )}
    </li>
  );
}

/** Who asks in a way nobody did before, and how they sign in. */
export function AccessPage() {
  const asked = useAsk(access.list, { query: {} }, { every: 15_000 });
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Page
      title="Access"
      lead="Who asks or spends far more than it and the others ever did, goes through numbers one by one, repeats itself, or signs in strangely."
    >
      <Shown of={asked}>
        {({ told, usual }) => (
          <>
            <Section title="What stood out">
              {told.length === 0 ? (
                <Empty title="Nobody stood out">
                  Interactions that name a person, a program or a session are held against what that one did before and
                  what the others do. Sign-ins come to /api/v1/sign-ins.
                </Empty>
              ) : (
                <Rows label="What stood out">
                  {told.map((it) => (
                    <Told key={it.signal} it={it} onOpen={setOpen} />
                  ))}
                </Rows>
              )}
            </Section>
            <Section title="What is usual">
              {usual.length === 0 ? (
                <Empty title="Nothing is known yet">
                  200 hours in which somebody asked, or 30 within a week, are enough to begin.
                </Empty>
              ) : (
                <Rows label="What is usual">
                  {usual.map((it) => (
                    <Usual key={`${it.system} ${it.of}`} it={it} />
                  ))}
                </Rows>
              )}
            </Section>
          </>
        )}
      </Shown>
      {open !== null && <InteractionDialog id={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
