import { type Aspect, aspectOf, type Step } from '@firebreak/core/detect/measures';
import { type MetricAlarm, MetricWatch, type MetricWatchState } from '@firebreak/core/statistics';
import type { Deps } from '../../platform/index.ts';

const MOST_HELD = 500;
const BREATH = 500;

const msOf = (minute: string): number => Date.parse(`${minute}:00Z`);

/** A season watch in memory, with the newest step it was shown. */
class Season {
  constructor(
    readonly watch: MetricWatch,
    public last: string,
  ) {}

  push(minute: string, value: number): MetricAlarm | null {
    this.last = minute;
    return this.watch.push(msOf(minute), value);
  }
  /** To be written down with the cursor. */
  state = (): MetricWatchState => this.watch.state();
}

const held = new WeakMap<Deps, Map<string, { readonly mark: string; readonly season: Season }>>();

interface Stood {
  readonly cursor: string;
  readonly aspect: Aspect;
  /** As it was written down at the cursor; null: it never was. */
  readonly state: MetricWatchState | null;
}

/**
 * The season watch as it stood at the cursor. What it has learned is written down at every look; the steps are stored anyway. After a
 * restart, or where another process looked meanwhile, it goes on from both; without the first it is shown the steps again and says nothing.
 */
export async function seasonOf(
  deps: Deps,
  id: string,
  mark: string,
  { cursor, aspect, state }: Stood,
  past: () => Promise<readonly Step[]>,
): Promise<Season> {
  const all = held.get(deps) ?? new Map();
  held.set(deps, all);
  const known = all.get(id);
  if (known?.mark === mark && known.season.last === cursor) return known.season;
  const points = (await past()).flatMap(({ minute, bin }) => {
    const value = aspectOf(bin, aspect);
    return value === null ? [] : [[msOf(minute), value] as const];
  });
  // What an earlier version learned is learned anew, from the stored steps.
  const learned = MetricWatch.reads(state) ? state : null;
  const watch = learned === null ? new MetricWatch() : MetricWatch.from(learned, points);
  if (learned === null)
    for (const [i, [at, value]] of points.entries()) {
      watch.push(at, value);
      if (i % BREATH === BREATH - 1) await new Promise((resolve) => setImmediate(resolve));
    }
  const season = new Season(watch, cursor);
  if (all.size >= MOST_HELD) all.delete(all.keys().next().value!);
  all.set(id, { mark, season });
  return season;
}
