import { createHash } from 'node:crypto';
import type { OfrepEvaluation } from '@firebreak/contract/respond/ofrep';
import { type Asking, OVERRIDABLE, type Overridable } from '@firebreak/core/respond/containment';
import type { ControlState } from './control-state.ts';

const PERMISSIONS = ['allowed', ...OVERRIDABLE, 'settings', 'limits', 'review'] as const;
type Permission = (typeof PERMISSIONS)[number];

/** A flag that names something Firebreak knows. */
export interface Flag {
  readonly key: string;
  readonly system: string;
  /** Absent: the system as a whole. */
  readonly feature: string | undefined;
  readonly permission: Permission;
}

/** `contain.<system>.<feature>.<permission>` or `contain.<system>.<permission>`. Keys of systems may hold dots: the longest known one wins. */
export function readFlag(state: ControlState, key: string): Flag | null {
  const match = /^contain\.(.+)\.(allowed|model|prompt|provider|settings|limits|review)$/.exec(key);
  if (match === null) return null;
  const [, scope, permission] = match as unknown as [string, string, Permission];
  if (state.systems.has(scope)) return { key, system: scope, feature: undefined, permission };
  for (let at = scope.lastIndexOf('.'); at > 0; at = scope.lastIndexOf('.', at - 1)) {
    const system = scope.slice(0, at);
    if (state.systems.has(system)) return { key, system, feature: scope.slice(at + 1), permission };
  }
  return null;
}

const MOST_FLAGS = 2_000;

/** Every permission there is, whole systems first. */
export function allFlags(state: ControlState, only: string | undefined): Flag[] {
  const flags: Flag[] = [];
  for (const [system, { features }] of state.systems) {
    if (only !== undefined && only !== system) continue;
    for (const feature of [undefined, ...features])
      for (const permission of PERMISSIONS) {
        const scope = feature === undefined ? system : `${system}.${feature}`;
        if (flags.length < MOST_FLAGS)
          flags.push({ key: `contain.${scope}.${permission}`, system, feature, permission });
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

/** Answers one flag by the one verdict. A version that nothing overrides has no value: the caller's own stands. */
export function evaluate(
  state: Pick<ControlState, 'compiled'>,
  flag: Flag,
  context: Readonly<Record<string, unknown>>,
): OfrepEvaluation {
  const asked = askingOf(context);
  const verdict = state.compiled('*').check(flag.system, { ...asked, feature: flag.feature ?? asked.feature });
  const touched = verdict.action !== 'allow';
  const metadata = {
    epoch: verdict.epoch,
    ...(verdict.hold === undefined ? {} : { hold: verdict.hold }),
    ...(verdict.control === undefined ? {} : { control: verdict.control }),
    ...(verdict.incident === undefined ? {} : { incident: verdict.incident }),
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
    ...(verdict.review === undefined ? {} : { review: verdict.review }),
  };
  const base = { key: flag.key, reason: touched ? ('TARGETING_MATCH' as const) : ('STATIC' as const), metadata };
  if (flag.permission === 'allowed') {
    // What a person has to approve first is not allowed to a client that cannot wait for one.
    const allowed = verdict.action !== 'deny' && verdict.action !== 'review';
    return { ...base, value: allowed, variant: allowed ? 'allowed' : 'contained' };
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

export function etagOf(state: ControlState, context: Readonly<Record<string, unknown>>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(context))
    .update([...state.systems.keys()].join());
  for (const { features } of state.systems.values()) digest.update([...features].join());
  return `"${state.generation}-${state.epochOf('*')}-${digest.digest('hex').slice(0, 16)}"`;
}
