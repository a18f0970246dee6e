import { type MeasurePoint, measures, RANGES, SPLITS } from '@firebreak/contract/detect/measures';
import { type MeasureAlarm, watches } from '@firebreak/contract/detect/watches';
import { changes } from '@firebreak/contract/prepare/changes';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Empty, Rows, Section, Skeleton } from '../../ui/Card.tsx';
import { Flag, Severity } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { WatchForm } from './WatchForm.tsx';
import { WatchRows } from './WatchRows.tsx';
import { LAST_WORDS, valueText } from './words.ts';

const Chart = lazy(() => import('./Chart.tsx'));
const SPLIT_WORDS = {
  none: 'Together',
  feature: 'By feature',
  model: 'By model',
  prompt: 'By prompt version',
} as const;
const MOST_IN_TABLE = 60;
const NO_CHANGES: never[] = [];

function AlarmRows({ alarms }: { alarms: readonly MeasureAlarm[] }) {
  if (alarms.length === 0) return <Empty title="No alarm in the time that is kept" />;
  return (
    <Rows label="Alarms">
      {alarms.map((alarm) => (
        <li key={alarm.id} className="px-4 py-2.5">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <Time at={alarm.at} className="font-[600]" />
            {alarm.severity !== null && <Severity level={alarm.severity} size="sm" />}
            <Flag tone={alarm.endedAt === null ? 'ember' : 'plain'}>{alarm.endedAt === null ? 'goes on' : 'over'}</Flag>
            <span className="text-xs text-ink-3">{alarm.watchName}</span>
          </p>
          <p className="text-sm break-words">{alarm.text}</p>
          {alarm.change && (
            <p className="text-xs text-ink-2">The newest change before: {alarm.change}. Not a cause by that alone.</p>
          )}
        </li>
      ))}
    </Rows>
  );
}

function Table({ points, text }: { points: readonly MeasurePoint[]; text: (value: number | null) => string }) {
  return (
    <details className="mt-2">
      <summary className="cursor-pointer text-xs text-ink-2">
        The same as a table{points.length > MOST_IN_TABLE && `, the last ${MOST_IN_TABLE}`}
      </summary>
      <div className="mt-2">
        <table className="w-full text-xs tabular-nums">
          <thead>
            <tr className="text-left text-ink-3">
              <th className="py-1 font-normal">at</th>
              <th className="font-normal">value</th>
              <th className="font-normal">from, to</th>
              <th className="font-normal">of</th>
            </tr>
          </thead>
          <tbody>
            {points
              .slice(-MOST_IN_TABLE)
              .toReversed()
              .map((point) => (
                <tr key={point.at} className="border-t border-line">
                  <td className="py-1">
                    <Time at={point.at} />
                  </td>
                  <td>{text(point.value)}</td>
                  <td>{point.low === null ? '–' : `${text(point.low)}, ${text(point.high)}`}</td>
                  <td>{Math.round(point.n).toLocaleString('en')}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** One measure over time, with its alarms, the changes of its system, and what watches it. */
export function MeasurePage() {
  const { system, measure: name } = useParams({ strict: false }) as { system: string; measure: string };
  const [range, setRange] = useState<(typeof RANGES)[number]>('24h');
  const [split, setSplit] = useState<(typeof SPLITS)[number]>('none');
  const [adding, setAdding] = useState(false);
  const edits = useMay('monitor.edit');
  const params = { system, measure: name };
  const asked = useAsk(
    measures.show,
    { params, query: { range, split } },
    { every: 15_000, placeholder: (before) => before },
  );
  const watched = useAsk(watches.list, { query: { system, measure: name } }, { every: 10_000 });
  const told = useAsk(watches.alarms, { query: { system, measure: name } }, { every: 10_000 });
  const line = useAsk(changes.timeLine, { params: { system }, query: {} });
  const { data } = asked;
  const measure = data?.measure;
  const format = useMemo(() => (value: number) => (measure ? valueText(measure, value) : String(value)), [measure]);
  const alarms = useMemo(
    () =>
      (told.data?.alarms ?? []).map(({ since, endedAt, at }) => ({
        from: Date.parse(since) / 1_000,
        to: Date.parse(endedAt ?? data?.to ?? at) / 1_000,
      })),
    [told.data, data?.to],
  );
  const inRange = useMemo(
    () =>
      data && line.data
        ? line.data.changes.filter(({ occurredAt }) => occurredAt >= data.from && occurredAt <= data.to)
        : NO_CHANGES,
    [data, line.data],
  );
  const marks = useMemo(() => inRange.map(({ occurredAt }) => Date.parse(occurredAt) / 1_000), [inRange]);
  return (
    <Page
      title={measure?.title ?? name}
      eyebrow={
        <>
          <Link to="/measures" className="prose-link">
            Measures
          </Link>{' '}
          · {system}
        </>
      }
      lead={measure?.says ? `${measure.says.charAt(0).toUpperCase()}${measure.says.slice(1)}.` : ' '}
      system={system}
      actions={edits && measure && <Button onClick={() => setAdding(true)}>Watch it …</Button>}
    >
      <Shown of={asked}>
        {(shown) => (
          <>
            <Section
              title={`${valueText(shown.measure, shown.measure.last)} ${shown.measure.kind === 'mix' ? '' : LAST_WORDS[shown.measure.kind]} in the last hour with data`}
              aside={
                <div className="flex flex-wrap justify-end gap-1.5">
                  {RANGES.map((each) => (
                    <Button
                      key={each}
                      size="sm"
                      look={each === range ? 'plain' : 'quiet'}
                      aria-pressed={each === range}
                      onClick={() => setRange(each)}
                    >
                      {each}
                    </Button>
                  ))}
                </div>
              }
            >
              <Card>
                <div className="mb-2 flex flex-wrap gap-1.5">
                  {SPLITS.map((each) => (
                    <Button
                      key={each}
                      size="sm"
                      look={each === split ? 'plain' : 'quiet'}
                      aria-pressed={each === split}
                      onClick={() => setSplit(each)}
                    >
                      {SPLIT_WORDS[each]}
                    </Button>
                  ))}
                </div>
                {shown.measure.kind === 'mix' ? (
                  <ul className="grid gap-1" aria-label="Shares">
                    {shown.parts.map((part) => (
                      <li
                        key={part.name}
                        className="grid grid-cols-[6rem_minmax(0,1fr)_4rem] items-center gap-2 text-sm"
                      >
                        <span>{part.name}</span>
                        <span className="h-2.5 rounded-sm bg-sunken">
                          <span className="block h-full rounded-sm bg-blue" style={{ width: `${100 * part.share}%` }} />
                        </span>
                        <span className="text-right tabular-nums">{(100 * part.share).toFixed(1)} %</span>
                      </li>
                    ))}
                  </ul>
                ) : shown.lines.length === 0 ? (
                  <p className="py-6 text-ink-2">No data in this range.</p>
                ) : (
                  <>
                    <Suspense fallback={<Skeleton lines={6} />}>
                      <Chart
                        lines={shown.lines}
                        from={Date.parse(shown.from) / 1_000}
                        to={Date.parse(shown.to) / 1_000}
                        alarms={alarms}
                        changes={marks}
                        format={format}
                      />
                    </Suspense>
                    <p className="mt-2 text-xs text-ink-3">
                      {shown.stepMinutes === 1
                        ? 'Each minute'
                        : `Steps of ${shown.stepMinutes < 60 ? `${shown.stepMinutes} minutes` : `${shown.stepMinutes / 60} hours`}`}
                      {split === 'none' &&
                        (shown.measure.kind === 'rate'
                          ? ', thin lines: 95 % interval'
                          : ', thin lines: smallest and greatest')}
                      {alarms.length > 0 && ' · shaded: alarms'}
                      {marks.length > 0 && ' · upright: changes of the system'}
                      {shown.more > 0 && ` · ${shown.more} more lines are not shown`}
                    </p>
                    {split === 'none' && (
                      <Table points={shown.lines[0]!.points} text={(value) => valueText(shown.measure, value)} />
                    )}
                  </>
                )}
              </Card>
            </Section>
            <Section title="Watches">
              <Shown of={watched}>
                {({ watches: rows }) => <WatchRows rows={rows} measure={shown.measure} edits={edits} />}
              </Shown>
            </Section>
            <Section title="Alarms">
              <Shown of={told}>{({ alarms: rows }) => <AlarmRows alarms={rows} />}</Shown>
            </Section>
            {inRange.length > 0 && (
              <Section title="Changes in this time">
                <Rows label="Changes">
                  {inRange.slice(0, 20).map((change) => (
                    <li key={change.id} className="px-4 py-2 text-sm">
                      <Time at={change.occurredAt} className="font-[600]" /> {change.kind} {change.subject}{' '}
                      {change.from && `${change.from} → `}
                      {change.to}
                      {change.deployment && <span className="text-xs text-ink-3"> in {change.deployment}</span>}
                    </li>
                  ))}
                </Rows>
              </Section>
            )}
            {adding && <WatchForm measure={shown.measure} watch={null} onClose={() => setAdding(false)} />}
          </>
        )}
      </Shown>
    </Page>
  );
}
