import { type Asked, addMs, type Decision, refuse } from '../../kernel/index.ts';
import type {
  DeploymentId,
  Feature,
  InventoryFact,
  SystemDescription,
  SystemId,
  VersionDeployed,
  Versions,
} from './facts.ts';
import type { AiSystem, Inventory } from './system.ts';

const MOST_FEATURES = 200;
const MOST_DEPLOYMENTS = 100;
/** A claimed time may be ahead of ours by as much as ordinary clocks are wrong. */
export const SKEW_MS = 5 * 60_000;

export interface RegisterSystem extends SystemDescription {
  readonly system: SystemId;
  readonly key: string;
  readonly features: readonly Feature[];
}

/** What stands in the way of a new system, read under the same lock: who has its key, and the key of who has its name. */
export interface Taken {
  readonly key: SystemId | null;
  readonly name: string | null;
}

export function registerSystem(state: Inventory, want: RegisterSystem, taken: Taken): Decision<InventoryFact> {
  if (state !== null) return [];
  if (taken.key !== null)
    return refuse(
      'system.key-taken',
      `Another system already answers to the key “${want.key}”. Choose another, or add to that one.`,
      '/key',
    );
  if (taken.name !== null)
    return refuse(
      'system.name-taken',
      `The system “${taken.name}” is called “${want.name}” already. Choose a name that tells them apart, or use that system.`,
      '/name',
    );
  const { features, ...registered } = want;
  return [
    { type: 'system.registered', data: registered },
    ...features.map((feature) => ({ type: 'feature.added' as const, data: feature })),
  ];
}

export const living = (state: Inventory): AiSystem | null => (state === null || state.retired ? null : state);
export const unknown = () =>
  refuse(
    'system.unknown',
    'There is no such system, or it has been retired. List the systems to see the ones there are.',
  );

export function describeSystem(state: Inventory, want: SystemDescription): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  const same = (Object.keys(want) as (keyof SystemDescription)[]).every(
    (field) => JSON.stringify(want[field]) === JSON.stringify(system[field]),
  );
  return same ? [] : [{ type: 'system.described', data: want }];
}

export function addFeature(state: Inventory, want: Feature): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  const there = system.features.find((feature) => feature.key === want.key);
  if (there?.name === want.name) return [];
  if (!there && system.features.length >= MOST_FEATURES)
    return refuse('system.too-many', `A system has at most ${MOST_FEATURES} features; retire one first.`);
  return [{ type: 'feature.added', data: want }];
}

export function retireFeature(state: Inventory, want: { readonly key: string }): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  return system.features.some((feature) => feature.key === want.key)
    ? [{ type: 'feature.retired', data: { key: want.key } }]
    : [];
}

export interface DeployVersion extends Omit<VersionDeployed, 'deployment'> {
  /** Used when the name is new. */
  readonly deployment: DeploymentId;
}

/** Records that versions went live. Members not given keep what the deployment had; the same again changes nothing. */
export function deployVersion(state: Inventory, want: DeployVersion, asked: Asked): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  if (want.occurredAt > addMs(asked.at, SKEW_MS))
    return refuse(
      'time.in-future',
      'A change cannot have gone live in the future. Check the time and its zone.',
      '/occurredAt',
    );
  const there = system.deployments.find((deployment) => deployment.name === want.name);
  if (!there && system.deployments.length >= MOST_DEPLOYMENTS)
    return refuse('system.too-many', `A system has at most ${MOST_DEPLOYMENTS} deployments.`);
  const versions: Versions = { ...there?.versions, ...want.versions };
  if (there && JSON.stringify(sorted(versions)) === JSON.stringify(sorted(there.versions))) return [];
  return [{ type: 'version.deployed', data: { ...want, deployment: there?.id ?? want.deployment, versions } }];
}

const sorted = (versions: Versions) => Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1));

export function retireSystem(state: Inventory, want: { readonly reason: string }): Decision<InventoryFact> {
  if (state === null) return unknown();
  return state.retired ? [] : [{ type: 'system.retired', data: { reason: want.reason } }];
}
