import { type Instant, ofTypes, type Recorded } from '../../kernel/index.ts';
import type {
  DeploymentId,
  Feature,
  InventoryFact,
  SystemDescription,
  SystemId,
  VersionDeployed,
  Versions,
} from './facts.ts';

export interface Deployment {
  readonly id: DeploymentId;
  readonly name: string;
  readonly versions: Versions;
  readonly since: Instant;
}

export interface AiSystem extends SystemDescription {
  readonly id: SystemId;
  readonly key: string;
  readonly features: readonly Feature[];
  readonly deployments: readonly Deployment[];
  /** Oldest first by when they happened, not by when they were recorded. */
  readonly changes: readonly VersionDeployed[];
  readonly retired: boolean;
}

/** A system as its facts say, or null before it is registered. */
export type Inventory = AiSystem | null;

const TYPES = [
  'system.registered',
  'system.described',
  'feature.added',
  'feature.retired',
  'version.deployed',
  'system.retired',
] as const;

export function foldSystem(facts: readonly Recorded[]): Inventory {
  return ofTypes<InventoryFact>(facts, TYPES).reduce<Inventory>(step, null);
}

function step(system: Inventory, fact: Recorded<InventoryFact>): Inventory {
  if (fact.type === 'system.registered') {
    const { system: id, ...data } = fact.data;
    return { id, ...data, features: [], deployments: [], changes: [], retired: false };
  }
  if (system === null) return null;
  switch (fact.type) {
    case 'system.described':
      return { ...system, ...fact.data };
    case 'feature.added':
      return { ...system, features: [...system.features.filter((f) => f.key !== fact.data.key), fact.data] };
    case 'feature.retired':
      return { ...system, features: system.features.filter((f) => f.key !== fact.data.key) };
    case 'version.deployed':
      return deployed(system, fact.data);
    case 'system.retired':
      return { ...system, retired: true };
  }
}

function deployed(system: AiSystem, change: VersionDeployed): AiSystem {
  const changes = [...system.changes, change].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  const latest = changes.findLast((c) => c.deployment === change.deployment)!;
  const now: Deployment = {
    id: latest.deployment,
    name: latest.name,
    versions: latest.versions,
    since: latest.occurredAt,
  };
  return { ...system, changes, deployments: [...system.deployments.filter((d) => d.id !== now.id), now] };
}
