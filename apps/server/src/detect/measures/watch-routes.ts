import { watches as doors, type MeasureWatch as Wire } from '@firebreak/contract/detect/watches';
import {
  type About,
  addWatch,
  aspectOf,
  describeWatch,
  falseAlarmDays,
  falseAlarmsAWeek,
  foldBudget,
  foldWatch,
  judge,
  MEASURE_LIMITS,
  type MeasureWatch,
  pauseWatch,
  type Rule,
  removeWatch,
  resumeWatch,
  ruleFault,
  seasonText,
  setBudget,
  standingOf,
  titleOf,
  type WatchId,
} from '@firebreak/core/detect/measures';
import { type Decision, type Instant, isRefusal, refuse } from '@firebreak/core/kernel';
import { MetricWatch } from '@firebreak/core/statistics';
import { type App, act, type Caller, type Deps, route } from '../../platform/index.ts';
import { suitesThatPage } from '../evals/index.ts';
import { newestSteps, ruleMark, stepsOf } from './look.ts';
import { readMeasure, timeOf } from './read.ts';
import { countWatches, listWatches, readBudget, readWatch, type WatchRow } from './watch-board.ts';

type WatchDecision = ReturnType<typeof addWatch>;
const BUDGET_STREAM = 'alarm-budget';
const MOST_SHOWN = 60;

const unknown = () => refuse('watch.unknown', 'There is no such watch. List the watches to see the ones there are.');

function shown({ data, cursor, about, state, unit, alarms, alarm }: WatchRow): Wire {
  const { removed: _, ...watch } = data;
  // What was learned for another rule says nothing about this one.
  const known = about === ruleMark(data) ? state : null;
  const standing = standingOf(data.rule, known);
  return {
    ...watch,
    rule: writable(data.rule),
    title: titleOf(data.measure),
    unit: unit ?? '',
    state:
      data.paused !== null
        ? 'paused'
        : alarm !== null
          ? 'alarming'
          : standing.state === 'alarming'
            ? 'watching'
            : standing.state,
    usualValue: standing.usual,
    limit: standing.limit,
    learned: standing.learned,
    method: standing.method,
    falseAlarmDays: falseAlarmDays(data.rule),
    shownUpTo: cursor === null ? null : timeOf(cursor),
    alarms,
    alarm,
  };
}
const writable = (rule: Rule): Wire['rule'] =>
  rule.kind === 'limit' ? { ...rule, steps: rule.steps.map((step) => ({ ...step })) } : rule;

export function watchRoutes(app: App, deps: Deps): void {
  const budget = async () => {
    const active = (await listWatches(deps.db, null, null)).filter(({ data }) => data.paused === null);
    const rules = (pages: boolean): Rule[] =>
      active.filter(({ data }) => data.pages === pages).map(({ data }) => data.rule);
    const { suites, perWeek } = await suitesThatPage(deps.db);
    return {
      perWeek: await readBudget(deps.db),
      expected: falseAlarmsAWeek(rules(true)) + perWeek,
      watches: rules(true).length,
      suites,
      supporting: falseAlarmsAWeek(rules(false)),
    };
  };
  const change = async (id: string, by: Caller, decide: (state: MeasureWatch | null) => WatchDecision) => {
    const done = await act(deps, { stream: id, by, may: 'monitor.edit', fold: foldWatch, decide });
    if (isRefusal(done)) return done;
    deps.hints.give({ kind: 'measures' });
    const row = await readWatch(deps.db, id);
    return row === null ? unknown() : { watch: shown(row) };
  };

  route(app, doors.list, async ({ query }) => ({
    watches: (await listWatches(deps.db, query.system ?? null, query.measure ?? null)).map(shown),
    budget: await budget(),
  }));

  route(app, doors.add, async ({ body, caller }) => {
    const measure = await readMeasure(deps.db, body.system, body.measure);
    if (measure === null)
      return refuse(
        'measure.unknown',
        `Nothing was measured as “${body.measure}” of ${body.system} so far. Send it first.`,
        '/measure',
      );
    const beside = await countWatches(deps.db);
    if (beside >= MEASURE_LIMITS.watches)
      return refuse('watch.too-many', `There are ${MEASURE_LIMITS.watches} watches already. Remove one first.`);
    const watch = deps.mint('wch') as WatchId;
    return change(watch, caller, (state) => addWatch(state, { ...body, watch, kind: measure.kind, usual: null }));
  });
  route(app, doors.describe, async ({ params, body, caller }) =>
    change(params.watch, caller, (state) => describeWatch(state, body)),
  );
  route(app, doors.pause, async ({ params, body, caller }) =>
    change(params.watch, caller, (state) => pauseWatch(state, body)),
  );
  route(app, doors.resume, async ({ params, caller }) => change(params.watch, caller, resumeWatch));
  route(app, doors.remove, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.watch,
      by: caller,
      may: 'monitor.edit',
      fold: foldWatch,
      decide: (state): Decision<never> | WatchDecision => removeWatch(state, body),
    });
    deps.hints.give({ kind: 'measures' });
    return isRefusal(done) ? done : {};
  });

  route(app, doors.trial, async ({ body }) => {
    const measure = await readMeasure(deps.db, body.system, body.measure);
    if (measure === null)
      return refuse(
        'measure.unknown',
        `Nothing was measured as “${body.measure}” of ${body.system} so far.`,
        '/measure',
      );
    const fault = ruleFault(body.rule, measure.kind);
    if (fault !== null) return fault;
    const now = deps.now().slice(0, 16);
    const steps =
      body.rule.kind === 'season'
        ? await newestSteps(deps.db, body, now)
        : await stepsOf(deps.db, body, 1, '', now, { newest: true });
    const about: About = { title: measure.title, kind: measure.kind, unit: measure.unit };
    const told: { at: Instant; since: Instant; endedAt: Instant | null; severity: number | null; text: string }[] = [];
    let standing: ReturnType<typeof standingOf> = {
      state: 'watching',
      usual: null,
      limit: null,
      learned: 0,
      method: null,
    };
    if (body.rule.kind === 'season') {
      const watch = new MetricWatch();
      for (const { minute, bin } of steps) {
        const value = aspectOf(bin, body.rule.aspect);
        const alarm = value === null ? null : watch.push(Date.parse(timeOf(minute)), value);
        if (alarm !== null)
          told.push({
            at: timeOf(minute),
            since: timeOf(minute),
            endedAt: null,
            severity: null,
            text: seasonText(about, alarm, minute),
          });
      }
    } else {
      const { state, events } = judge(body.rule, about, null, steps);
      standing = standingOf(body.rule, state);
      for (const event of events)
        if (event.type === 'raised')
          told.push({
            at: timeOf(event.minute),
            since: timeOf(event.since),
            endedAt: null,
            severity: event.severity,
            text: event.text,
          });
        else for (const each of told) each.endedAt ??= timeOf(event.minute);
    }
    return {
      trial: {
        from: steps[0] === undefined ? null : timeOf(steps[0].minute),
        to: steps.at(-1) === undefined ? null : timeOf(steps.at(-1)!.minute),
        steps: steps.length,
        alarms: told.slice(-MOST_SHOWN),
        state: standing.state,
        usualValue: standing.usual,
        falseAlarmDays: falseAlarmDays(body.rule),
      },
    };
  });

  route(app, doors.setBudget, async ({ body, caller }) => {
    const done = await act(deps, {
      stream: BUDGET_STREAM,
      by: caller,
      may: 'monitor.edit',
      fold: foldBudget,
      decide: (state) => setBudget(state, body),
    });
    return isRefusal(done) ? done : { budget: await budget() };
  });

  route(app, doors.alarms, async ({ query }) => {
    const { rows } = await deps.db.query<never>(
      `select a.id, a.watch, coalesce(b.data->>'name', 'a removed watch') as "watchName", a.system, a.measure, a.at, a.since,
         a.ended_at as "endedAt", a.severity, a.value, a.usual, a.text, a.change, a.signal
       from watch_alarm a left join watch_board b on b.id = a.watch
       where ($1::text is null or a.system = $1) and ($2::text is null or a.measure = $2)
       order by a.at desc, a.id desc limit $3`,
      [query.system ?? null, query.measure ?? null, query.limit],
    );
    return { alarms: rows };
  });
}
