import {
  clusteredError,
  fisherExact,
  type Interval,
  mcnemar,
  newcombe,
  normalQuantile,
  pairedDifference,
  pairsNeeded,
  signFlip,
} from '../../statistics/index.ts';
import { type CaseState, isPass } from './outcome.ts';

export const VERDICTS = ['regressed', 'improved', 'unchanged', 'inconclusive'] as const;
export type VerdictWord = (typeof VERDICTS)[number];

/** One case of a run, as far as a comparison needs it. */
export interface Compared {
  readonly id: string;
  /** Changes whenever the case does: only the same question is compared. */
  readonly digest: string;
  readonly cluster: string | null;
  readonly state: CaseState;
}

/** A run beside its baseline, by the cases both answered. */
export interface Comparison {
  readonly pairs: number;
  /** Passed before, fails now. */
  readonly lost: readonly string[];
  /** Failed before, passes now. */
  readonly gained: readonly string[];
  /** Cases that were changed, are new, or were not answered in one of the runs. */
  readonly left: number;
  /** Share that was lost on the whole, negative where more was gained, with its 95 % interval. */
  readonly loss: number;
  readonly interval: Interval | null;
  /** `fisher`: the cases are others, so only the shares can be compared. */
  readonly test: 'mcnemar-mid-p' | 'sign-flip' | 'fisher';
  /** p of the test, alone and adjusted for the suites that are judged together. */
  readonly p: number;
  readonly exactP: number;
  readonly adjustedP: number;
  readonly suites: number;
  readonly tolerated: number;
  readonly verdict: VerdictWord;
  /** Where nothing can be said yet: about how many cases more it would take. */
  readonly needs: number | null;
}

const ALPHA = 0.05;
/** Fewer cases than this on balance are never called a regression. */
const LEAST_LOST = 2;
const MOST_NEEDED = 10_000;

function clustersOf(pairs: readonly { readonly cluster: string | null; readonly lost: number }[]): number[][] {
  const clusters = new Map<string, number[]>();
  for (const [i, { cluster, lost }] of pairs.entries()) {
    const key = cluster === null ? `\n${i}` : cluster;
    const held = clusters.get(key);
    if (held === undefined) clusters.set(key, [lost]);
    else held.push(lost);
  }
  return [...clusters.values()];
}

/**
 * Compares a run with its baseline, pair by pair. The test is mid-p McNemar, or a sign-flip permutation of cluster sums
 * where cases hang together (Miller 2024). `adjust` turns the p into the one adjusted for the other suites (Holm).
 * REGRESSED at 5 % and two cases net; UNCHANGED only where the upper limit of the loss lies below what is tolerated.
 */
export function compare(
  now: readonly Compared[],
  before: readonly Compared[],
  settings: { readonly tolerated: number; readonly seed: number; readonly suites: number },
  adjust: (p: number) => number = (p) => p,
): Comparison {
  const held = new Map(before.map((each) => [each.id, each]));
  const lost: string[] = [];
  const gained: string[] = [];
  const pairs: { cluster: string | null; lost: number }[] = [];
  let both = 0;
  for (const it of now) {
    const old = held.get(it.id);
    if (old === undefined || old.digest !== it.digest || old.state === 'unanswered' || it.state === 'unanswered')
      continue;
    const [was, is] = [isPass(old.state), isPass(it.state)];
    if (was && !is) lost.push(it.id);
    if (!was && is) gained.push(it.id);
    if (was && is) both++;
    pairs.push({ cluster: it.cluster, lost: Number(was) - Number(is) });
  }
  const n = pairs.length;
  const { exact, midP } = mcnemar(lost.length, gained.length);
  const clusters = clustersOf(pairs);
  const clustered = clusters.some((cluster) => cluster.length > 1);
  const sums = clusters.map((cluster) => cluster.reduce((sum, x) => sum + x, 0));
  const p = clustered ? signFlip(sums, settings.seed) : midP;
  const loss = n === 0 ? 0 : (lost.length - gained.length) / n;
  const interval = n === 0 ? null : intervalOf(both, lost.length, gained.length, n, clustered ? clusters : null);
  const adjustedP = adjust(p);
  const net = lost.length - gained.length;
  const verdict: VerdictWord =
    adjustedP <= ALPHA && net >= LEAST_LOST
      ? 'regressed'
      : adjustedP <= ALPHA && -net >= LEAST_LOST
        ? 'improved'
        : interval !== null && interval.upper < settings.tolerated
          ? 'unchanged'
          : 'inconclusive';
  const discordant = n === 0 ? 0.1 : Math.min(1, (lost.length + gained.length + 1) / (n + 2));
  const needed = Math.min(MOST_NEEDED, pairsNeeded(discordant, settings.tolerated));
  return {
    pairs: n,
    lost,
    gained,
    left: now.length - n,
    loss,
    interval,
    test: clustered ? 'sign-flip' : 'mcnemar-mid-p',
    p,
    exactP: exact,
    adjustedP,
    suites: settings.suites,
    tolerated: settings.tolerated,
    verdict,
    needs: verdict === 'inconclusive' ? Math.max(1, needed - n) : null,
  };
}

/** As if every case stood alone; where they hang together, never narrower than their clusters allow. */
function intervalOf(
  both: number,
  lost: number,
  gained: number,
  n: number,
  clusters: readonly (readonly number[])[] | null,
): Interval {
  const alone = pairedDifference(both, lost, gained, n - both - lost - gained);
  if (clusters === null) return alone;
  const half = normalQuantile(0.975) * clusteredError(clusters);
  const loss = (lost - gained) / n;
  return { lower: Math.min(alone.lower, loss - half), upper: Math.max(alone.upper, loss + half) };
}

/** Passes among those that were answered. */
export interface Share {
  readonly passed: number;
  readonly all: number;
}

/**
 * Compares two runs whose cases are not the same, by their shares alone: Fisher's exact test and Newcombe's interval of the
 * difference. Weaker than pair by pair: another choice of cases may move the share too.
 */
export function compareShares(now: Share, before: Share, tolerated: number): Comparison {
  const some = now.all > 0 && before.all > 0;
  const p = some ? fisherExact(before.passed, before.all, now.passed, now.all) : 1;
  const loss = some ? before.passed / before.all - now.passed / now.all : 0;
  const interval = some ? newcombe(before.passed, before.all, now.passed, now.all) : null;
  const verdict: VerdictWord =
    p <= ALPHA && loss > 0
      ? 'regressed'
      : p <= ALPHA && loss < 0
        ? 'improved'
        : interval !== null && interval.upper < tolerated
          ? 'unchanged'
          : 'inconclusive';
  const share = some ? Math.min(0.9, Math.max(0.1, (before.passed + now.passed) / (before.all + now.all))) : 0.5;
  // Two independent shares spread twice as much as one.
  const needed = Math.ceil(((1.96 + 0.84) ** 2 * 2 * share * (1 - share)) / tolerated ** 2);
  return {
    pairs: 0,
    lost: [],
    gained: [],
    left: now.all,
    loss,
    interval,
    test: 'fisher',
    p,
    exactP: p,
    adjustedP: p,
    suites: 1,
    tolerated,
    verdict,
    needs: verdict === 'inconclusive' ? Math.max(1, Math.min(MOST_NEEDED, needed - now.all)) : null,
  };
}
