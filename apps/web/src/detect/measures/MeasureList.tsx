import { type MeasureRow, measures } from '@firebreak/contract/detect/measures';
import { type MeasureWatch, watches } from '@firebreak/contract/detect/watches';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag, Id } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { BudgetCard } from './BudgetCard.tsx';
import { Spark } from './Spark.tsx';
import { LAST_WORDS, STATE_TONES, STATE_WORDS, standingOf, valueText, wrongText } from './words.ts';

function Row({ measure, watched }: { measure: MeasureRow; watched: readonly MeasureWatch[] }) {
  const state = standingOf(watched);
  const alarm = watched.find((watch) => watch.alarm !== null)?.alarm;
  const days = watched
    .filter(({ pages, paused }) => pages && paused === null)
    .map(({ falseAlarmDays }) => falseAlarmDays);
  return (
    <li data-row className="px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <Link
              to="/measures/$system/$measure"
              params={{ system: measure.system, measure: measure.name }}
              className="prose-link font-[600]"
            >
              {measure.title}
            </Link>
            {state === null ? <Flag>not watched</Flag> : <Flag tone={STATE_TONES[state]}>{STATE_WORDS[state]}</Flag>}
            {measure.title !== measure.name && <Id>{measure.name}</Id>}
          </p>
          <p className="text-xs text-ink-3">
            {measure.says ?? `sent ${measure.origin === 'otlp' ? 'as an OpenTelemetry metric' : 'by your programs'}`}
            {days.length > 0 &&
              ` · pages, ${wrongText(Math.min(...days.map((each) => each ?? Number.POSITIVE_INFINITY)))}`}
          </p>
          {alarm && <p className="mt-1 text-sm break-words">{alarm.text}</p>}
        </div>
        {measure.kind !== 'mix' && <Spark values={measure.spark} label={`${measure.title}, the last 24 hours`} />}
        <p className="w-40 text-right max-phone:text-left">
          <span className="font-[600] tabular-nums">
            {measure.kind === 'mix' ? '–' : valueText(measure, measure.last)}
          </span>
          <span className="block text-xs text-ink-3">
            {LAST_WORDS[measure.kind]}, <Ago at={measure.lastAt} />
          </span>
        </p>
      </div>
    </li>
  );
}

/** Every number over time, by system: the last day, how it stands, how often its watches are wrong. */
export function MeasureList() {
  const asked = useAsk(measures.list, { query: {} }, { every: 10_000 });
  const watched = useAsk(watches.list, { query: {} }, { every: 15_000 });
  const edits = useMay('monitor.edit');
  return (
    <Page
      title="Measures"
      actions={
        <Link to="/predictions" className={buttonClass()}>
          Predictions
        </Link>
      }
      lead="Numbers over time: what is counted from answers and feedback, and what your programs send."
    >
      <Shown of={asked}>
        {({ measures: rows, leftOut, more }) => {
          const of = (row: MeasureRow): MeasureWatch[] =>
            (watched.data?.watches ?? []).filter(
              ({ system, measure }) => system === row.system && measure === row.name,
            );
          const systems = [...new Set(rows.map(({ system }) => system))];
          return rows.length === 0 ? (
            <Empty title="Nothing is measured yet">
              As soon as interactions come in, errors, latency, tokens, refusals and complaints are counted by the
              minute, and watched once there are 200 of them. OpenTelemetry metrics go to <code>/v1/metrics</code>,
              queues and backlogs to <code>/api/v1/measures</code>.
            </Empty>
          ) : (
            <>
              {watched.data && <BudgetCard budget={watched.data.budget} edits={edits} />}
              {systems.map((system) => (
                <Section
                  key={system}
                  title={system}
                  aside={
                    <Link to="/systems/$system" params={{ system }} className="prose-link">
                      The system
                    </Link>
                  }
                >
                  <Rows label={`Measures of ${system}`}>
                    {rows
                      .filter((row) => row.system === system)
                      .map((row) => (
                        <Row key={row.name} measure={row} watched={of(row)} />
                      ))}
                  </Rows>
                </Section>
              ))}
              {more && <p className="mb-5 text-sm text-ink-2">There are more: the first 300 are shown.</p>}
              {leftOut.length > 0 && (
                <Section title="Left out">
                  <Rows label="Left out">
                    {leftOut.map((it) => (
                      <li key={`${it.system} ${it.name} ${it.why}`} className="px-4 py-2 text-sm">
                        <span className="font-[600]">{it.name || 'metrics'}</span> {it.system && `of ${it.system}`}:{' '}
                        {it.why}
                        <span className="block text-xs text-ink-3">
                          {it.count === 1 ? 'once' : `${it.count} times`}, last <Ago at={it.lastAt} />
                        </span>
                      </li>
                    ))}
                  </Rows>
                </Section>
              )}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}
