import { type ReviewItem, reviews } from '@firebreak/contract/detect/reviews';
import { incidents } from '@firebreak/contract/respond/incidents';
import { REVIEW_DECISIONS, type ReviewDecision } from '@firebreak/core/detect/reviews';
import { useState } from 'react';
import { Reported, UNVERIFIED } from '../detect/reports/index.ts';
import { DecidedRows } from '../detect/reviews/DecidedRows.tsx';
import { Promises } from '../detect/reviews/Promises.tsx';
import {
  DECISION_HINTS,
  DECISION_WORDS,
  figuresLine,
  saysOf,
  URGENCY_TONES,
  URGENCY_WORDS,
} from '../detect/reviews/words.ts';
import { Button } from '../ui/Button.tsx';
import { Empty, Section } from '../ui/Card.tsx';
import { useNow } from '../ui/clock.ts';
import { cx } from '../ui/cx.ts';
import { Check, Select, TextArea } from '../ui/Field.tsx';
import { Flag, Id } from '../ui/Marks.tsx';
import { Ago } from '../ui/Time.tsx';
import { useAct, useAsk } from './ask.ts';
import { useKeys } from './keys.ts';
import { useListKeys } from './list-keys.ts';
import { Page } from './Page.tsx';
import { useMay, useMe, useNames } from './session.tsx';
import { Shown, Trouble } from './Trouble.tsx';
import { OPEN_INCIDENTS } from './waiting.ts';

const REFRESHES = ['/api/v1/reviews', '/api/v1/candidates', '/api/v1/incidents'];
const NEW = '';

function Decide({ item, onDone }: { item: ReviewItem; onDone: (decided: readonly string[]) => void }) {
  const { feedback, alike } = item;
  const [as, setAs] = useState<ReviewDecision | null>(null);
  const [reason, setReason] = useState('');
  const [together, setTogether] = useState(false);
  const [incident, setIncident] = useState(NEW);
  const open = useAsk(incidents.list, OPEN_INCIDENTS);
  const decide = useAct(reviews.decide, { refreshes: REFRESHES, done: (answer) => onDone(answer.decided) });
  const send = (label: string | null): void => {
    if (as === null) return;
    const ids = together ? [feedback.id, ...alike.filter((id) => id !== feedback.id)].slice(0, 200) : [feedback.id];
    decide.mutate({ body: { feedback: ids, as, reason, incident: label } });
  };
  const declare = useAct(incidents.declare, { done: (answer) => send(answer.incident.label) });
  useKeys(Object.fromEntries(REVIEW_DECISIONS.map((each, i) => [String(i + 1), () => setAs(each)])));
  const submit = (): void => {
    if (as !== 'incident') send(null);
    else if (incident !== NEW) send(incident);
    else
      declare.mutate({
        body: {
          title: saysOf(feedback).slice(0, 140),
          summary: `From the review queue: “${saysOf(feedback).slice(0, 1_000)}” ${reason}`,
          systems: [feedback.system],
        },
      });
  };
  const failed = declare.error ?? decide.error;
  return (
    <form
      className="mt-3 grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset className="grid grid-cols-2 gap-2 desk:grid-cols-4">
        <legend className="mb-1 text-sm font-[600]">What is it?</legend>
        {REVIEW_DECISIONS.map((each, i) => (
          <Button
            key={each}
            size="lg"
            aria-pressed={as === each}
            look={as === each ? 'strong' : 'plain'}
            hotkey={String(i + 1)}
            className="px-2! text-sm! [&_kbd]:max-phone:hidden"
            onClick={() => setAs(each)}
          >
            {DECISION_WORDS[each]}
          </Button>
        ))}
      </fieldset>
      {as !== null && <p className="text-xs text-ink-2">{DECISION_HINTS[as]}</p>}
      {as === 'incident' && (
        <Select
          label="Which incident"
          value={incident}
          onText={setIncident}
          options={[
            { value: NEW, label: 'Declare a new one with these words' },
            ...(open.data?.incidents ?? []).map((it) => ({ value: it.label, label: `${it.label}: ${it.title}` })),
          ]}
        />
      )}
      <TextArea
        label="Why"
        value={reason}
        onText={setReason}
        rows={2}
        maxLength={1_000}
        hint="What you looked at, and what was answered."
      />
      {alike.length > 0 && (
        <Check
          label={`Decide ${alike.length === 1 ? 'the other one that says' : `the ${alike.length} others that say`} the same as well`}
          checked={together}
          onCheck={setTogether}
        />
      )}
      {failed && <Trouble error={failed} />}
      <Button
        type="submit"
        size="lg"
        look="strong"
        busy={decide.isPending || declare.isPending}
        disabled={as === null || reason.trim() === ''}
        className="phone:justify-self-start"
      >
        {together ? `Decide ${alike.length + 1} together` : 'Decide'}
      </Button>
    </form>
  );
}

function Item({
  item,
  open,
  judges,
  onOpen,
  onDone,
}: {
  item: ReviewItem;
  open: boolean;
  judges: boolean;
  onOpen: (open: boolean) => void;
  onDone: (decided: readonly string[]) => void;
}) {
  const { feedback, taken } = item;
  const { data: me } = useMe();
  const nameOf = useNames();
  const take = useAct(reviews.take, { refreshes: ['/api/v1/reviews'] });
  const release = useAct(reviews.release, { refreshes: ['/api/v1/reviews'] });
  const params = { feedback: feedback.id };
  const toggle = (): void => {
    if (judges && !open) take.mutate({ params });
    if (judges && open) release.mutate({ params });
    onOpen(!open);
  };
  const others = taken !== null && taken.by.id !== me?.id;
  return (
    <li className={cx('border-l-4 px-4 py-3', item.overdue ? 'border-l-ember' : 'border-l-transparent')}>
      <button
        type="button"
        data-row={feedback.id}
        aria-expanded={open}
        onClick={toggle}
        className="block w-full rounded-md text-left break-words"
      >
        <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          {(!feedback.report || item.urgency === 'danger') && (
            <Flag tone={URGENCY_TONES[item.urgency]}>{URGENCY_WORDS[item.urgency]}</Flag>
          )}
          {feedback.report && <Flag tone="amber">{UNVERIFIED}</Flag>}
          {item.overdue && <Flag tone="ember">late</Flag>}
          {item.alike.length > 0 && <Flag>{item.alike.length} more say the same</Flag>}
          {taken !== null && <Flag tone="blue">{others ? `${nameOf(taken.by)} looks at it` : 'you look at it'}</Flag>}
        </span>
        <span className={cx('mt-1 block font-[560]', open ? 'whitespace-pre-line' : 'line-clamp-2')}>
          {saysOf(feedback)}
        </span>
        <span className="mt-0.5 block text-xs text-ink-3">
          {feedback.system}
          {feedback.feature && ` · ${feedback.feature}`} · received <Ago at={feedback.receivedAt} /> ·{' '}
          {item.overdue ? 'promised' : 'due'} <Ago at={item.dueAt} />
        </span>
      </button>
      {open && (
        <>
          {feedback.ticket && (
            <p className="mt-1 text-xs break-all text-ink-2">
              Ticket:{' '}
              {/^https?:\/\//.test(feedback.ticket) ? (
                <a href={feedback.ticket} target="_blank" rel="noreferrer" className="prose-link">
                  {feedback.ticket}
                </a>
              ) : (
                feedback.ticket
              )}
            </p>
          )}
          <p className="mt-1 text-xs text-ink-3">
            {feedback.interaction ? (
              <>
                It speaks of the conversation <Id>{feedback.interaction}</Id>
              </>
            ) : (
              'No conversation is known for it.'
            )}
          </p>
          <Reported feedback={feedback} judges={judges} />
          {take.error && <Trouble error={take.error} />}
          {judges && !take.error && !others && <Decide item={item} onDone={onDone} />}
        </>
      )}
    </li>
  );
}

/** What people said about the systems and nobody has looked at: most urgent first, worked with the keyboard or one thumb. */
export function ReviewPage() {
  const queue = useAsk(reviews.queue, { query: {} }, { every: 20_000 });
  const figures = useAsk(reviews.figures, {}, { every: 60_000 });
  const judges = useMay('candidate.judge');
  const now = useNow(30_000);
  const keys = useListKeys();
  const [open, setOpen] = useState<string | null>(null);
  /** To the next one that stays, before those that were decided leave. */
  const goOn = (from: string, decided: readonly string[]): void => {
    setOpen(null);
    const rows = [...(keys.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row.dataset.row === from);
    const next = [...rows.slice(at), ...rows].find((row) => !decided.includes(row.dataset.row ?? ''));
    next?.focus();
  };
  return (
    <Page
      title="Review queue"
      lead={figures.data ? figuresLine(figures.data, now) : 'What people said, and nobody has looked at yet.'}
    >
      <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
        <div ref={keys} className="min-w-0">
          <Section
            title="Waiting, most urgent first"
            aside={<span className="max-phone:hidden">J and K walk, Enter takes, 1 to 4 decide</span>}
          >
            <Shown of={queue} lines={6}>
              {({ items }) =>
                items.length === 0 ? (
                  <Empty title="Nobody waits for an answer">
                    Thumbs down, abuse reports, comments, tickets and public reports that reach Firebreak stand here
                    until a person has looked at them, within 24 hours unless something else was promised. Thanks and
                    thumbs up do not.
                  </Empty>
                ) : (
                  <ul
                    aria-label="Review queue"
                    className="overflow-hidden rounded-lg border border-line bg-surface *:border-t *:border-t-line *:first:border-t-0"
                  >
                    {items.map((item) => (
                      <Item
                        key={item.feedback.id}
                        item={item}
                        judges={judges}
                        open={open === item.feedback.id}
                        onOpen={(on) => setOpen(on ? item.feedback.id : null)}
                        onDone={(decided) => goOn(item.feedback.id, decided)}
                      />
                    ))}
                  </ul>
                )
              }
            </Shown>
          </Section>
        </div>
        <aside className="min-w-0">
          {figures.data && <Promises systems={figures.data.systems} />}
          <Section title="Decided lately">
            <DecidedRows />
          </Section>
        </aside>
      </div>
    </Page>
  );
}
