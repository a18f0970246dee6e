import {
  type About,
  aspectOf,
  type Event,
  falseAlarmDays,
  type JudgeState,
  judge,
  type MeasureWatch,
  type Step,
  seasonText,
  titleOf,
} from '@firebreak/core/detect/measures';
import { type Archetype, duty, type PagesAlone, promised } from '@firebreak/core/detect/signals';
import { addMs, isRefusal, toMs } from '@firebreak/core/kernel';
import { timeLineOf } from '@firebreak/core/prepare/inventory';
import { type MetricWatchState, SEASON_POINTS, WATCH_SETTINGS } from '@firebreak/core/statistics';
import { type Deps, type Sql, sha256, type Watch } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { type Raised, storeSignals } from '../signals/index.ts';
import { readBins, timeOf } from './read.ts';
import { seasonOf } from './seasons.ts';

const EVERY_MS = 20_000;
const BUDGET_MS = 400;
const MINUTE_MS = 60_000;
/** A minute is shown when nobody is expected to add to it any more. */
const LAG_MS: Readonly<Record<string, number>> = { interactions: 45_000, feedback: 45_000, otlp: 150_000, api: 30_000 };
/** What is older is history to learn from, not news. */
const NEWS_MS = 60 * MINUTE_MS;
const DAY_MS = 86_400_000;
const MOST_MINUTES = 6_000;

interface Due {
  readonly watch: MeasureWatch;
  readonly cursor: string | null;
  readonly unit: string;
  readonly origin: string;
}

/** Watches whose measure has minutes they were not shown. */
async function dueWatches(sql: Sql): Promise<Due[]> {
  const { rows } = await sql.query<Due>(
    `select b.data as watch, st.cursor, m.unit, m.origin from watch_board b
     join (select system, name, max(unit) as unit, max(origin) as origin, max(last_minute) as last from measure_series group by system, name) m
       on m.system = b.system and m.name = b.measure
     left join watch_state st on st.watch = b.id
     where b.active and m.last > coalesce(st.cursor, '') order by st.looked_at nulls first, b.id`,
  );
  return rows;
}

export const ruleMark = (watch: Pick<MeasureWatch, 'rule' | 'feature'>): string =>
  Buffer.from(sha256(Buffer.from(JSON.stringify([watch.rule, watch.feature]))))
    .toString('base64url')
    .slice(0, 16);

const SEASON_STEP = 5;
const stepOf = ({ rule }: MeasureWatch): number => (rule.kind === 'season' ? SEASON_STEP : 1);

/** What a watch has not been shown, oldest first: of too many the oldest, the rest is shown next; or the newest, for who looks back. */
export async function stepsOf(
  sql: Sql,
  watch: Pick<MeasureWatch, 'system' | 'measure' | 'feature'>,
  stepMinutes: number,
  after: string,
  before: string,
  { newest }: { readonly newest: boolean } = { newest: false },
): Promise<Step[]> {
  const from = after === '' ? '' : addMs(timeOf(after), stepMinutes * MINUTE_MS).slice(0, 16);
  const lines = await readBins(sql, {
    system: watch.system,
    name: watch.measure,
    feature: watch.feature,
    from,
    to: before,
    stepMinutes,
    split: 'none',
    newest,
  });
  const steps = [...(lines.get('') ?? [])].map(([minute, bin]) => ({ minute, bin: bin.data() }));
  steps.sort((a, b) => (a.minute < b.minute ? -1 : 1));
  return newest ? steps.slice(-MOST_MINUTES) : steps.slice(0, MOST_MINUTES);
}

const PAST_DAYS = 49;
const PIECE_DAYS = 7;

/** The newest steps of a season up to one that was shown, oldest first: read by weeks, the latest first, until there are enough. */
export async function newestSteps(
  sql: Sql,
  watch: Pick<MeasureWatch, 'system' | 'measure' | 'feature'>,
  cursor: string,
): Promise<Step[]> {
  let to = addMs(timeOf(cursor), SEASON_STEP * MINUTE_MS).slice(0, 16);
  let steps: Step[] = [];
  for (let day = 0; day < PAST_DAYS && steps.length < SEASON_POINTS; day += PIECE_DAYS) {
    const from = addMs(timeOf(to), -PIECE_DAYS * DAY_MS).slice(0, 16);
    const before = addMs(timeOf(from), -SEASON_STEP * MINUTE_MS).slice(0, 16);
    steps = [...(await stepsOf(sql, watch, SEASON_STEP, before, to)), ...steps];
    to = from;
  }
  return steps.slice(-SEASON_POINTS);
}

const QUALITY = new Set(['refusals', 'output.length', 'language', 'thumbs-down', 'tokens.output']);
const archetypeOf = (measure: string): Archetype | null => (QUALITY.has(measure) ? 'quality-drift' : null);
const KINDS = {
  rate: 'rate-moved',
  limit: 'limit-passed',
  season: 'strange-for-the-hour',
  mean: 'mean-moved',
  budget: 'budget-passed',
  shape: 'spread-moved',
} as const;

/** The one version or feature that all of what raised the alarm has in common; null: several, or none was said. */
async function inCommon(
  tx: Sql,
  watch: MeasureWatch,
  since: string,
  to: string,
  split: 'feature' | 'model' | 'prompt',
): Promise<string | null> {
  const until = addMs(timeOf(to), MINUTE_MS).slice(0, 16);
  const lines = await readBins(tx, {
    system: watch.system,
    name: watch.measure,
    feature: watch.feature,
    from: since,
    to: until,
    stepMinutes: 1,
    split,
  });
  const shares = [...lines].map(([label, line]) => {
    let weight = 0;
    for (const bin of line.values()) weight += watch.kind === 'rate' ? bin.x : bin.n;
    return { label, weight };
  });
  const all = shares.reduce((sum, { weight }) => sum + weight, 0);
  const most = shares.sort((a, b) => b.weight - a.weight)[0];
  return most !== undefined && most.label !== '' && all > 0 && most.weight >= 0.9 * all ? most.label : null;
}

/** The newest change of the system in the day before it began, in words. */
async function changeBefore(tx: Sql, system: string, since: string, minute: string): Promise<string | null> {
  const held = await readSystem(tx, system);
  if (isRefusal(held)) return null;
  const from = addMs(timeOf(since), -DAY_MS);
  const until = addMs(timeOf(minute), MINUTE_MS);
  const change = timeLineOf(held).find(({ occurredAt }) => occurredAt >= from && occurredAt <= until);
  if (change === undefined) return null;
  const minutes = Math.round((toMs(timeOf(since)) - toMs(change.occurredAt)) / MINUTE_MS);
  const when =
    minutes >= 0
      ? `${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} before`
      : `${-minutes} min after it began`;
  return `${change.kind}${change.subject ? ` ${change.subject}` : ''} ${change.from ? `${change.from} → ` : ''}${change.to ?? 'changed'}, ${when}`.slice(
    0,
    300,
  );
}

/** A rule that says how seldom it is wrong promises that; of a hard limit, or a season nobody can vouch for, somebody asked. */
function pagesAloneOf({ name, rule }: MeasureWatch): PagesAlone {
  const days = rule.kind === 'season' ? null : falseAlarmDays(rule);
  return days === null
    ? duty(`the watch “${name}” was told to page`)
    : promised(`the watch “${name}” is wrong once in ${days} days, on average`);
}

export type RaisedEvent = Extract<Event, { type: 'raised' }>;

/** What an alarm of a watch tells: `common` is the one feature and version it is about, `change` what was changed before. */
export function signalOfAlarm(
  watch: MeasureWatch,
  event: RaisedEvent,
  common: { readonly feature: string | null; readonly model: string | null; readonly prompt: string | null },
  change: string | null,
): Raised {
  const { feature, model, prompt } = common;
  const text = change === null ? event.text : `${event.text} The newest change before: ${change}.`;
  return {
    at: timeOf(event.minute),
    channel: 'telemetry',
    kind: KINDS[watch.rule.kind],
    detector: `watch ${watch.name}`.slice(0, 256),
    rule: `${watch.rule.kind} of ${watch.measure}`.slice(0, 256),
    evidenceClass: watch.pages ? 'strong' : 'weak',
    score: null,
    system: watch.system,
    feature,
    deployment: null,
    versions: { model, modelAsked: null, prompt, index: null, tools: null },
    subjectHash: null,
    archetype: archetypeOf(watch.measure),
    severityHint: event.severity,
    text: text.slice(0, 2_000),
    quotes: [],
    interaction: null,
    dedupKey: `watch|${watch.id}|${event.minute}|${event.severity ?? ''}`,
    ...(watch.pages && { pagesAlone: pagesAloneOf(watch) }),
  };
}

async function raise(tx: Sql, deps: Deps, watch: MeasureWatch, event: RaisedEvent): Promise<void> {
  const at = timeOf(event.minute);
  const change = await changeBefore(tx, watch.system, event.since, event.minute);
  const [feature, model, prompt] = [
    watch.feature ?? (await inCommon(tx, watch, event.since, event.minute, 'feature')),
    await inCommon(tx, watch, event.since, event.minute, 'model'),
    await inCommon(tx, watch, event.since, event.minute, 'prompt'),
  ];
  const stored = await storeSignals(tx, deps, [signalOfAlarm(watch, event, { feature, model, prompt }, change)]);
  await tx.query(
    `insert into watch_alarm (id, watch, system, measure, at, since, severity, value, usual, text, change, signal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      deps.mint('alm'),
      watch.id,
      watch.system,
      watch.measure,
      at,
      timeOf(event.since),
      event.severity,
      event.value,
      event.usual,
      event.text,
      change,
      stored.ids[0]!,
    ],
  );
}

/** A season has no end of its own: after its rest it may be told again. */
const SEASON_REST_MS = WATCH_SETTINGS.restMs;

/** Shows one watch what is new. What it remembers, its alarms and their signals are written together. */
async function lookWith(deps: Deps, { watch, unit, origin }: Due): Promise<number> {
  const now = deps.now();
  const step = stepOf(watch);
  const to = addMs(now, -(LAG_MS[origin] ?? LAG_MS.otlp!) - (step - 1) * MINUTE_MS).slice(0, 16);
  return deps.db.transaction(async (tx) => {
    const mark = ruleMark(watch);
    await tx.query("insert into watch_state (watch, about) values ($1, '') on conflict (watch) do nothing", [watch.id]);
    const held = (
      await tx.query<{ cursor: string | null; about: string; data: JudgeState }>(
        'select cursor, about, data from watch_state where watch = $1 for update',
        [watch.id],
      )
    ).rows[0]!;
    const same = held.about === mark;
    const cursor = same ? (held.cursor ?? '') : '';
    const about: About = { title: titleOf(watch.measure), kind: watch.kind, unit };
    const found = await stepsOf(tx, watch, step, cursor, to);
    const steps =
      step === 1 ? found : found.filter(({ minute }) => addMs(timeOf(minute), step * MINUTE_MS).slice(0, 16) <= to);
    let state = same ? held.data : null;
    let events: readonly Event[];
    if (watch.rule.kind === 'season')
      ({ state, events } = await seasonEvents(tx, deps, watch, about, state as MetricWatchState | null, cursor, steps));
    else ({ state, events } = judge(watch.rule, about, state, steps));
    const newsFrom = addMs(now, -NEWS_MS).slice(0, 16);
    let raised = 0;
    for (const event of events) {
      if (event.type === 'ended')
        await tx.query('update watch_alarm set ended_at = $2 where watch = $1 and ended_at is null', [
          watch.id,
          timeOf(event.minute),
        ]);
      else if (event.minute >= newsFrom) {
        await raise(tx, deps, watch, event);
        raised++;
      }
    }
    if (watch.rule.kind === 'season')
      await tx.query('update watch_alarm set ended_at = $2 where watch = $1 and ended_at is null and at < $3', [
        watch.id,
        now,
        addMs(now, -SEASON_REST_MS),
      ]);
    await tx.query(
      'update watch_state set cursor = $2, about = $3, looked_at = $4, data = $5::jsonb where watch = $1',
      [watch.id, steps.at(-1)?.minute ?? (cursor || null), mark, now, JSON.stringify(state)],
    );
    return raised;
  }, 'bulk');
}

async function seasonEvents(
  tx: Sql,
  deps: Deps,
  watch: MeasureWatch,
  about: About,
  state: MetricWatchState | null,
  cursor: string,
  steps: readonly Step[],
): Promise<{ state: JudgeState; events: Event[] }> {
  if (watch.rule.kind !== 'season') return { state, events: [] };
  const { aspect } = watch.rule;
  const season = await seasonOf(deps, watch.id, ruleMark(watch), { cursor, aspect, state }, () =>
    cursor === '' ? Promise.resolve([]) : newestSteps(tx, watch, cursor),
  );
  const events: Event[] = [];
  for (const { minute, bin } of steps) {
    const value = aspectOf(bin, aspect);
    if (value === null) continue;
    const alarm = season.push(minute, value);
    if (alarm !== null)
      events.push({
        type: 'raised',
        minute,
        since: minute,
        severity: null,
        value: alarm.mean,
        usual: alarm.usual,
        text: seasonText(about, alarm, minute),
      });
  }
  season.last = steps.at(-1)?.minute ?? season.last;
  return { state: season.state(), events };
}

export const watching: Watch = {
  name: 'watches',
  everyMs: EVERY_MS,
  async look(deps) {
    const began = performance.now();
    let raised = 0;
    for (const due of await dueWatches(deps.db)) {
      raised += await lookWith(deps, due);
      // The rest is due again at the next look, those that waited longest first.
      if (performance.now() - began > BUDGET_MS) break;
    }
    if (raised > 0) {
      deps.hints.give({ kind: 'signals' });
      deps.hints.give({ kind: 'measures' });
      deps.wake();
    }
  },
};
