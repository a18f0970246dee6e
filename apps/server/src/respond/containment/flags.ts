import { createHash } from 'node:crypto';
import type { OfrepEvaluation } from '@firebreak/contract/respond/ofrep';
import { type Asking, type Compiled, OVERRIDABLE, type Overridable } from '@firebreak/core/respond/containment';
import type { Caller } from '../../platform/index.ts';
import type { ControlState, KnownSystem } from './control-state.ts';

const PERMISSIONS = ['allowed', ...OVERRIDABLE, 'settings', 'limits', 'review'] as const;
type Permission = (typeof PERMISSIONS)[number];
/** What every visitor may know, because every visitor would notice it. The rest tells how the system is built, or where it is weak. */
const PUBLIC: readonly Permission[] = ['allowed', 'review'];

/** What somebody may see: the whole state, or, with a key that everybody can read, its systems as everybody may know them. */
export interface View {
  /** The key whose view it is; empty: the whole state. */
  readonly of: string;
  readonly systems: ReadonlyMap<string, KnownSystem>;
  readonly permissions: readonly Permission[];
  readonly generation: number;
  readonly epoch: number;
  compiled(system: string): Compiled;
}

export function viewFor(state: ControlState, { actor, page }: Pick<Caller, 'actor' | 'page'>): View {
  const { generation } = state;
  if (page === undefined)
    return {
      of: '',
      systems: state.systems,
      permissions: PERMISSIONS,
      generation,
      epoch: state.epochOf('*'),
      compiled: () => state.compiled('*'),
    };
  const known = page.systems.flatMap((key) => {
    const system = state.systems.get(key);
    return system === undefined ? [] : [[key, system] as const];
  });
  return {
    of: actor.id,
    systems: new Map(known),
    permissions: PUBLIC,
    generation,
    // Of its systems alone: that something happens elsewhere is nobody's business.
    epoch: Math.max(0, ...page.systems.map((key) => state.epochOf(key))),
    compiled: (system) => state.compiled(system),
  };
}

/** A flag that names something Firebreak knows. */
export interface Flag {
  readonly key: string;
  readonly system: string;
  /** Absent: the system as a whole. */
  readonly feature: string | undefined;
  readonly permission: Permission;
  /** Somebody registered the system with this feature. */
  readonly registered: boolean;
}

/**
 * `contain.<system>.<feature>.<permission>` or `contain.<system>.<permission>`. Keys of systems may hold dots: the longest known one wins.
 * What the view does not hold is read as if it did not exist.
 */
export function readFlag({ systems, permissions }: Pick<View, 'systems' | 'permissions'>, key: string): Flag | null {
  const match = /^contain\.(.+)\.([a-z]+)$/.exec(key);
  if (match === null) return null;
  const [, scope, permission] = match as unknown as [string, string, Permission];
  if (!permissions.includes(permission)) return null;
  if (systems.has(scope)) return { key, system: scope, feature: undefined, permission, registered: true };
  for (let at = scope.lastIndexOf('.'); at > 0; at = scope.lastIndexOf('.', at - 1)) {
    const system = scope.slice(0, at);
    const known = systems.get(system);
    if (known === undefined) continue;
    const feature = scope.slice(at + 1);
    return { key, system, feature, permission, registered: known.features.has(feature) };
  }
  return null;
}

const MOST_FLAGS = 2_000;

/** Every permission there is, whole systems first. */
export function allFlags({ systems, permissions }: View, only: string | undefined): Flag[] {
  const flags: Flag[] = [];
  for (const [system, { features }] of systems) {
    if (only !== undefined && only !== system) continue;
    for (const feature of [undefined, ...features])
      for (const permission of permissions) {
        const scope = feature === undefined ? system : `${system}.${feature}`;
        if (flags.length < MOST_FLAGS)
          flags.push({ key: `contain.${scope}.${permission}`, system, feature, permission, registered: true });
      }
  }
  return flags;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What an OpenFeature context says about a request; everything else in it is left unread. */
function askingOf(context: Readonly<Record<string, unknown>>): Asking {
  const { authenticated } = context;
  return {
    feature: text(context.feature),
    model: text(context.model),
    prompt: text(context.prompt),
    provider: text(context.provider),
    country: text(context.country),
    subject: text(context.targetingKey),
    authenticated: authenticated === undefined ? undefined : authenticated === true || authenticated === 'true',
    agent: text(context.agent),
    credential: text(context.credential),
    tool: text(context.tool),
    index: text(context.index),
    trigger: text(context.trigger),
    text: text(context.text),
    direction: context.direction === 'output' ? 'output' : undefined,
    attachments: typeof context.attachments === 'number' ? context.attachments : undefined,
  };
}

/** What is asked of the one verdict. Everybody’s questions are judged without text: it would cost whatever they like, and tell which phrases are refused. */
function askedOf(
  view: Pick<View, 'of'>,
  flag: Pick<Flag, 'feature'>,
  context: Readonly<Record<string, unknown>>,
): Asking {
  const asked = { ...askingOf(context), ...(view.of !== '' && { text: undefined }) };
  return { ...asked, feature: flag.feature ?? asked.feature };
}

/**
 * Whether there is such a flag. A feature nobody registered has none, so that a name that is misspelt is noticed before a hold misses
 * it; but what is in force reaches it all the same, whoever registered what.
 */
export function isThere(
  view: Pick<View, 'of' | 'compiled'>,
  flag: Flag,
  context: Readonly<Record<string, unknown>>,
): boolean {
  if (flag.registered) return true;
  const compiled = view.compiled(flag.system);
  return compiled.check(flag.system, askedOf(view, flag, context)) !== compiled.allow;
}

/** Answers one flag by the one verdict. A version that nothing overrides has no value: the caller's own stands. */
export function evaluate(
  view: Pick<View, 'of' | 'compiled'>,
  flag: Omit<Flag, 'registered'>,
  context: Readonly<Record<string, unknown>>,
): OfrepEvaluation {
  const everybody = view.of !== '';
  const asked = askedOf(view, flag, context);
  const verdict = view.compiled(flag.system).check(flag.system, asked);
  const refused = verdict.action === 'deny' || verdict.action === 'review';
  const touched = everybody ? refused : verdict.action !== 'allow';
  const internal = {
    ...(verdict.hold === undefined ? {} : { hold: verdict.hold }),
    ...(verdict.control === undefined ? {} : { control: verdict.control }),
    ...(verdict.incident === undefined ? {} : { incident: verdict.incident }),
    ...(verdict.review === undefined ? {} : { review: verdict.review }),
  };
  const metadata = {
    epoch: verdict.epoch,
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
    ...(everybody ? {} : internal),
  };
  const base = { key: flag.key, reason: touched ? ('TARGETING_MATCH' as const) : ('STATIC' as const), metadata };
  if (flag.permission === 'allowed') {
    // What a person has to approve first is not allowed to a client that cannot wait for one.
    return { ...base, value: !refused, variant: refused ? 'contained' : 'allowed' };
  }
  if (flag.permission === 'settings')
    return { ...base, value: { ...verdict.settings }, variant: changed(verdict.settings) };
  if (flag.permission === 'limits')
    return { ...base, value: { limits: verdict.limits ?? [] }, variant: changed(verdict.limits) };
  if (flag.permission === 'review') {
    const needed = verdict.action === 'review';
    return { ...base, value: needed, variant: needed ? 'needed' : 'not-needed' };
  }
  const value = verdict.to?.[flag.permission as Overridable] ?? asked[flag.permission as Overridable];
  return value === undefined ? { ...base, variant: 'code-default' } : { ...base, value, variant: value };
}

const changed = (by: object | undefined): string => (Object.keys(by ?? {}).length > 0 ? 'contained' : 'unchanged');

export function etagOf(view: View, context: Readonly<Record<string, unknown>>): string {
  const digest = createHash('sha256')
    .update(view.of)
    .update(JSON.stringify(context))
    .update([...view.systems.keys()].join());
  for (const { features } of view.systems.values()) digest.update([...features].join());
  return `"${view.generation}-${view.epoch}-${digest.digest('hex').slice(0, 16)}"`;
}
