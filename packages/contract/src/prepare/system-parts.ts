import { BUDGET_MEASURES, DEPENDENCY_KINDS } from '@firebreak/core/prepare/inventory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Line, Moment } from '../shapes.ts';
import { AiSystem, Budget, ChannelRoute, Dependency, Guardrail, systemInPath, Tool } from './inventory.ts';

export const GraphNode = z
  .object({
    id: z.string(),
    label: z.string(),
    kind: z.enum(DEPENDENCY_KINDS),
    layer: z.int().describe('negative: the system needs it; positive: it needs the system'),
    registered: z.boolean().describe('for a system: whether the inventory knows it'),
  })
  .meta({ id: 'GraphNode' });
export type GraphNode = z.output<typeof GraphNode>;
export const DependencyGraph = z
  .object({
    nodes: z.array(GraphNode),
    edges: z.array(z.object({ needs: z.string(), needed: z.string() })),
    more: z.int().describe('nodes within reach that are left out'),
  })
  .meta({ id: 'DependencyGraph' });
export type DependencyGraph = z.output<typeof DependencyGraph>;

const tag = 'Systems';
const params = systemInPath;
const answer = z.object({ system: AiSystem });
const refusals = ['system.unknown'];
const named = z.object({ name: Line });
const put = { method: 'POST', tag, may: 'system.edit', params, answer } as const;

export const systemParts = {
  grantTool: endpoint({
    ...put,
    path: '/api/v1/systems/:system/tools',
    summary: 'Say that a system may use a tool, and with which permissions',
    body: Tool,
    refusals: [...refusals, 'system.too-many', 'tool.bad-limit'],
  }),
  withdrawTool: endpoint({
    ...put,
    path: '/api/v1/systems/:system/tools/withdraw',
    summary: 'Say that a system may not use a tool any more',
    body: named,
    refusals,
  }),
  setGuardrail: endpoint({
    ...put,
    path: '/api/v1/systems/:system/guardrails',
    summary: 'Add a guardrail, or switch it on or off',
    body: Guardrail,
    refusals: [...refusals, 'system.too-many'],
  }),
  removeGuardrail: endpoint({
    ...put,
    path: '/api/v1/systems/:system/guardrails/remove',
    summary: 'Remove a guardrail',
    body: named,
    refusals,
  }),
  setBudget: endpoint({
    ...put,
    path: '/api/v1/systems/:system/budgets',
    summary: 'Say what one session of a system may use up',
    body: Budget,
    refusals,
  }),
  removeBudget: endpoint({
    ...put,
    path: '/api/v1/systems/:system/budgets/remove',
    summary: 'Remove a budget',
    body: z.object({ measure: z.enum(BUDGET_MEASURES) }),
    refusals,
  }),
  giveApproval: endpoint({
    ...put,
    path: '/api/v1/systems/:system/approvals',
    summary: 'Record that a use case was approved, by whom and until when',
    body: z.object({
      useCase: Line,
      approvedBy: Line,
      approvedAt: Moment.optional(),
      until: Moment.nullable().default(null),
    }),
    refusals: [...refusals, 'approval.bad-end', 'time.in-future', 'system.too-many'],
  }),
  withdrawApproval: endpoint({
    ...put,
    path: '/api/v1/systems/:system/approvals/withdraw',
    summary: 'Withdraw an approval',
    body: z.object({ useCase: Line, reason: Line }),
    refusals,
  }),
  declareDependency: endpoint({
    ...put,
    path: '/api/v1/systems/:system/dependencies',
    summary: 'Say what a system needs, or what needs it',
    body: Dependency,
    refusals: [...refusals, 'dependency.cycle', 'system.too-many'],
  }),
  dropDependency: endpoint({
    ...put,
    path: '/api/v1/systems/:system/dependencies/drop',
    summary: 'Drop a dependency',
    body: Dependency.omit({ note: true }),
    refusals,
  }),
  routeChannel: endpoint({
    ...put,
    path: '/api/v1/systems/:system/routes',
    summary: 'Say who is told when a detection channel speaks',
    body: ChannelRoute,
    refusals,
  }),
  graph: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/graph',
    tag,
    summary: 'What a system needs and what needs it, two steps each way',
    may: 'read',
    params,
    answer: DependencyGraph,
    refusals,
  }),
};
