import {
  ARCHITECTURES,
  AUTONOMY,
  BUDGET_MEASURES,
  budgetFault,
  CRITICALITY,
  DEPENDENCY_KINDS,
  DETECTION_CHANNELS,
  LOGGING,
  PASSES,
  RISK_CLASSES,
  SYSTEM_TYPES,
  TOOL_EFFECTS,
  TOOL_READS,
} from '@firebreak/core/prepare/inventory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key, Line, Moment } from '../shapes.ts';

export const Description = {
  name: Line,
  type: z.enum(SYSTEM_TYPES),
  purpose: z.string().trim().max(2_000).default(''),
  owner: z.string().trim().max(200).default(''),
  riskClass: z.enum(RISK_CLASSES).default('unassessed'),
  population: z.string().trim().max(500).default(''),
  regions: z.array(z.string().trim().min(2).max(40)).max(60).default([]),
  vendor: z.string().trim().max(200).default(''),
  architecture: z.enum(ARCHITECTURES).default('unsaid'),
  autonomy: z.enum(AUTONOMY).default('unsaid'),
  criticality: z.enum(CRITICALITY).default('unsaid'),
  logging: z.enum(LOGGING).default('unsaid').describe('where what it was asked and answered can be read afterwards'),
};
const Note = z.string().trim().max(2_000).default('');
const ToolManifest = z
  .object({
    effect: z.enum(TOOL_EFFECTS).default('reads').describe('what a call does to the world'),
    reads: z
      .enum(TOOL_READS)
      .default('nothing')
      .describe('what it hands to the assistant: text that anybody may have written, or private data'),
    limits: z
      .array(
        z.object({
          argument: z.string().trim().min(1).max(120).describe('its name; members joined by dots'),
          most: z.number().nullable().default(null).describe('largest number'),
          among: z.array(z.string().max(200)).max(100).readonly().default([]).describe('the only values; empty: any'),
          least: z.number().optional().describe('smallest number'),
          longest: z.int().min(0).max(1e6).optional().describe('most characters of a text, or members of a list'),
          pattern: z.string().min(1).max(300).optional().describe('what the text has to fit; of the linear engine'),
        }),
      )
      .max(20)
      .readonly()
      .default([]),
    server: Line.optional().describe('the MCP server it is of; any if absent'),
    agents: z.array(Line).max(50).readonly().optional().describe('the only agents that may call it; absent: any'),
    approval: z.boolean().optional().describe('every call needs a person'),
    rate: z
      .object({ calls: z.int().min(1).max(1e6), seconds: z.int().min(1).max(86_400) })
      .optional()
      .describe('so many calls in so many seconds'),
    reversible: z.enum(['yes', 'no']).optional().describe('whether a call can be undone; absent: nobody has said'),
    undo: z
      .object({
        tool: z.string().trim().max(200).default('').describe('the tool that undoes it; empty: a person does'),
        arguments: z
          .record(z.string().min(1).max(120), z.string().min(1).max(200))
          .default({})
          .refine((all) => Object.keys(all).length <= 20, 'at most 20 arguments')
          .describe('where each comes from: arguments.order, result.id, or a text after ='),
        instruction: z.string().trim().max(1_000).default(''),
      })
      .optional(),
  })
  .meta({ id: 'ToolManifest', description: 'What calls of the tool are held against.' });
export const Tool = z
  .object({
    name: Line,
    permissions: z.array(Line).max(100).default([]),
    note: Note,
    manifest: ToolManifest.optional(),
  })
  .meta({ id: 'Tool', description: 'A tool the system may use, and what it may do with it.' });
export const Guardrail = z
  .object({ name: Line, active: z.boolean().default(true), note: Note })
  .meta({ id: 'Guardrail' });
export const Dependency = z
  .object({
    direction: z.enum(['up', 'down']).default('up'),
    kind: z.enum(DEPENDENCY_KINDS).default('system'),
    on: Line,
    note: Note,
    flow: z.enum(PASSES).optional().describe('what passes along it; of one it needs, feeds means that it is fed by it'),
    approval: z
      .string()
      .trim()
      .max(200)
      .optional()
      .describe('who approves before anything passes, where a person does'),
  })
  .meta({
    id: 'Dependency',
    description: 'up: the system needs it; down: it needs the system. A dependency of kind system is named by its key.',
  });
export const ChannelRoute = z
  .object({
    channel: z.enum(DETECTION_CHANNELS),
    to: z.string().trim().max(200).describe('who is told; empty: nobody'),
  })
  .meta({ id: 'ChannelRoute' });
const Bound = z.number().positive().max(1e12).nullable().default(null);
const Price = z.number().min(0).max(1e6);
export const Budget = z
  .object({
    measure: z.enum(BUDGET_MEASURES),
    soft: Bound.describe('more is worth a look'),
    hard: Bound.describe('more must not happen, and proves itself'),
    price: z
      .object({
        input: Price,
        output: Price,
        currency: z
          .string()
          .trim()
          .toUpperCase()
          .regex(/^[A-Z]{3}$/, 'three letters, such as EUR'),
      })
      .optional()
      .describe('of a million tokens read and written; of spend alone'),
  })
  .superRefine((budget, context) => {
    const fault = budgetFault(budget);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.why, path: [fault.member] });
  })
  .meta({ id: 'Budget', description: 'What one session of the system may use up.' });
export const Approval = z
  .object({ useCase: Line, approvedBy: z.string(), approvedAt: At, until: At.nullable() })
  .meta({ id: 'Approval' });
export const Feature = z.object({ key: Key, name: Line }).meta({ id: 'Feature' });
const Version = z.string().trim().min(1).max(200);
export const Versions = z
  .object({
    model: Version.optional(),
    prompt: Version.optional(),
    index: Version.optional(),
    tools: Version.optional(),
  })
  .meta({ id: 'Versions', description: 'What runs. An absent member is not known.' });
export const VersionChange = z
  .object({ deployment: id('dep'), name: z.string(), versions: Versions, occurredAt: At, note: z.string() })
  .meta({ id: 'VersionChange' });
export const AiSystem = z
  .object({
    ...Description,
    id: id('sys'),
    key: z.string(),
    features: z.array(Feature),
    tools: z.array(Tool),
    guardrails: z.array(Guardrail),
    approvals: z.array(Approval),
    dependencies: z.array(Dependency),
    routes: z.array(ChannelRoute),
    budgets: z.array(Budget),
    deployments: z.array(z.object({ id: id('dep'), name: z.string(), versions: Versions, since: At })),
    changes: z.array(VersionChange),
    retired: z.boolean(),
  })
  .meta({ id: 'AiSystem' });
export type AiSystem = z.output<typeof AiSystem>;
export const SystemRow = z
  .object({
    id: id('sys'),
    key: z.string(),
    name: z.string(),
    type: z.enum(SYSTEM_TYPES),
    owner: z.string(),
    riskClass: z.enum(RISK_CLASSES),
    criticality: z.enum(CRITICALITY),
    features: z.number().int(),
    deployments: z.number().int(),
    lastChangeAt: At.nullable(),
    retired: z.boolean(),
  })
  .meta({ id: 'SystemRow' });
export type SystemRow = z.output<typeof SystemRow>;

const tag = 'Systems';
/** Everywhere a system is named in a path, its id or its key will do. */
export const systemInPath = z.object({ system: z.string().min(2).max(80) });
const params = systemInPath;
const refusals = ['system.unknown'];

export const inventory = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/systems',
    tag,
    summary: 'AI systems',
    may: 'read',
    answer: z.object({ systems: z.array(SystemRow) }),
  }),
  register: endpoint({
    method: 'POST',
    path: '/api/v1/systems',
    tag,
    summary: 'Register an AI system',
    may: 'system.edit',
    body: z.object({ key: Key, ...Description, features: z.array(Feature).max(200).default([]) }),
    answer: z.object({ system: AiSystem }),
    status: 201,
    refusals: ['system.key-taken', 'system.name-taken'],
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system',
    tag,
    summary: 'One AI system',
    may: 'read',
    params,
    answer: z.object({ system: AiSystem }),
    refusals,
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/systems/:system',
    tag,
    summary: 'Describe a system anew',
    may: 'system.edit',
    params,
    body: z.object(Description),
    answer: z.object({ system: AiSystem }),
    refusals,
  }),
  addFeature: endpoint({
    method: 'PUT',
    path: '/api/v1/systems/:system/features/:feature',
    tag,
    summary: 'Add or rename a feature',
    may: 'system.edit',
    params: params.extend({ feature: Key }),
    body: z.object({ name: Line }),
    answer: z.object({ system: AiSystem }),
    refusals: [...refusals, 'system.too-many'],
  }),
  retireFeature: endpoint({
    method: 'DELETE',
    path: '/api/v1/systems/:system/features/:feature',
    tag,
    summary: 'Retire a feature',
    may: 'system.edit',
    params: params.extend({ feature: Key }),
    answer: z.object({ system: AiSystem }),
    refusals,
  }),
  deploy: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/versions',
    tag,
    summary: 'Record that versions went live',
    may: 'system.edit',
    params,
    body: z.object({
      deployment: Line.default('production'),
      versions: Versions,
      occurredAt: Moment.optional(),
      note: z.string().trim().max(2_000).default(''),
    }),
    answer: z.object({ system: AiSystem }),
    status: 201,
    refusals: [...refusals, 'time.in-future', 'system.too-many'],
  }),
  retire: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/retire',
    tag,
    summary: 'Retire a system; its record stays',
    may: 'system.edit',
    params,
    body: z.object({ reason: Line }),
    answer: z.object({ system: AiSystem }),
    refusals,
  }),
};
