import { type HeldAnswer, heldAnswers } from '@firebreak/contract/respond/held-answers';
import type { HeldDecision } from '@firebreak/core/respond/held-answers';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { argumentRows, STATE_TONES, STATE_WORDS } from './words.ts';

const REFRESHES = ['/api/v1/held-answers'];

function What({ item }: { item: HeldAnswer }) {
  return (
    <div className="grid gap-2">
      {item.question !== null && (
        <div>
          <p className="text-xs text-ink-3">It was asked</p>
          <p className="text-sm break-words whitespace-pre-wrap text-ink-2">{item.question}</p>
        </div>
      )}
      {item.tool === null ? (
        <div>
          <p className="text-xs text-ink-3">It would answer</p>
          <p className="break-words whitespace-pre-wrap">{item.text ?? 'The words were erased.'}</p>
        </div>
      ) : (
        <div>
          <p className="text-xs text-ink-3">
            It would call <b className="font-mono text-ink">{item.tool}</b> with
          </p>
          <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 font-mono text-sm">
            {argumentRows(item.arguments).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{name}</dt>
                <dd className="break-words whitespace-pre-wrap">{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}

function Decide({ item }: { item: HeldAnswer }) {
  const [instead, setInstead] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const decide = useAct(heldAnswers.decide, { refreshes: REFRESHES });
  const send = (as: HeldDecision): void =>
    decide.mutate({
      params: { held: item.held },
      body: { as, text: as === 'edited' ? instead : null, reason: reason.trim() || null },
    });
  return (
    <div className="mt-3 grid gap-2">
      {instead !== null && (
        <TextArea label="Say this instead" value={instead} onText={setInstead} rows={4} maxLength={50_000} />
      )}
      <TextArea
        label="Why"
        value={reason}
        onText={setReason}
        rows={1}
        maxLength={2_000}
        hint="May stay empty; the application is told."
      />
      {decide.error && <Trouble error={decide.error} />}
      <div className="flex flex-wrap gap-2">
        {instead === null ? (
          <Button size="lg" look="strong" busy={decide.isPending} onClick={() => send('approved')}>
            {item.tool === null ? 'Let it go' : 'Let it run'}
          </Button>
        ) : (
          <Button
            size="lg"
            look="strong"
            busy={decide.isPending}
            disabled={instead.trim() === ''}
            onClick={() => send('edited')}
          >
            Say this instead
          </Button>
        )}
        {item.tool === null && (
          <Button size="lg" onClick={() => setInstead(instead === null ? (item.text ?? '') : null)}>
            {instead === null ? 'Edit …' : 'As it was'}
          </Button>
        )}
        <Button size="lg" busy={decide.isPending} onClick={() => send('declined')}>
          Decline
        </Button>
      </div>
    </div>
  );
}

function About({ item }: { item: HeldAnswer }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-3">
      <Link to="/systems/$system" params={{ system: item.system }} className="prose-link">
        {item.system}
      </Link>
      {item.feature !== null && <span>{item.feature}</span>}
      {item.queue !== '' && <span>for {item.queue}</span>}
      {item.hold !== null && (
        <span>
          held by{' '}
          <Link to="/incidents/$incident/contain" params={{ incident: item.hold.label }} className="prose-link">
            {item.hold.label}
          </Link>
        </span>
      )}
      <span>{item.instance}</span>
      <Ago at={item.at} />
    </p>
  );
}

function Decided() {
  const names = useNames();
  const asked = useAsk(heldAnswers.list, { query: { show: 'decided', limit: 20 } }, { every: 30_000 });
  const items = asked.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title="Decided lately" className="mt-6">
      <Rows label="Decided lately">
        {items.map((item) => (
          <li key={item.held} className="grid gap-1 px-4 py-2.5">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <Flag tone={STATE_TONES[item.state]}>{STATE_WORDS[item.state]}</Flag>
              <span className="min-w-0 flex-1 basis-60 break-words">
                {item.tool === null
                  ? (item.text ?? 'The words were erased.').slice(0, 300)
                  : `${item.tool}(${(item.arguments ?? '').slice(0, 200)})`}
              </span>
            </p>
            {item.instead !== null && (
              <p className="text-sm break-words text-ink-2">Said instead: {item.instead.slice(0, 300)}</p>
            )}
            <p className="text-xs text-ink-3">
              {item.decidedBy === null ? 'The application gave up' : names(item.decidedBy)}
              {item.reason !== null && `: ${item.reason}`} · {item.decidedAt !== null && <Ago at={item.decidedAt} />} ·{' '}
              {item.system}
            </p>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

/** Answers and calls that wait for a person before they leave. */
export function HeldAnswersPage() {
  const asked = useAsk(heldAnswers.list, { query: {} }, { every: 5_000 });
  const decides = useMay('answer.decide');
  const list = useListKeys();
  return (
    <Page title="Held answers" lead="Somebody waits for each of these. What nobody decides is not said, and not done.">
      <Shown of={asked}>
        {({ items, waiting }) =>
          items.length === 0 ? (
            <Empty title="No answer waits for a person">
              A control of the kind “review” keeps answers or calls of a system here until somebody has looked: the
              guard in the application submits them and waits. Wire one on the screen of the system.
            </Empty>
          ) : (
            <div ref={list}>
              <Rows label="Held answers">
                {items.map((item) => (
                  <li key={item.held} className="grid gap-2 px-4 py-3.5">
                    <About item={item} />
                    <What item={item} />
                    {decides && <Decide item={item} />}
                  </li>
                ))}
              </Rows>
              {waiting > items.length && (
                <p className="mt-2 text-xs text-ink-3">And {waiting - items.length} that came later.</p>
              )}
            </div>
          )
        }
      </Shown>
      <Decided />
    </Page>
  );
}
