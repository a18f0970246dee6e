import { type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import {
  type Approval,
  type ChangeRecorded,
  type Dependency,
  type DeploymentId,
  type InventoryFact,
  type SystemDescription,
  type SystemId,
  type SystemParts,
  UNSAID,
  type VersionDeployed,
  type Versions,
} from './facts.ts';

export interface Deployment {
  readonly id: DeploymentId;
  readonly name: string;
  readonly versions: Versions;
  readonly since: Instant;
}

/** Changes beyond the newest of these are in the log and not in the state. */
const CHANGES_KEPT = 1_000;

export interface AiSystem extends SystemDescription, SystemParts {
  readonly id: SystemId;
  readonly key: string;
  readonly approvals: readonly Approval[];
  readonly deployments: readonly Deployment[];
  /** Oldest first by when they happened, not by when they were recorded. */
  readonly changes: readonly VersionDeployed[];
  /** Every other change that was reported, oldest first; those that moved a version stand in both lists. */
  readonly reports: readonly ChangeRecorded[];
  readonly retired: boolean;
}

/** A system as its facts say, or null before it is registered. */
export type Inventory = AiSystem | null;

export const INVENTORY_TYPES = [
  'system.registered',
  'system.described',
  'feature.added',
  'feature.retired',
  'version.deployed',
  'system.retired',
  'system.furnished',
  'tool.granted',
  'tool.withdrawn',
  'guardrail.set',
  'guardrail.removed',
  'approval.given',
  'approval.withdrawn',
  'dependency.declared',
  'dependency.dropped',
  'channel.routed',
  'budget.set',
  'budget.removed',
  'change.recorded',
] as const;

export function foldSystem(facts: readonly Recorded[]): Inventory {
  return ofTypes<InventoryFact>(facts, INVENTORY_TYPES).reduce<Inventory>(step, null);
}

const BARE = {
  ...UNSAID,
  features: [],
  tools: [],
  guardrails: [],
  approvals: [],
  dependencies: [],
  routes: [],
  budgets: [],
  deployments: [],
  changes: [],
  reports: [],
  retired: false,
} as const;

function step(system: Inventory, fact: Recorded<InventoryFact>): Inventory {
  if (fact.type === 'system.registered') {
    const { system: id, ...data } = fact.data;
    return { ...BARE, id, ...data };
  }
  if (system === null) return null;
  switch (fact.type) {
    case 'system.described':
    case 'system.furnished':
      return { ...system, ...fact.data };
    case 'feature.added':
      return { ...system, features: replaced(system.features, fact.data, 'key') };
    case 'feature.retired':
      return { ...system, features: system.features.filter((f) => f.key !== fact.data.key) };
    case 'tool.granted':
      return { ...system, tools: replaced(system.tools, fact.data, 'name') };
    case 'tool.withdrawn':
      return { ...system, tools: system.tools.filter((each) => each.name !== fact.data.name) };
    case 'guardrail.set':
      return { ...system, guardrails: replaced(system.guardrails, fact.data, 'name') };
    case 'guardrail.removed':
      return { ...system, guardrails: system.guardrails.filter((each) => each.name !== fact.data.name) };
    case 'approval.given':
      return { ...system, approvals: replaced(system.approvals, fact.data, 'useCase') };
    case 'approval.withdrawn':
      return { ...system, approvals: system.approvals.filter((each) => each.useCase !== fact.data.useCase) };
    case 'dependency.declared':
      return {
        ...system,
        dependencies: [...system.dependencies.filter((each) => !sameDependency(each, fact.data)), fact.data],
      };
    case 'dependency.dropped':
      return { ...system, dependencies: system.dependencies.filter((each) => !sameDependency(each, fact.data)) };
    case 'channel.routed':
      return { ...system, routes: replaced(system.routes, fact.data, 'channel') };
    case 'budget.set':
      return { ...system, budgets: replaced(system.budgets, fact.data, 'measure') };
    case 'budget.removed':
      return { ...system, budgets: system.budgets.filter((each) => each.measure !== fact.data.measure) };
    case 'change.recorded':
      return { ...system, reports: inOrder([...system.reports, fact.data]).slice(-CHANGES_KEPT) };
    case 'version.deployed':
      return deployed(system, fact.data);
    case 'system.retired':
      return { ...system, retired: true };
  }
}

const replaced = <T, K extends keyof T>(list: readonly T[], one: T, by: K): T[] => [
  ...list.filter((each) => each[by] !== one[by]),
  one,
];

type Edge = Pick<Dependency, 'direction' | 'kind' | 'on'>;
export const sameDependency = (a: Edge, b: Edge): boolean =>
  a.direction === b.direction && a.kind === b.kind && a.on === b.on;

const inOrder = <T extends { readonly occurredAt: Instant }>(changes: readonly T[]): T[] =>
  [...changes].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));

function deployed(system: AiSystem, change: VersionDeployed): AiSystem {
  const changes = inOrder([...system.changes, change]);
  const latest = changes.findLast((c) => c.deployment === change.deployment)!;
  const now: Deployment = {
    id: latest.deployment,
    name: latest.name,
    versions: latest.versions,
    since: latest.occurredAt,
  };
  return { ...system, changes, deployments: [...system.deployments.filter((d) => d.id !== now.id), now] };
}
