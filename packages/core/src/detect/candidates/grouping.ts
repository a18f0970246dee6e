import { toMs } from '../../kernel/index.ts';
import type { Frequencies } from '../../text/index.ts';
import type { Signal } from '../signals/index.ts';
import { titleOf, why } from './explain.ts';
import type { CandidateId, Related } from './facts.ts';
import type { Changes, Likeness } from './likeness.ts';
import { ASK_AT, isLateReport, isSameStory, isSeparate, likeness, mayJoin } from './likeness.ts';
import type { Profile, Seen } from './profile.ts';
import { grow, openProfile, see } from './profile.ts';

/** Newest candidates a signal is compared with. */
export const OPEN_LIMIT = 200;
/** Weak signals of people and detectors open nothing alone: it takes this many that are alike. */
export const LOOSE_TOGETHER = 3;

export interface GroupingAids {
  /** How common each term is; the caller has already added the texts of the signals. */
  readonly among: Frequencies;
  readonly changes: Changes;
  /** What people split once is not joined again. */
  readonly never: (key: string, profile: Profile) => boolean;
  readonly mint: () => CandidateId;
  /** Candidates of closed incidents, the latest first: what people say of them now is a late report. */
  readonly closed?: readonly Profile[];
  /** Candidates of incidents that go on, and were quiet: what is like them is seen again, whoever says so. */
  readonly quiet?: readonly Profile[];
}

/** What one pass adds to one candidate. */
export interface Placement {
  readonly candidate: CandidateId;
  /** Set where the pass opened it. */
  readonly opens: { readonly title: string; readonly related: readonly Related[] } | null;
  readonly members: readonly Signal[];
  readonly by: { readonly key: number; readonly likeness: number };
  readonly score: number;
  readonly reasons: readonly string[];
  readonly profile: Profile;
}

/** A signal about what is over, or was quiet. */
export interface LateReport {
  readonly candidate: CandidateId;
  readonly signal: Signal;
  readonly why: string;
}

interface Growing {
  profile: Profile;
  opens: Placement['opens'];
  members: Signal[];
  key: number;
  likeness: number;
  score: number;
  /** Why others joined, and that the same came again: a flood of the one leaves the other its place. */
  telling: Set<string>;
  repeats: Set<string>;
}

const TELLING = 4;
const REPEATS = 2;
/** Whoever takes the trouble to report that somebody is or may be harmed needs no second one to be looked at. */
const opensAlone = ({ signal }: Seen): boolean =>
  signal.evidenceClass !== 'weak' ||
  signal.pagesAlone !== undefined ||
  (signal.kind === 'outside-report' && signal.severityHint !== null) ||
  (signal.channel !== 'feedback' && signal.channel !== 'output-filter');

/** Somebody was unhappy and did not say with what: thumbs alone are a rate, not a story. */
export const isMute = (signal: Signal): boolean => signal.channel === 'feedback' && signal.score === 0;

interface Best {
  readonly growing: Growing;
  readonly how: Likeness | 'key' | 'interaction';
}

/**
 * Places each signal, in order: the same key, the same conversation, or alike enough in time, scope and words. What fits
 * nowhere opens a candidate, except weak signals of people and detectors, which stay loose until enough of them agree.
 * Loose ones of earlier passes are handed in again after the new ones. Pure: the same input gives the same placements.
 */
export function group(
  signals: readonly Signal[],
  loose: readonly Signal[],
  open: readonly Profile[],
  aids: GroupingAids,
): Grouped {
  const steps = groupSteps(signals, loose, open, aids);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** What one pass made of the signals. */
export interface Grouped {
  readonly placements: Placement[];
  readonly loose: Signal[];
  readonly late: LateReport[];
}

/** The same in one step for each signal, for long recordings that must not keep others waiting. */
export function* groupSteps(
  signals: readonly Signal[],
  loose: readonly Signal[],
  open: readonly Profile[],
  aids: GroupingAids,
): Generator<undefined, Grouped, undefined> {
  const late: LateReport[] = [];
  const all: Growing[] = [...open]
    .sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1))
    .slice(0, OPEN_LIMIT)
    .map((profile) => ({
      profile,
      opens: null,
      members: [],
      key: 0,
      likeness: 0,
      score: 1,
      telling: new Set(),
      repeats: new Set(),
    }));
  const left: Seen[] = [];
  const join = ({ growing, how }: Best, seen: Seen): void => {
    const [said, most] = how === 'key' ? [growing.repeats, REPEATS] : [growing.telling, TELLING];
    if (said.size < most) said.add(why(seen, growing.profile, how));
    growing.profile = grow(growing.profile, seen);
    growing.members.push(seen.signal);
    if (typeof how === 'object') {
      growing.likeness++;
      growing.score = Math.min(growing.score, how.score);
    } else growing.key++;
  };
  const start = (seen: Seen, related: readonly Related[]): Growing => {
    const growing: Growing = {
      profile: openProfile(aids.mint(), seen),
      opens: { title: titleOf(seen.signal), related },
      members: [seen.signal],
      key: 0,
      likeness: 0,
      score: 1,
      telling: new Set(),
      repeats: new Set(),
    };
    all.unshift(growing);
    return growing;
  };
  for (const [i, signal] of [...signals, ...loose].entries()) {
    yield;
    const seen = see(signal, aids.among);
    const { best, related } = bestOf(seen, all, aids);
    const about =
      best !== null || isMute(signal)
        ? undefined
        : ((aids.quiet ?? []).find((profile) => isSameStory(seen, profile, aids.among, aids.never)) ??
          (aids.closed ?? []).find((profile) => isLateReport(seen, profile, aids.among, aids.never)));
    if (best !== null) join(best, seen);
    else if (about !== undefined)
      late.push({
        candidate: about.candidate,
        signal,
        why: why(seen, about, about.keys.includes(seen.key) ? 'key' : 'words'),
      });
    else if (i < signals.length && opensAlone(seen)) start(seen, related);
    else left.push(seen);
  }
  // What was too weak to stand alone may have come just before what it belongs to.
  const alone = all.some(({ opens }) => opens !== null)
    ? left.filter((seen) => {
        const { best } = bestOf(seen, all, aids);
        if (best !== null) join(best, seen);
        return best === null;
      })
    : left;
  const still = openFromLoose(alone, aids, start, join);
  return {
    placements: all
      .filter((g) => g.members.length > 0)
      .map((g) => ({
        candidate: g.profile.candidate,
        opens: g.opens,
        members: g.members,
        by: { key: g.key, likeness: g.likeness },
        score: Math.round(g.score * 1_000) / 1_000,
        reasons: g.telling.size + g.repeats.size > 0 ? [...g.telling, ...g.repeats] : ['first signal'],
        profile: g.profile,
      })),
    loose: still,
    late,
  };
}

function bestOf(seen: Seen, all: readonly Growing[], aids: GroupingAids): { best: Best | null; related: Related[] } {
  const { signal } = seen;
  const may = all.filter((g) => !isSeparate(seen, g.profile, aids.never));
  const sameKey = isMute(seen.signal) ? undefined : may.find((g) => g.profile.keys.includes(seen.key));
  if (sameKey !== undefined) return { best: { growing: sameKey, how: 'key' }, related: [] };
  const sameTalk =
    signal.interaction === null ? undefined : may.find((g) => g.profile.interactions.includes(signal.interaction!));
  if (sameTalk !== undefined) return { best: { growing: sameTalk, how: 'interaction' }, related: [] };
  if (isMute(seen.signal)) return { best: null, related: [] };
  let best: { growing: Growing; how: Likeness } | null = null;
  const near: { growing: Growing; how: Likeness }[] = [];
  for (const growing of may.slice(0, OPEN_LIMIT)) {
    const how = likeness(seen, growing.profile, aids.among, aids.changes);
    if (mayJoin(how)) {
      if (best === null || how.score > best.how.score) best = { growing, how };
    } else if (how.score >= ASK_AT) near.push({ growing, how });
  }
  if (best !== null) return { best, related: [] };
  const related = near
    .sort((a, b) => b.how.score - a.how.score)
    .slice(0, 3)
    .map(({ growing, how }) => ({
      candidate: growing.profile.candidate,
      score: Math.round(how.score * 1_000) / 1_000,
      why: why(seen, growing.profile, how),
    }));
  return { best: null, related };
}

/** Loose signals that agree with one another open a candidate together. */
function openFromLoose(
  left: readonly Seen[],
  aids: GroupingAids,
  start: (seen: Seen, related: readonly Related[]) => Growing,
  join: (best: Best, seen: Seen) => void,
): Signal[] {
  const waiting = left
    .filter((seen) => !isMute(seen.signal))
    .sort((a, b) => toMs(a.signal.receivedAt) - toMs(b.signal.receivedAt));
  const still: Signal[] = left.map((seen) => seen.signal).filter(isMute);
  while (waiting.length > 0) {
    const seed = waiting.shift()!;
    let profile = openProfile('cnd_loose', seed);
    const together: { seen: Seen; how: Likeness | 'key' }[] = [];
    for (const seen of waiting) {
      if (isSeparate(seen, profile, () => false) || together.length >= 500) continue;
      const how = profile.keys.includes(seen.key) ? 'key' : likeness(seen, profile, aids.among, aids.changes);
      if (how !== 'key' && !mayJoin(how)) continue;
      together.push({ seen, how });
      profile = grow(profile, seen);
    }
    if (together.length + 1 < LOOSE_TOGETHER) {
      still.push(seed.signal);
      continue;
    }
    const growing = start(seed, []);
    for (const { seen, how } of together) {
      join({ growing, how }, seen);
      waiting.splice(waiting.indexOf(seen), 1);
    }
  }
  return still;
}
