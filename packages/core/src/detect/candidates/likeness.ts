import type { Instant } from '../../kernel/index.ts';
import { toMs } from '../../kernel/index.ts';
import type { Frequencies, TermVector } from '../../text/index.ts';
import { cosine, dice3, terms, vectorOf } from '../../text/index.ts';
import type { Channel } from '../signals/index.ts';
import { VERSION_KINDS } from './facts.ts';
import type { Profile, Seen } from './profile.ts';
import { FEWEST_SHARED, isPublic, isReport } from './reports.ts';

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
  /** Press and posts from outside: how close their words are, which is all that is known of them; else null. */
  readonly report: number | null;
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

const REPORTS_JOIN_AT = 0.12;
const REPORTS_STEEPNESS = 20;
const keptVectors = new WeakMap<Profile, readonly TermVector[]>();

/** Mean of the closeness to the centre and to the latest members: the centre alone grows vague, one member is too narrow. */
function reportLikeness({ signal, vector, story }: Seen, profile: Profile, among: Frequencies): number | null {
  const others =
    profile.reports === undefined ? profile.channels.some((c) => c !== 'external') : profile.reports < profile.members;
  if (!isReport(signal) || others) return null;
  const centre = new Map(profile.centre);
  if (isPublic(signal)) {
    let shared = 0;
    for (const [term, times] of terms(story)) if (centre.has(term)) shared += times;
    if (shared < FEWEST_SHARED) return 0;
  }
  let kept = keptVectors.get(profile);
  if (kept === undefined) {
    kept = profile.subjects.map((subject) => vectorOf(terms(subject), among));
    keptVectors.set(profile, kept);
  }
  const near = kept.reduce((sum, member) => sum + cosine(vector, member), 0) / Math.max(1, kept.length);
  return (cosine(vector, centre) + near) / 2;
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
  const report = reportLikeness(seen, profile, among);
  const logit =
    report === null ? sum : Math.log(JOIN_AT / (1 - JOIN_AT)) + REPORTS_STEEPNESS * (report - REPORTS_JOIN_AT);
  return { time, scope, text, entity, change, report, score: 1 / (1 + Math.exp(-logit)) };
}

/** Time alone never joins: words, scope or things spoken of must agree too. */
export const mayJoin = (it: Likeness): boolean =>
  it.score >= JOIN_AT &&
  (it.report !== null || it.text >= 0.35 || it.entity >= 0.5 || (it.scope >= 0.6 && it.text >= 0.2));

/** What never joins by itself, however alike it reads. */
export function isSeparate(
  { signal, key }: Seen,
  profile: Profile,
  never: (key: string, profile: Profile) => boolean,
): boolean {
  if (signal.system !== profile.system) return true;
  if ((signal.channel === 'probe') !== profile.probe) return true;
  if (signal.mark !== profile.mark) return true;
  if (never(key, profile)) return true;
  if (toMs(signal.receivedAt) - toMs(profile.lastAt) > IDLE[signal.channel]) return true;
  const sameTalk = signal.interaction !== null && profile.interactions.includes(signal.interaction);
  if (sameTalk) return false;
  const others = (said: string | null, held: readonly string[]) =>
    said !== null && held.length > 0 && !held.includes(said);
  // Another feature or deployment is another story, unless a version they share may be what broke both.
  const sharesVersion = VERSION_KINDS.some((kind) => profile.versions[kind].includes(signal.versions[kind] ?? ''));
  const elsewhere = others(signal.feature, profile.features) || others(signal.deployment, profile.deployments);
  return others(signal.archetype, profile.archetypes) || (elsewhere && !sharesVersion);
}

const LATE_TEXT = 0.5;

/**
 * Whether a report from people tells of what a closed candidate was about: the same key, or its words. Time says nothing
 * here, since reports come late. What our own detectors see is never late: it happens now; and what may page alone does.
 */
export function isLateReport(
  seen: Seen,
  profile: Profile,
  among: Frequencies,
  never: (key: string, profile: Profile) => boolean,
): boolean {
  const { channel, pagesAlone } = seen.signal;
  if (pagesAlone !== undefined) return false;
  if (channel !== 'external' && channel !== 'feedback') return false;
  return isSameStory(seen, profile, among, never);
}

/** Whether a signal tells of what a candidate was about, however long ago: the same key, or its words. */
export function isSameStory(
  seen: Seen,
  profile: Profile,
  among: Frequencies,
  never: (key: string, profile: Profile) => boolean,
): boolean {
  const now = { ...profile, lastAt: seen.signal.receivedAt };
  if (isSeparate(seen, now, never)) return false;
  if (profile.keys.includes(seen.key)) return true;
  const like = likeness(seen, now, among, new Map());
  return mayJoin(like) && (like.report !== null || like.text >= LATE_TEXT);
}
