import { ALERT_SEVERITIES, ALERT_STATUSES } from '@firebreak/core/detect/signals';
import { PRODUCTS, SOURCE_LIMITS } from '@firebreak/core/prepare/sources';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key, Line } from '../shapes.ts';

/** Largest delivery on the wire, bytes. */
export const HOOK_LIMIT = 2 * 1024 * 1024;

const tag = 'Intake';

export const hookAnswer = z
  .object({
    accepted: z.int().describe('alerts that raised a signal'),
    duplicate: z.int().describe('alerts that are a signal already: counted there'),
    resolved: z.int().describe('alerts that closed the signal they had raised'),
    ignored: z.string().nullable().describe('why nothing was made of the whole delivery, where nothing was'),
    rejected: z.int().describe('members that could not be read'),
    items: z
      .array(
        z.object({
          dedupKey: z.string(),
          does: z.enum(['raise', 'repeat', 'acknowledge', 'resolve', 'nothing']),
          why: z.string().nullable(),
          signal: z.string().nullable(),
        }),
      )
      .describe('one for each alert that was read, in order'),
  })
  .meta({ id: 'HookAnswer' });
export type HookAnswer = z.output<typeof hookAnswer>;

const asked = {
  source: z.string().max(80).optional().describe('id of the source; not secret'),
  key: z.string().max(200).optional().describe('an intake key or API key, for senders that cannot set a header'),
  system: Key.optional().describe('the AI system it is about, where no source says'),
};
const refusals = [
  'hook.unreadable',
  'source.unknown',
  'source.refused',
  'source.too-busy',
  'authority.missing',
  'session.missing',
  'key.refused',
  'telemetry.unreadable',
  'telemetry.too-large',
];

const hook = (product: string, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/intake/${product}`,
    tag,
    summary,
    may: null,
    query: z.object(asked),
    answer: hookAnswer,
    refusals,
    bodyLimit: HOOK_LIMIT,
  });

const alert = z
  .object({
    title: z.string(),
    text: z.string(),
    severity: z.enum(ALERT_SEVERITIES),
    severityGiven: z.boolean().describe('false: the payload named none, and this is a guess'),
    status: z.enum(ALERT_STATUSES),
    dedupKey: z.string(),
    at: At.nullable(),
    endedAt: At.nullable(),
    url: z.string().nullable(),
    source: z.string().nullable(),
    labels: z.record(z.string(), z.string()).readonly(),
    system: z.string().nullable().describe('the AI system it would be about; null: it does not say'),
  })
  .meta({ id: 'AlertPreview' });

export const hooks = {
  pagerduty: endpoint({
    method: 'POST',
    path: '/intake/pagerduty/v2/enqueue',
    tag,
    summary: 'PagerDuty Events API v2; `routing_key` is an intake key or an API key',
    may: null,
    answer: z.object({ status: z.string(), message: z.string(), dedup_key: z.string() }),
    status: 202,
    refusals: [],
    bodyLimit: 512 * 1024,
  }),
  alertmanager: hook('alertmanager', 'Webhook of Prometheus Alertmanager'),
  grafana: hook('grafana', 'Webhook of Grafana, both forms, signed or not'),
  sentry: hook('sentry', 'Webhook of Sentry: alerts, issues, metric alerts'),
  datadog: hook('datadog', 'Webhook of Datadog monitors'),
  statuspage: hook('statuspage', 'Webhook of an Atlassian Statuspage'),
  promptfoo: hook('promptfoo', 'Webhook of promptfoo, or the results of a run'),
  langfuse: endpoint({
    method: 'POST',
    path: '/intake/langfuse',
    tag,
    summary: 'Webhook of Langfuse: alerts of monitors, and prompt versions as changes',
    may: null,
    query: z.object({ ...asked, deployment: Line.optional() }),
    answer: z.union([hookAnswer, z.object({ accepted: z.int(), duplicate: z.int(), ignored: z.string().nullable() })]),
    refusals: [...refusals, 'change.unreadable', 'system.unknown'],
    bodyLimit: HOOK_LIMIT,
  }),
  custom: endpoint({
    method: 'POST',
    path: '/intake/hook/:source',
    tag,
    summary: 'Any JSON of a custom source, through its mapping where it has one',
    may: null,
    params: z.object({ source: z.string().max(80) }),
    query: z.object({ key: asked.key }),
    answer: hookAnswer,
    refusals,
    bodyLimit: HOOK_LIMIT,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/v1/sources/preview',
    tag: 'Sources',
    summary: 'What a payload would become, before anything is stored',
    may: 'read',
    body: z.object({
      product: z.enum(PRODUCTS),
      mapping: z.string().max(SOURCE_LIMITS.mapping).default('').describe('JSONata, for a custom source'),
      system: Key.nullable().default(null),
      label: z.string().max(100).default(''),
      payload: z.unknown().describe('as the product sends it'),
    }),
    answer: z.object({
      alerts: z.array(alert),
      rejected: z.int(),
      problem: z.string().nullable().describe('what is wrong with the mapping or the payload'),
      ignored: z.string().nullable().describe('why nothing would be made of it'),
    }),
    bodyLimit: 512 * 1024,
  }),
};
