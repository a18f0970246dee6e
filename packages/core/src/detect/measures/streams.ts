import type { Temporality } from '../signals/index.ts';

/** What a sender has counted: so far (cumulative), or since the last time (delta). */
export interface Totals {
  /** Grows for ever within one run. */
  readonly count: number;
  readonly sum: number;
  /** Counts by bucket. Of an exponential histogram the key is the index at `scale`, of another its place. */
  readonly buckets: Readonly<Record<string, number>>;
  /** Exponential histograms double the width of their buckets as they grow. */
  readonly scale: number | null;
  /** Where the limits of the buckets are; counts of different limits cannot be compared. */
  readonly shape: string;
}

/** Buckets as a coarser scale has them: two of the finer one make one. */
function rescaled(buckets: Totals['buckets'], from: number, to: number): Totals['buckets'] {
  if (from <= to) return buckets;
  const wide: Record<string, number> = {};
  for (const [key, count] of Object.entries(buckets)) {
    const index = key === 'zero' ? key : String(Math.floor(Number(key) / 2 ** (from - to)));
    wide[index] = (wide[index] ?? 0) + count;
  }
  return wide;
}

/** What `now` has more than `before`; null where it has less of anything: then the sender began again. */
function difference(before: Totals, now: Totals): Totals | null {
  if (now.count < before.count || now.shape !== before.shape) return null;
  if (now.scale !== null && before.scale !== null && now.scale > before.scale) return null;
  const held = now.scale === null ? before.buckets : rescaled(before.buckets, before.scale!, now.scale);
  const buckets: Record<string, number> = {};
  for (const [key, count] of Object.entries(now.buckets)) {
    const more = count - (held[key] ?? 0);
    if (more < 0) return null;
    if (more > 0) buckets[key] = more;
  }
  return { ...now, count: now.count - before.count, sum: now.sum - before.sum, buckets };
}

/** One run of a sender: everything it counted since it started. */
interface Run {
  readonly startMs: number;
  readonly atMs: number;
  /** Null where each point stands for itself. */
  readonly totals: Totals | null;
}

/** What is remembered of one stream of points: its newest runs, the latest last. */
export interface StreamState {
  readonly runs: readonly Run[];
}

const MOST_RUNS = 8;
/** A run this young that nobody knew has counted everything since it started under our eyes. */
const YOUNG_MS = 10 * 60_000;

export type StreamStep =
  | { readonly state: StreamState; readonly delta: Totals }
  /** Nothing to count: the same point again, or one that only tells where the count begins. */
  | { readonly state: StreamState; readonly delta: null; readonly why: 'repeated' | 'late' | 'baseline' };

/**
 * What a point adds to what is known of its stream. A cumulative count that fell, or that has a new start, began again: all
 * of it is new. The first point of a long-running sender is only where counting begins. The same point twice, which is what
 * a retry sends, adds nothing; neither does one from before the last. Two senders that share a name are told apart by
 * their start.
 */
export function stepStream(
  state: StreamState | null,
  point: { readonly startMs: number; readonly atMs: number; readonly totals: Totals },
  temporality: Temporality,
): StreamStep {
  const runs = state?.runs ?? [];
  const { startMs, atMs, totals } = point;
  if (temporality === 'delta') {
    const last = runs.at(-1);
    if (last !== undefined && atMs <= last.atMs)
      return { state: { runs }, delta: null, why: atMs === last.atMs ? 'repeated' : 'late' };
    return { state: { runs: [{ startMs, atMs, totals: null }] }, delta: totals };
  }
  const held = runs.find((run) => run.startMs === startMs);
  const others = runs.filter((run) => run !== held);
  const next = { runs: [...others, { startMs, atMs, totals }].slice(-MOST_RUNS) };
  if (held === undefined) {
    // A start before every run we know is a sender that was there all along; after them it is one that began again.
    const began = startMs > 0 && (runs.some((run) => startMs > run.startMs) || atMs - startMs <= YOUNG_MS);
    return began ? { state: next, delta: totals } : { state: next, delta: null, why: 'baseline' };
  }
  if (atMs <= held.atMs) return { state: { runs }, delta: null, why: atMs === held.atMs ? 'repeated' : 'late' };
  return { state: next, delta: (held.totals && difference(held.totals, totals)) ?? totals };
}
