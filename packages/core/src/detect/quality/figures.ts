import { type Instant, later, msBetween } from '../../kernel/index.ts';
import { type Interval, wilson } from '../../statistics/index.ts';
import type { Candidate, CandidateId } from '../candidates/index.ts';

/** What the figures are made from: a candidate as it stands now. */
export type Counted = Pick<
  Candidate,
  'id' | 'system' | 'state' | 'openedAt' | 'coheredAt' | 'ended' | 'pages' | 'mergedInto' | 'splitFrom' | 'mark'
> & { readonly summary: { readonly firstAt: Instant } };

/** A share with Wilson's 95 % interval; null where nothing can be counted yet. */
export interface Rate {
  readonly x: number;
  readonly n: number;
  readonly share: number | null;
  readonly interval: Pick<Interval, 'lower' | 'upper'> | null;
  /** The candidates that are counted in `x`, and the others of `n`: at most two hundred of each, latest first. */
  readonly counted: readonly CandidateId[];
  readonly others: readonly CandidateId[];
}

export interface DetectionFigures {
  /** Real ones drawn into the figures; what was left out of all of them because it was made on purpose. */
  readonly candidates: number;
  readonly madeOnPurpose: number;
  /** Still open: they count in nothing that needs an end. */
  readonly open: number;
  /** Confirmed among those somebody judged: became an incident or a near miss, against dismissed for whatever reason but a duplicate. */
  readonly precision: Rate;
  /** Among candidates that belong to an incident: those for which there was a candidate already. */
  readonly duplicates: Rate;
  /** Pages whose candidate was rejected, among pages of candidates somebody judged. Repeats of a page count once with it. */
  readonly falsePages: Rate;
  /** Pages of candidates nobody has judged yet. */
  readonly pagesOpen: number;
  /** From the first signal to one event, milliseconds. `n`: those that cohered, `never`: those that have not. */
  readonly coherence: {
    readonly n: number;
    readonly never: number;
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly slowest: readonly CandidateId[];
  };
}

const LISTED = 200;
/** A first signal that claims to be older than this before the candidate opened says when something was written, not when it was seen. */
const SIGNAL_LAG_MS = 6 * 3_600_000;

function rate(counted: readonly Counted[], others: readonly Counted[], weight = (_: Counted) => 1): Rate {
  const sum = (all: readonly Counted[]) => all.reduce((total, each) => total + weight(each), 0);
  const x = sum(counted);
  const n = x + sum(others);
  const ids = (all: readonly Counted[]) => all.slice(0, LISTED).map(({ id }) => id);
  const whole = n === 0 ? null : wilson(x, n);
  return {
    x,
    n,
    share: n === 0 ? null : x / n,
    interval: whole && { lower: whole.lower, upper: whole.upper },
    counted: ids(counted),
    others: ids(others),
  };
}

const isConfirmed = (it: Counted): boolean => it.state === 'promoted' || it.state === 'closed';
const isRejected = (it: Counted): boolean => it.state === 'dismissed' && it.ended?.as !== 'duplicate';
const isOpenNow = (it: Counted): boolean => it.state === 'forming' || it.state === 'coherent' || it.state === 'paged';
/** Pages that told something new; repeats because nobody answered are the same page again. */
const pagesOf = (it: Counted): number => it.pages.filter(({ cause }) => cause !== 'not-acknowledged').length;

/** The candidate the signals of a merged one ended up with; null where the chain leads out of what is known. */
function heldBy(it: Counted, byId: ReadonlyMap<string, Counted>): Counted | null {
  let at: Counted | undefined = it;
  for (let step = 0; step < 50 && at?.state === 'merged'; step++) at = byId.get(at.mergedInto ?? '');
  return at ?? null;
}

/** Nearest rank; null of nothing. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** Time from the first signal to one event. What reports claim about long ago counts from when the candidate opened. */
export function coherenceMs(it: Counted): number | null {
  if (it.coheredAt === null) return null;
  const { firstAt } = it.summary;
  const lag = msBetween(firstAt, it.openedAt);
  const from = lag >= 0 && lag <= SIGNAL_LAG_MS ? firstAt : it.openedAt;
  return msBetween(from, later(from, it.coheredAt));
}

/** The figures over some candidates, latest first. Drills and simulations never enter. */
export function detectionFigures(all: readonly Counted[]): DetectionFigures {
  const real = all.filter(({ mark }) => mark === null);
  const byId = new Map(real.map((it) => [it.id as string, it]));
  const confirmed = real.filter(isConfirmed);
  const rejected = real.filter(isRejected);
  // Signals of one event that had two candidates: merged by hand, or dismissed as a duplicate. A split taken back is neither.
  const duplicates = real.filter(
    (it) =>
      (it.state === 'dismissed' && it.ended?.as === 'duplicate') ||
      (it.state === 'merged' && it.mergedInto !== it.splitFrom && isConfirmed(heldBy(it, byId) ?? it)),
  );
  const paged = (its: readonly Counted[]) => its.filter((it) => pagesOf(it) > 0);
  const cohered = real
    .map((it) => ({ it, ms: coherenceMs(it) }))
    .filter((each): each is { it: Counted; ms: number } => each.ms !== null)
    .sort((a, b) => a.ms - b.ms);
  const times = cohered.map(({ ms }) => ms);
  return {
    candidates: real.length,
    madeOnPurpose: all.length - real.length,
    open: real.filter(isOpenNow).length,
    precision: rate(confirmed, rejected),
    duplicates: rate(duplicates, confirmed),
    falsePages: rate(paged(rejected), paged(confirmed), pagesOf),
    pagesOpen: paged(real.filter(isOpenNow)).reduce((sum, it) => sum + pagesOf(it), 0),
    coherence: {
      n: times.length,
      never: real.filter((it) => it.coheredAt === null && it.state !== 'merged').length,
      p50Ms: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
      slowest: cohered
        .slice(-20)
        .reverse()
        .map(({ it }) => it.id),
    },
  };
}
