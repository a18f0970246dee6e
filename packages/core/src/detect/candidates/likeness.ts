import type { Instant } from '../../kernel/index.ts';
import { toMs } from '../../kernel/index.ts';
import type { Frequencies } from '../../text/index.ts';
import { cosine, dice3 } from '../../text/index.ts';
import type { Channel } from '../signals/index.ts';
import { VERSION_KINDS } from './facts.ts';
import type { Profile, Seen } from './profile.ts';

const MINUTE = 60_000;
const HALF_LIFE: Readonly<Record<Channel, number>> = {
  'output-filter': 15 * MINUTE,
  telemetry: 15 * MINUTE,
  'golden-set': 15 * MINUTE,
  probe: 15 * MINUTE,
  feedback: 360 * MINUTE,
  external: 2_160 * MINUTE,
};
/** Longest silence after which nothing joins any more. */
const IDLE: Readonly<Record<Channel, number>> = {
  'output-filter': 240 * MINUTE,
  telemetry: 240 * MINUTE,
  'golden-set': 240 * MINUTE,
  probe: 240 * MINUTE,
  feedback: 1_440 * MINUTE,
  external: 10_080 * MINUTE,
};
const CHANGE_WINDOW = 60 * MINUTE;

/** Version 1 of the weights: proposed, to be refitted from people's merges and splits. */
export const WEIGHTS = { version: 1, bias: -3.2, time: 1.4, scope: 1.8, text: 2.6, entity: 1.6, change: 1 } as const;
const JOIN_AT = 0.65;
export const ASK_AT = 0.45;

/** How alike a signal and a candidate are, each part 0 to 1. */
export interface Likeness {
  readonly time: number;
  readonly scope: number;
  readonly text: number;
  readonly entity: number;
  readonly change: number;
  readonly score: number;
}

/** When something about a system was changed, the latest first. */
export type Changes = ReadonlyMap<string, readonly Instant[]>;

function scopeOf({ signal }: Seen, profile: Profile): number {
  const parts: (readonly [number, string | null, readonly string[]])[] = [
    [3, signal.feature, profile.features],
    [3, signal.deployment, profile.deployments],
    ...VERSION_KINDS.map((kind) => [kind === 'index' ? 1 : 2, signal.versions[kind], profile.versions[kind]] as const),
  ];
  let all = 0;
  let shared = 0;
  for (const [weight, said, held] of parts) {
    if (said === null && held.length === 0) continue;
    all += weight;
    if (said !== null && held.includes(said)) shared += weight;
  }
  return all === 0 ? 0 : shared / all;
}

function entityLikeness(a: readonly string[], b: readonly string[], among: Frequencies): number {
  if (a.length === 0 || b.length === 0) return 0;
  const theirs = new Set(b);
  const weight = (entity: string) => among.rarity(entity.slice(entity.indexOf(':') + 1));
  let shared = 0;
  let own = 0;
  for (const entity of a) {
    own += weight(entity);
    if (theirs.has(entity)) shared += weight(entity);
  }
  return own === 0 ? 0 : shared / own;
}

const isAfterChange = (at: Instant, changed: Instant): boolean =>
  at >= changed && toMs(at) - toMs(changed) <= CHANGE_WINDOW;

function lastChangeBefore(at: Instant, changes: readonly Instant[]): Instant | null {
  return changes.find((changed) => isAfterChange(at, changed)) ?? null;
}

export function likeness(seen: Seen, profile: Profile, among: Frequencies, changes: Changes): Likeness {
  const { signal } = seen;
  const gap = Math.abs(toMs(signal.receivedAt) - toMs(profile.lastAt));
  const time = 2 ** (-gap / HALF_LIFE[signal.channel]);
  const scope = scopeOf(seen, profile);
  const close = Math.max(0, ...profile.templates.map((held) => dice3(seen.template, held)));
  const text = Math.max(close, cosine(seen.vector, new Map(profile.centre)));
  const entity = entityLikeness(seen.entities, profile.entities, among);
  const changed = lastChangeBefore(signal.receivedAt, changes.get(signal.system) ?? []);
  const change = changed !== null && isAfterChange(profile.firstAt, changed) ? 1 : 0;
  const { bias, ...w } = WEIGHTS;
  const sum = bias + w.time * time + w.scope * scope + w.text * text + w.entity * entity + w.change * change;
  return { time, scope, text, entity, change, score: 1 / (1 + Math.exp(-sum)) };
}

/** Time alone never joins: words, scope or things spoken of must agree too. */
export const mayJoin = (it: Likeness): boolean =>
  it.score >= JOIN_AT && (it.text >= 0.35 || it.entity >= 0.5 || (it.scope >= 0.6 && it.text >= 0.2));

/** What never joins by itself, however alike it reads. */
export function isSeparate(
  { signal }: Seen,
  profile: Profile,
  never: (signal: Seen['signal'], candidate: string) => boolean,
): boolean {
  if (signal.system !== profile.system) return true;
  if ((signal.channel === 'probe') !== profile.probe) return true;
  if (never(signal, profile.candidate)) return true;
  if (toMs(signal.receivedAt) - toMs(profile.lastAt) > IDLE[signal.channel]) return true;
  const sameTalk = signal.interaction !== null && profile.interactions.includes(signal.interaction);
  const othersKind =
    signal.archetype !== null && profile.archetypes.length > 0 && !profile.archetypes.includes(signal.archetype);
  return othersKind && !sameTalk;
}
