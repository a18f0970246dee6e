import { CHANGE_KINDS } from '@firebreak/core/prepare/inventory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key, Line, Moment } from '../shapes.ts';
import { systemInPath } from './inventory.ts';

/** Changes in one request. */
export const CHANGES_AT_ONCE = 500;
export const CHANGE_TEXT_LIMIT = 20_000;

const BODY_LIMIT = 4 * 1024 * 1024;
const Word = z.string().trim().min(1).max(200);

export const ChangeReport = z
  .object({
    system: Key,
    kind: z.enum(CHANGE_KINDS),
    subject: z
      .string()
      .trim()
      .max(200)
      .default('')
      .describe('what changed, where there are several: the name of a prompt, a tool'),
    from: Word.nullable().default(null).describe('left out: what the deployment ran before, where that is known'),
    to: Word.nullable().default(null),
    deployment: Word.nullable()
      .default(null)
      .describe('the deployment that runs `to` from now on; left out: no version is moved'),
    text: z
      .string()
      .max(CHANGE_TEXT_LIMIT)
      .nullable()
      .default(null)
      .describe('the text as it now is, for a difference'),
    diff: z.string().max(CHANGE_TEXT_LIMIT).nullable().default(null),
    note: z.string().trim().max(2_000).default(''),
    link: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(1_000)]).default(''),
    source: z.string().trim().max(40).default('api'),
    id: z.string().trim().min(1).max(256).optional().describe('the same id twice is the same change'),
    occurredAt: Moment.optional(),
  })
  .meta({ id: 'ChangeReport' });
export type ChangeReport = z.output<typeof ChangeReport>;

export const ChangeEntry = z
  .object({
    id: z.string(),
    kind: z.enum(CHANGE_KINDS),
    subject: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    deployment: z.string().nullable(),
    diff: z.string().nullable(),
    note: z.string(),
    source: z.string(),
    link: z.string(),
    occurredAt: At,
  })
  .meta({ id: 'ChangeEntry' });
export type ChangeEntry = z.output<typeof ChangeEntry>;

const Accepted = z
  .object({
    accepted: z.int(),
    duplicate: z.int(),
    rejected: z.array(z.object({ index: z.int(), pointer: z.string(), detail: z.string() })),
    ids: z.array(z.string().nullable()).describe('in the order of the members; null: rejected, or known already'),
  })
  .meta({ id: 'ChangesAccepted' });

const Delivered = z.object({
  accepted: z.int(),
  duplicate: z.int(),
  ignored: z.string().nullable().describe('why nothing was made of it, where nothing was'),
});

const tag = 'Changes';
const hook = (name: 'github' | 'gitlab', product: string) =>
  endpoint({
    method: 'POST',
    path: `/intake/${name}`,
    tag,
    summary: `Webhook of ${product}; the system stands in the address`,
    may: null,
    query: z.object({
      system: Key.optional(),
      deployment: Line.optional(),
      source: z.string().max(80).optional().describe('id of a source that holds the signing secret'),
      key: z.string().max(200).optional().describe('an API key or intake key, for senders that cannot set a header'),
    }),
    answer: Delivered,
    refusals: [
      'change.unreadable',
      'system.unknown',
      'authority.missing',
      'session.missing',
      'key.refused',
      'source.unknown',
      'source.refused',
    ],
    bodyLimit: BODY_LIMIT,
  });

export const changes = {
  report: endpoint({
    method: 'POST',
    path: '/api/v1/changes',
    tag,
    summary: 'Report changes: one, a list, NDJSON, or CloudEvents 1.0',
    may: 'change.report',
    body: z.union([ChangeReport, z.array(ChangeReport).min(1).max(CHANGES_AT_ONCE)]),
    answer: Accepted,
    refusals: [
      'request.not-json',
      'telemetry.batch-refused',
      'telemetry.too-large',
      'system.unknown',
      'time.in-future',
    ],
    bodyLimit: BODY_LIMIT,
  }),
  timeLine: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/changes',
    tag,
    summary: 'What changed on a system, newest first',
    may: 'read',
    params: systemInPath,
    query: z.object({
      since: Moment.optional(),
      until: Moment.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: z.object({ changes: z.array(ChangeEntry), total: z.int() }),
    refusals: ['system.unknown'],
  }),
  github: hook('github', 'GitHub: push, release, deployment_status, workflow_run'),
  gitlab: hook('gitlab', 'GitLab: push, tag, release, deployment, pipeline'),
};
