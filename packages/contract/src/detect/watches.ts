import { ASPECTS, MEASURE_KINDS, type Rule } from '@firebreak/core/detect/measures';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';

const everyDays = z.number().min(1).max(3_650).describe('a false alarm once in about so many days');
const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).nullable();
const share = z.number().gt(0).lt(1).nullable();

export const WatchRule = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('rate').describe('moved from what is usual'),
      side: z.enum(['up', 'down']).default('up'),
      p0: share.default(null).describe('the usual rate; null: learned'),
      p1: share
        .default(null)
        .describe('the smallest rate worth an alarm; null: five times the usual one, at least 5 points more'),
      everyDays: everyDays.default(30),
    }),
    z.object({
      kind: z.literal('limit').describe('a percentile, or a rate, beyond a limit'),
      side: z.enum(['above', 'below']).default('above'),
      share: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.9)
        .describe('0.9: the limit is one of the 90th percentile; not used for a rate'),
      steps: z
        .array(z.object({ limit: z.number(), severity: severity.default(null) }))
        .min(1)
        .max(6),
      everyDays: everyDays.default(30),
    }),
    z.object({ kind: z.literal('season').describe('strange for this hour'), aspect: z.enum(ASPECTS) }),
    z.object({
      kind: z.literal('mean').describe('the mean moved'),
      aspect: z.enum(ASPECTS),
      everyDays: everyDays.default(30),
    }),
    z.object({
      kind: z.literal('budget').describe('a sum passed a hard limit'),
      limit: z.number().gt(0),
      per: z.enum(['hour', 'day']),
    }),
    z.object({ kind: z.literal('shape').describe('spread otherwise than usual'), everyDays: everyDays.default(30) }),
  ])
  .meta({ id: 'WatchRule' }) satisfies z.ZodType<Rule>;

export const WatchDescription = z
  .object({
    name: Line,
    rule: WatchRule,
    feature: z.string().trim().min(1).max(128).nullable().default(null).describe('null: all of the system'),
    pages: z
      .boolean()
      .default(false)
      .describe('its alarm stands by itself (strong evidence); otherwise it only supports others'),
  })
  .meta({ id: 'WatchDescription' });
export type WatchDescription = z.output<typeof WatchDescription>;

export const MeasureAlarm = z
  .object({
    id: z.string(),
    watch: id('wch'),
    watchName: z.string(),
    system: z.string(),
    measure: z.string(),
    at: At,
    since: At.describe('when it began, as far as the numbers tell'),
    endedAt: At.nullable().describe('null: it goes on'),
    severity: z.int().nullable(),
    value: z.number().nullable(),
    usual: z.number().nullable(),
    text: z.string(),
    change: z
      .string()
      .nullable()
      .describe('the newest change of the system in the day before; never a cause by that alone'),
    signal: id('sig').nullable(),
  })
  .meta({ id: 'MeasureAlarm' });
export type MeasureAlarm = z.output<typeof MeasureAlarm>;

export const MeasureWatch = z
  .object({
    id: id('wch'),
    system: z.string(),
    measure: z.string(),
    title: z.string(),
    kind: z.enum(MEASURE_KINDS),
    unit: z.string(),
    name: z.string(),
    rule: WatchRule,
    feature: z.string().nullable(),
    pages: z.boolean(),
    usual: z
      .string()
      .nullable()
      .describe('which of the watches that appear by themselves it is; null: somebody made it'),
    addedAt: At,
    changedAt: At,
    changedBy: Actor,
    paused: z.string().nullable(),
    state: z.enum(['learning', 'watching', 'alarming', 'paused']),
    usualValue: z.number().nullable().describe('what it takes for usual'),
    limit: z.number().nullable(),
    learned: z.number().describe('observations it goes by'),
    method: z.string().nullable(),
    falseAlarmDays: z.number().nullable().describe('once in how many days it is wrong; null: a hard limit, never'),
    shownUpTo: At.nullable().describe('the newest minute it was shown'),
    alarms: z.int().describe('in the time telemetry is kept'),
    alarm: z
      .object({ at: At, text: z.string(), severity: z.int().nullable() })
      .nullable()
      .describe('the one that goes on'),
  })
  .meta({ id: 'MeasureWatch' });
export type MeasureWatch = z.output<typeof MeasureWatch>;

export const AlarmBudget = z
  .object({
    perWeek: z.number().describe('false pages a week the team puts up with'),
    expected: z
      .number()
      .describe('what all watches that page, and all golden sets and probes that run by themselves, declare together'),
    watches: z.int().describe('that page'),
    suites: z.int().describe('golden sets and suites of probes that run by themselves'),
    supporting: z.number().describe('false alarms a week of those that only support'),
  })
  .meta({ id: 'AlarmBudget' });
export type AlarmBudget = z.output<typeof AlarmBudget>;

export const WatchTrial = z
  .object({
    from: At.nullable(),
    to: At.nullable(),
    steps: z.int().describe('minutes with data it was shown'),
    alarms: z.array(
      z.object({ at: At, since: At, endedAt: At.nullable(), severity: z.int().nullable(), text: z.string() }),
    ),
    state: z.enum(['learning', 'watching', 'alarming']),
    usualValue: z.number().nullable(),
    falseAlarmDays: z.number().nullable(),
  })
  .meta({ id: 'WatchTrial' });
export type WatchTrial = z.output<typeof WatchTrial>;

const tag = 'Measures';
const params = z.object({ watch: id('wch') });
const answer = z.object({ watch: MeasureWatch });
const reason = z.string().trim().min(1).max(500);
const measure = z.string().min(1).max(120);

export const watches = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/watches',
    tag,
    summary: 'What is watched of the measures, how each watch stands, and how often all of them are wrong',
    may: 'read',
    query: z.object({ system: Key.optional(), measure: measure.optional() }),
    answer: z.object({ watches: z.array(MeasureWatch), budget: AlarmBudget }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/watches',
    tag,
    summary: 'Watch a measure',
    may: 'monitor.edit',
    body: WatchDescription.extend({ system: Key, measure }),
    answer,
    refusals: ['watch.bad-rule', 'watch.too-many', 'measure.unknown'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/watches/:watch',
    tag,
    summary: 'Change what a watch looks for; another rule learns anew from what is stored',
    may: 'monitor.edit',
    params,
    body: WatchDescription,
    answer,
    refusals: ['watch.unknown', 'watch.bad-rule'],
  }),
  pause: endpoint({
    method: 'POST',
    path: '/api/v1/watches/:watch/pause',
    tag,
    summary: 'Stop watching, with a reason',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer,
    refusals: ['watch.unknown'],
  }),
  resume: endpoint({
    method: 'POST',
    path: '/api/v1/watches/:watch/resume',
    tag,
    summary: 'Watch again',
    may: 'monitor.edit',
    params,
    answer,
    refusals: ['watch.unknown'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/api/v1/watches/:watch/remove',
    tag,
    summary: 'Remove a watch; its alarms stay, and a usual one does not come back by itself',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['watch.unknown'],
  }),
  /** Nothing is kept and nobody is told. */
  trial: endpoint({
    method: 'POST',
    path: '/api/v1/watch-trials',
    tag,
    summary: 'Show how often a rule would have alarmed on what is stored',
    may: 'read',
    body: z.object({ system: Key, measure, feature: z.string().max(128).nullable().default(null), rule: WatchRule }),
    answer: z.object({ trial: WatchTrial }),
    refusals: ['watch.bad-rule', 'measure.unknown'],
  }),
  setBudget: endpoint({
    method: 'PUT',
    path: '/api/v1/alarm-budget',
    tag,
    summary: 'Say how many false pages a week the team puts up with',
    may: 'monitor.edit',
    body: z.object({ perWeek: z.number().min(0.01).max(1_000) }),
    answer: z.object({ budget: AlarmBudget }),
  }),
  alarms: endpoint({
    method: 'GET',
    path: '/api/v1/alarms',
    tag,
    summary: 'Alarms of watches, newest first',
    may: 'read',
    query: z.object({
      system: Key.optional(),
      measure: measure.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ alarms: z.array(MeasureAlarm) }),
  }),
};
