import { MONITOR_KINDS, MONITOR_LIMITS, USUAL_THRESHOLD } from '@firebreak/core/detect/monitors';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';

const word = z.string().trim().min(1).max(80);
const wordList = z.array(word).max(MONITOR_LIMITS.words).default([]);
export const Keywords = z
  .object({
    brand: wordList.describe('names of the product or brand: at least one must stand there'),
    must: wordList.describe('all of these must'),
    any: wordList.describe('at least one of these must, where there are any'),
    not: wordList.describe('none of these may'),
    near: z
      .array(z.object({ one: word, other: word, within: z.int().min(1).max(50).default(10) }))
      .max(10)
      .default([]),
  })
  .meta({ id: 'MonitorKeywords' });
const path = z.string().trim().max(200).default('');
export const JsonPaths = z
  .object({ items: path, id: path, title: path, url: path, text: path, at: path })
  .meta({ id: 'MonitorJsonPaths', description: 'member names joined by dots, for example data.posts or tags.0' });

const description = {
  name: Line,
  kind: z.enum(MONITOR_KINDS),
  address: z.string().trim().max(1_000).default('').describe('empty: where this kind usually is'),
  system: Key.nullable().default(null),
  vendor: id('vnd').nullable().default(null).describe('whose status page it is'),
  keywords: Keywords.prefault({}),
  threshold: z.number().min(0).max(1).default(USUAL_THRESHOLD),
  everyMinutes: z.int().min(MONITOR_LIMITS.leastMinutes).max(MONITOR_LIMITS.mostMinutes).default(15),
  paths: JsonPaths.nullable().default(null),
  pages: z
    .boolean()
    .default(false)
    .describe('what it finds pages alone; of a status page, what its vendor calls major or critical'),
};
export const MonitorDescription = z.object(description).meta({ id: 'MonitorDescription' });

export const Monitor = z
  .object({
    id: id('mon'),
    name: z.string(),
    kind: z.enum(MONITOR_KINDS),
    address: z.string(),
    looksAt: z.string().describe('the address it asks, also where none was given'),
    system: z.string().nullable(),
    vendor: z.string().nullable(),
    vendorName: z.string().nullable(),
    keywords: Keywords,
    threshold: z.number(),
    everyMinutes: z.int(),
    paths: JsonPaths.nullable(),
    pages: z.boolean(),
    addedAt: At,
    changedAt: At,
    changedBy: Actor,
    paused: z.string().nullable(),
    silent: z
      .object({ at: At, why: z.string() })
      .nullable()
      .describe('could not look several times in a row: silence, which is not the same as no news'),
    lookedAt: At.nullable(),
    goodAt: At.nullable().describe('when it last understood an answer'),
    nextAt: At.nullable(),
    fault: z.string().nullable().describe('why the last look failed'),
    failures: z.int(),
    kept: z.int().describe('of what it saw and still remembers'),
    dropped: z.int(),
    toldTo: z.string().nullable().describe('who is told of this channel, in words'),
  })
  .meta({ id: 'Monitor' });
export type Monitor = z.output<typeof Monitor>;

const judged = {
  title: z.string(),
  url: z.string().nullable(),
  text: z.string().describe('at most 400 characters'),
  at: At.nullable(),
  kept: z.boolean(),
  score: z.number(),
  reasons: z.array(z.string()).describe('why it was kept, or why it was dropped'),
};
export const MonitorItem = z
  .object({ ...judged, id: z.string(), firstSeenAt: At, lastSeenAt: At, signals: z.array(id('sig')) })
  .meta({ id: 'MonitorItem' });
export type MonitorItem = z.output<typeof MonitorItem>;
export const MonitorTrial = z
  .object({
    looksAt: z.string(),
    status: z.int().nullable(),
    fault: z.string().nullable(),
    items: z.array(z.object(judged)),
    wouldTell: z.array(z.string()).describe('keys of the systems a hit would be a signal of'),
  })
  .meta({ id: 'MonitorTrial' });
export type MonitorTrial = z.output<typeof MonitorTrial>;

const tag = 'Monitors';
const params = z.object({ monitor: id('mon') });
const faults = [
  'monitor.bad-address',
  'monitor.no-words',
  'monitor.bad-paths',
  'monitor.about-nothing',
  'system.unknown',
  'vendor.unknown',
];
const reason = z.string().trim().min(1).max(500);

export const monitors = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/monitors',
    tag,
    summary: 'What is watched outside, and how the last looks went',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ monitors: z.array(Monitor) }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/monitors',
    tag,
    summary: 'Watch a public source for words, or the status page of a vendor',
    may: 'monitor.edit',
    body: MonitorDescription,
    answer: z.object({ monitor: Monitor }),
    refusals: [...faults, 'monitor.too-many'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/monitors/:monitor',
    tag,
    summary: 'Change what a monitor looks for; what it dropped and still stands there is judged again',
    may: 'monitor.edit',
    params,
    body: MonitorDescription,
    answer: z.object({ monitor: Monitor }),
    refusals: [...faults, 'monitor.unknown'],
  }),
  pause: endpoint({
    method: 'POST',
    path: '/api/v1/monitors/:monitor/pause',
    tag,
    summary: 'Stop looking, with a reason',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer: z.object({ monitor: Monitor }),
    refusals: ['monitor.unknown'],
  }),
  resume: endpoint({
    method: 'POST',
    path: '/api/v1/monitors/:monitor/resume',
    tag,
    summary: 'Look again',
    may: 'monitor.edit',
    params,
    answer: z.object({ monitor: Monitor }),
    refusals: ['monitor.unknown'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/api/v1/monitors/:monitor/remove',
    tag,
    summary: 'Remove a monitor; its record stays',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['monitor.unknown'],
  }),
  items: endpoint({
    method: 'GET',
    path: '/api/v1/monitors/:monitor/items',
    tag,
    summary: 'What a monitor saw, newest first, with why each was kept or dropped',
    may: 'read',
    params,
    query: z.object({
      show: z.enum(['kept', 'dropped', 'all']).default('all'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ items: z.array(MonitorItem) }),
    refusals: ['monitor.unknown'],
  }),
  /** Asks the source once, now. Nothing is kept and nobody is told. */
  test: endpoint({
    method: 'POST',
    path: '/api/v1/monitor-trials',
    tag,
    summary: 'Show what a monitor would find, before it is saved',
    may: 'monitor.edit',
    body: MonitorDescription,
    answer: z.object({ trial: MonitorTrial }),
    refusals: [...faults, 'monitor.host-waits'],
  }),
};
