import { CACAO_LIMITS, READ_MODES } from '@firebreak/core/prepare/cacao';
import { SYSTEM_TYPES } from '@firebreak/core/prepare/inventory';
import { CAPABILITIES } from '@firebreak/core/prepare/people';
import {
  DONE_BY,
  PHASE_KEYS,
  PLAYBOOK_ARCHETYPES,
  PLAYBOOK_LIMITS,
  STEP_OWNERS,
} from '@firebreak/core/prepare/playbooks';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';

export const PlaybookStep = z
  .object({
    key: Key,
    phase: z.enum(PHASE_KEYS),
    text: z.string().trim().min(1).max(PLAYBOOK_LIMITS.text),
    detail: z.string().trim().max(PLAYBOOK_LIMITS.detail).default(''),
    owner: z.enum(STEP_OWNERS).nullable().default(null),
    mayRun: z.enum(CAPABILITIES).nullable().default(null),
    control: Line.nullable().default(null).meta({ description: 'Kind or name of the control it orders' }),
    doneBy: z
      .string()
      .max(100)
      .regex(DONE_BY, 'use fact:<type>, role:<seat>, severity:answered, holds:confirmed or times:<1 to 4>')
      .nullable()
      .default(null)
      .meta({ description: 'What in the record ticks it by itself' }),
    withinMinutes: z
      .number()
      .int()
      .min(1)
      .max(43_200)
      .nullable()
      .default(null)
      .meta({ description: 'Minutes after declaration; null: by the end of its phase' }),
    condition: z.string().max(500).default(''),
    commands: z
      .array(z.object({ kind: z.string().max(100), text: z.string().max(PLAYBOOK_LIMITS.commandText) }))
      .max(PLAYBOOK_LIMITS.commands)
      .default([])
      .meta({ description: 'Text that came with an imported step. Never run.' }),
  })
  .meta({ id: 'PlaybookStep' });
const archetype = z.enum([...PLAYBOOK_ARCHETYPES, 'any']);
const systemType = z.enum([...SYSTEM_TYPES, 'any']);
export const PlaybookContent = z
  .object({
    name: Line,
    summary: z.string().trim().max(2_000).default(''),
    archetype,
    systemType,
    steps: z.array(PlaybookStep).max(PLAYBOOK_LIMITS.steps),
  })
  .meta({ id: 'PlaybookContent' });
export type PlaybookContent = z.output<typeof PlaybookContent>;
export const PlaybookRow = z
  .object({
    key: z.string(),
    name: z.string(),
    archetype,
    systemType,
    /** 0 for a shipped one nobody has changed. */
    version: z.number().int(),
    edition: z.string().nullable(),
    steps: z.number().int(),
    own: z.boolean(),
    changedAt: At.nullable(),
  })
  .meta({ id: 'PlaybookRow' });
export type PlaybookRow = z.output<typeof PlaybookRow>;
export const PlaybookVersion = z
  .object({
    version: z.number().int(),
    because: z.string(),
    at: At.nullable(),
    by: Actor.nullable(),
    steps: z.number().int(),
  })
  .meta({ id: 'PlaybookVersion' });
export const Playbook = z
  .object({
    ...PlaybookRow.shape,
    content: PlaybookContent,
    imported: z
      .object({ id: z.string(), modified: z.string(), digest: z.string() })
      .nullable()
      .meta({ description: 'The CACAO file this version was read from; the digest is SHA-256 of its text' }),
    versions: z.array(PlaybookVersion),
    retired: z.boolean(),
  })
  .meta({ id: 'Playbook' });
export type Playbook = z.output<typeof Playbook>;
const step = PlaybookStep.nullable();
export const PlaybookDiff = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    head: z.array(z.object({ member: z.string(), before: z.string(), after: z.string() })),
    steps: z.array(
      z.object({
        change: z.enum(['added', 'removed', 'changed', 'moved']),
        key: z.string(),
        before: step,
        after: step,
        members: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'PlaybookDiff' });
export type PlaybookDiff = z.output<typeof PlaybookDiff>;
export const Conformance = z
  .object({
    accepted: z.boolean(),
    conforms: z.boolean(),
    mode: z.enum(READ_MODES),
    dialect: z.enum(['cacao-2.0', 'cosai', 'unknown']),
    steps: z.number().int(),
    commands: z.record(z.string(), z.number().int()),
    findings: z.array(z.object({ level: z.enum(['error', 'warning']), pointer: z.string(), what: z.string() })),
  })
  .meta({ id: 'Conformance' });
export type Conformance = z.output<typeof Conformance>;

const tag = 'Playbooks';
const params = z.object({ playbook: Key });
const version = z.coerce.number().int().min(1);
const BODY = 2 * 1024 * 1024;

export const playbooks = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/playbooks',
    tag,
    summary: 'Playbooks: shipped ones, and one’s own before them',
    may: 'read',
    answer: z.object({ playbooks: z.array(PlaybookRow) }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/playbooks/:playbook',
    tag,
    summary: 'One playbook, newest version unless another is asked for',
    may: 'read',
    params,
    query: z.object({ version: version.optional() }),
    answer: z.object({ playbook: Playbook }),
    refusals: ['playbook.unknown'],
  }),
  diff: endpoint({
    method: 'GET',
    path: '/api/v1/playbooks/:playbook/diff',
    tag,
    summary: 'What changed between two versions',
    may: 'read',
    params,
    query: z.object({ from: version, to: version }),
    answer: PlaybookDiff,
    refusals: ['playbook.unknown'],
  }),
  save: endpoint({
    method: 'PUT',
    path: '/api/v1/playbooks/:playbook',
    tag,
    summary: 'Save a new version; a new key makes a new playbook, a shipped key makes it one’s own',
    may: 'system.edit',
    params,
    body: z.object({
      content: PlaybookContent,
      because: z.string().trim().min(1).max(1_000),
      from: z.number().int().min(0).nullable().default(null).meta({ description: 'The version it was made on' }),
    }),
    answer: z.object({ playbook: Playbook }),
    refusals: ['playbook.unknown', 'playbook.key-taken', 'playbook.changed-meanwhile', 'playbook.bad-step'],
    bodyLimit: BODY,
  }),
  retire: endpoint({
    method: 'POST',
    path: '/api/v1/playbooks/:playbook/retire',
    tag,
    summary: 'Retire one’s own playbook; a shipped one of the same key is used again',
    may: 'system.edit',
    params,
    body: z.object({ reason: Line }),
    answer: z.object({ retired: id('plb') }),
    refusals: ['playbook.unknown'],
  }),
  read: endpoint({
    method: 'POST',
    path: '/api/v1/playbooks/import',
    tag,
    summary: 'Read a CACAO 2.0 file and answer how far it conforms; nothing in it is run',
    may: 'system.edit',
    body: z.object({
      text: z.string().max(2 * CACAO_LIMITS.bytes),
      mode: z.enum(READ_MODES).default('strict'),
      keep: z.boolean().default(true).meta({ description: 'False: only the report, nothing is stored' }),
      archetype: archetype.optional().meta({ description: 'Where the file does not say' }),
      systemType: systemType.optional(),
    }),
    answer: z.object({
      report: Conformance,
      playbook: PlaybookRow.nullable().meta({ description: 'Null when it was not taken, or only looked at' }),
      content: PlaybookContent.nullable().meta({ description: 'What was read' }),
    }),
    refusals: ['playbook.key-taken', 'playbook.bad-step'],
    bodyLimit: BODY,
  }),
  write: endpoint({
    method: 'GET',
    path: '/api/v1/playbooks/:playbook/cacao',
    tag,
    summary: 'The playbook as a CACAO 2.0 document',
    may: 'read',
    params,
    query: z.object({ version: version.optional() }),
    answer: z.record(z.string(), z.unknown()),
    refusals: ['playbook.unknown'],
  }),
};
