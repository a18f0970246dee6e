import type { Instant } from '../../kernel/index.ts';
import { toMs } from '../../kernel/index.ts';
import type { Finding } from '../detectors/index.ts';

const WINDOW_MS = 600_000;
/** Windows from which the usual number is learned before anything is told. */
const LEARNED_WINDOWS = 36;
/** The usual number is that of about so many windows. */
const REMEMBERED_WINDOWS = 1_008;
/** A shift worth telling: three times the usual number. */
const SHIFT = 3;
/** A false alarm once in about so many windows: e to the power of the limit. */
const LIMIT = Math.log(10 * REMEMBERED_WINDOWS);
const LEAST_USUAL = 1;
/** Two alarms within a day are more than chance. */
const AGAIN_MS = 86_400_000;

/** How many calls the agents of one system make in ten minutes. */
export interface Pace {
  /** The window that is being counted, by its number since 1970. */
  readonly window: number;
  readonly count: number;
  readonly mean: number;
  /** Mean of the squared distance from the mean: calls come in bursts, which is no alarm. */
  readonly spread: number;
  /** Windows behind the mean. */
  readonly windows: number;
  /** CUSUM of the logarithm of the likelihood ratio, three times the mean against the mean. */
  readonly sum: number;
  readonly alarmAt: Instant | null;
}
export const NEW_PACE: Pace = { window: 0, count: 0, mean: 0, spread: 0, windows: 0, sum: 0, alarmAt: null };

/** Logarithm of the likelihood ratio of a Poisson number, divided by how much wider these numbers spread than Poisson ones do. */
const ratio = (n: number, { mean, spread }: Pick<Pace, 'mean' | 'spread'>): number => {
  const usual = Math.max(mean, LEAST_USUAL);
  return (n * Math.log(SHIFT) - (SHIFT - 1) * usual) / Math.max(1, spread / usual);
};

/** What strange windows bring counts for the usual no more than three times as much. */
function learn({ mean, spread, windows }: Pick<Pace, 'mean' | 'spread' | 'windows'>, counted: number) {
  const weight = 1 / (Math.min(windows, REMEMBERED_WINDOWS) + 1);
  const n = windows < LEARNED_WINDOWS ? counted : Math.min(counted, SHIFT * Math.max(mean, LEAST_USUAL));
  const off = n - mean;
  return {
    mean: mean + weight * off,
    spread: (1 - weight) * (spread + weight * off * off),
    windows: windows + 1,
  };
}

/**
 * Counts calls made at one moment against what is usual: a Poisson CUSUM (Lucas 1985) over windows of ten minutes with at least
 * one call. Weak; strong where it told before within a day. What comes late counts for the window that is open.
 */
export function stepPace(
  before: Pace,
  calls: number,
  at: Instant,
): { readonly pace: Pace; readonly finding: Finding | null } {
  const window = Math.floor(toMs(at) / WINDOW_MS);
  let { sum, count, alarmAt } = before;
  let learned = { mean: before.mean, spread: before.spread, windows: before.windows };
  if (window > before.window) {
    if (before.window > 0) {
      if (learned.windows >= LEARNED_WINDOWS) sum = Math.max(0, sum + ratio(count, learned));
      learned = learn(learned, count);
    }
    count = 0;
  }
  count += calls;
  const usual = Math.max(learned.mean, LEAST_USUAL);
  const now = { ...learned, window: Math.max(window, before.window), count };
  if (learned.windows < LEARNED_WINDOWS || sum + ratio(count, learned) < LIMIT)
    return { pace: { ...now, sum, alarmAt }, finding: null };
  const again = alarmAt !== null && toMs(at) - toMs(alarmAt) < AGAIN_MS;
  // It starts anew, and the window it told of is behind it.
  alarmAt = at;
  return {
    pace: { ...now, count: 0, sum: 0, alarmAt },
    finding: {
      detector: 'agent-calls',
      version: '2',
      kind: 'action-budget',
      archetype: 'agentic-misalignment',
      evidenceClass: again ? 'strong' : 'weak',
      score: again ? 0.8 : 0.5,
      spans: [],
      rules: ['poisson-cusum', `usual ${usual.toFixed(1)}`],
      explain: `Agents made ${count} calls within ten minutes, where about ${Math.round(usual)} are usual${again ? '; it is the second time within a day' : ''}.`,
      same: `action-budget|${window}`,
    },
  };
}
