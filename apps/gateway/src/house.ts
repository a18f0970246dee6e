import type { HealthPolicy } from '@firebreak/core/respond/gateways';
import { USUAL_HEALTH } from '@firebreak/core/respond/gateways';
import type { Clients } from './clients.ts';
import type { Interaction } from './interaction.ts';
import type { Adapter, AdapterName, GatewayGuard, Limits, Route, Setup, Shape, Upstream } from './options.ts';
import { Vendor } from './vendor.ts';

const LIMITS: Required<Limits> = {
  bodyBytes: 10 * 1024 * 1024,
  concurrent: 2_000,
  requestMs: 30 * 60_000,
  answerMs: 600_000,
  silenceMs: 120_000,
};
const MOST_NAMED = 200;
/** Of the gateway itself. */
const RESERVED = new Set(['any', 'beta', 'portkey', 'ext-authz', 'gateway', 'healthz', 'metrics', 'mcp']);

export interface RouteInForce {
  readonly name: string;
  readonly shape: Shape;
  readonly vendors: readonly Vendor[];
  readonly system: string | undefined;
  readonly feature: string | undefined;
  readonly record: NonNullable<Route['record']>;
  readonly knownOnly: boolean;
  readonly reviewMs: number;
}

/** What every exchange works with; another one takes its place when the setup changes. */
export interface House {
  readonly guard: GatewayGuard;
  readonly clients: Clients;
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly routes: ReadonlyMap<string, RouteInForce>;
  readonly adapters: Readonly<Partial<Record<AdapterName, Adapter>>>;
  readonly limits: Required<Limits>;
  /** What marks made-up requests of this process: they are judged as every other, and answered with the verdict. */
  readonly doorWord: string;
  readonly record: ((interaction: Interaction) => void) | undefined;
  /** Says that an exchange is over, to have it recorded when nobody waits. */
  readonly over: (exchange: { writeDown(): void }) => void;
  /** What each upstream was made of, to know whether it has changed. */
  readonly made: ReadonlyMap<string, string>;
}

const isUpstream = (given: string | Upstream): Upstream => (typeof given === 'string' ? { url: given } : given);

function routeOf(name: string, route: Route, vendors: ReadonlyMap<string, Vendor>, system: string | undefined) {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) throw new TypeError(`route “${name}”: use small letters, digits, -`);
  if (RESERVED.has(name)) throw new TypeError(`route “${name}”: this name is the gateway’s own`);
  const own = route.upstreams.map((each) => {
    const vendor = vendors.get(each);
    if (vendor === undefined) throw new TypeError(`route ${name}: there is no upstream “${each}”`);
    return vendor;
  });
  const [first] = own;
  if (first === undefined) throw new TypeError(`route ${name}: name at least one upstream`);
  const other = own.find(({ shape }) => shape !== first.shape);
  if (other !== undefined)
    throw new TypeError(`route ${name}: ${first.name} speaks ${first.shape}, ${other.name} speaks ${other.shape}`);
  const made: RouteInForce = {
    name,
    shape: first.shape,
    vendors: own,
    system: route.system ?? system,
    feature: route.feature,
    record: route.record ?? 'all',
    knownOnly:
      (route.clients ?? (own.some(({ credential }) => credential !== undefined) ? 'known' : 'open')) === 'known',
    reviewMs: (route.reviewSeconds ?? 0) * 1_000,
  };
  return made;
}

/**
 * A house for a setup. Upstreams that have not changed are taken over from `before`, with their connections and their health.
 * Throws TypeError with a sentence for a setup that cannot work; nothing has changed then.
 */
export function buildHouse(
  setup: Setup,
  parts: Pick<House, 'guard' | 'clients' | 'record' | 'over' | 'doorWord'>,
  before?: House,
): House {
  const limits = { ...LIMITS, ...setup.limits };
  const policy: HealthPolicy = { ...USUAL_HEALTH, ...setup.health };
  const named = Object.entries(setup.upstreams);
  if (named.length > MOST_NAMED) throw new TypeError(`there may be ${MOST_NAMED} upstreams`);
  const vendors = new Map<string, Vendor>();
  const made = new Map<string, string>();
  const fresh: Vendor[] = [];
  try {
    for (const [name, given] of named) {
      const text = JSON.stringify([given, limits.answerMs, limits.silenceMs, policy]);
      const known = before?.made.get(name) === text ? before.vendors.get(name) : undefined;
      const vendor = known ?? new Vendor(name, isUpstream(given), limits, policy);
      if (known === undefined) fresh.push(vendor);
      vendors.set(name, vendor);
      made.set(name, text);
    }
    const routes = new Map<string, RouteInForce>();
    for (const [name, route] of Object.entries(setup.routes ?? {}))
      routes.set(name, routeOf(name, route, vendors, setup.system));
    for (const name of vendors.keys())
      if (!routes.has(name)) routes.set(name, routeOf(name, { upstreams: [name] }, vendors, setup.system));
    const names = (setup.clients ?? []).map(({ name }) => name);
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new TypeError(`client “${twice}” is there twice`);
    for (const { name, routes: only = [] } of setup.clients ?? []) {
      const missing = only.find((each) => !routes.has(each));
      if (missing !== undefined) throw new TypeError(`client ${name}: there is no route “${missing}”`);
    }
    return { ...parts, vendors, routes, adapters: setup.adapters ?? {}, limits, made };
  } catch (error) {
    for (const vendor of fresh) void vendor.close();
    throw error;
  }
}
