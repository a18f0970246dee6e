import type { Dependency, Versions } from '../inventory/index.ts';
import { namesOf, type VendorDescription, vendorName } from './vendor.ts';

/** A system as far as it says whom it needs. */
export interface NeedingSystem {
  readonly key: string;
  readonly name: string;
  /** Vendor in words, as the inventory has it. */
  readonly vendor: string;
  readonly dependencies: readonly Dependency[];
  /** What its deployments run. */
  readonly running: readonly Versions[];
}

export type Because =
  | { readonly kind: 'named' }
  | { readonly kind: 'dependency'; readonly on: string }
  | { readonly kind: 'model'; readonly model: string }
  /** It needs another system that needs the vendor. */
  | { readonly kind: 'through'; readonly system: string };

export interface Dependant {
  readonly system: string;
  readonly name: string;
  readonly because: Because;
}

type Supplier = Pick<VendorDescription, 'name' | 'aliases' | 'supplies'>;

function direct(vendor: Supplier, system: NeedingSystem): Because | null {
  const names = new Set(namesOf(vendor));
  const supplied = (kind: 'model' | 'service') =>
    new Set(vendor.supplies.filter((each) => each.kind === kind).map(({ name }) => vendorName(name)));
  const services = supplied('service');
  const models = supplied('model');
  if (system.vendor.trim() !== '' && names.has(vendorName(system.vendor))) return { kind: 'named' };
  const on = system.dependencies.find(
    ({ direction, kind, on }) =>
      direction === 'up' &&
      ((kind === 'vendor' && names.has(vendorName(on))) ||
        ((kind === 'service' || kind === 'vendor') && services.has(vendorName(on)))),
  )?.on;
  if (on !== undefined) return { kind: 'dependency', on };
  const model = system.running.find(({ model }) => model !== undefined && models.has(vendorName(model)))?.model;
  return model === undefined ? null : { kind: 'model', model };
}

/** What a system needs among the others, whichever of the two said so. */
function needs(systems: readonly NeedingSystem[]): ReadonlyMap<string, readonly string[]> {
  const needing = new Map<string, string[]>();
  const arrow = (needed: string, by: string) => needing.set(needed, [...(needing.get(needed) ?? []), by]);
  for (const { key, dependencies } of systems)
    for (const { direction, kind, on } of dependencies) {
      if (kind !== 'system') continue;
      if (direction === 'up') arrow(on, key);
      else arrow(key, on);
    }
  return needing;
}

/** The systems that depend on a vendor, each once with its nearest reason: those that say so first, then those behind them. */
export function dependantsOf(vendor: Supplier, systems: readonly NeedingSystem[]): Dependant[] {
  const byKey = new Map(systems.map((each) => [each.key, each]));
  const needing = needs(systems);
  const found = new Map<string, Dependant>();
  for (const system of systems) {
    const because = direct(vendor, system);
    if (because) found.set(system.key, { system: system.key, name: system.name, because });
  }
  const queue = [...found.keys()];
  for (let i = 0; i < queue.length; i++)
    for (const key of needing.get(queue[i]!) ?? []) {
      const system = byKey.get(key);
      if (system === undefined || found.has(key)) continue;
      found.set(key, { system: key, name: system.name, because: { kind: 'through', system: queue[i]! } });
      queue.push(key);
    }
  return [...found.values()];
}

/** Names of vendors that systems use and no record answers to, with the systems; each spelling as first met. */
export function unrecorded(
  vendors: readonly Supplier[],
  systems: readonly NeedingSystem[],
): { readonly name: string; readonly systems: readonly string[] }[] {
  const known = new Set(vendors.flatMap(namesOf));
  const open = new Map<string, { name: string; systems: string[] }>();
  for (const { key, vendor, dependencies } of systems) {
    const named = [
      vendor,
      ...dependencies.flatMap(({ direction, kind, on }) => (direction === 'up' && kind === 'vendor' ? on : [])),
    ];
    for (const name of named) {
      const same = vendorName(name);
      if (same === '' || known.has(same)) continue;
      const there = open.get(same) ?? { name: name.trim(), systems: [] };
      open.set(same, there);
      if (!there.systems.includes(key)) there.systems.push(key);
    }
  }
  return [...open.values()];
}
