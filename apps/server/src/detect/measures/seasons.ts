import { type Aspect, aspectOf, type Step } from '@firebreak/core/detect/measures';
import { type MetricAlarm, MetricWatch } from '@firebreak/core/statistics';
import type { Deps } from '../../platform/index.ts';

const MOST_HELD = 500;
const BREATH = 500;

const msOf = (minute: string): number => Date.parse(`${minute}:00Z`);

/** A season watch in memory, with the newest step it was shown. */
class Season {
  readonly #watch = new MetricWatch();
  last = '';

  push(minute: string, value: number): MetricAlarm | null {
    this.last = minute;
    return this.#watch.push(msOf(minute), value);
  }
}

const held = new WeakMap<Deps, Map<string, { readonly mark: string; readonly season: Season }>>();

/**
 * The season watch as it stood at the cursor. A month of steps is too much to write down at every look, and the steps are
 * stored anyway: after a restart, or where another process looked meanwhile, it is shown them again and says nothing.
 */
export async function seasonOf(
  deps: Deps,
  id: string,
  mark: string,
  cursor: string,
  aspect: Aspect,
  past: () => Promise<readonly Step[]>,
): Promise<Season> {
  const all = held.get(deps) ?? new Map();
  held.set(deps, all);
  const known = all.get(id);
  if (known?.mark === mark && known.season.last === cursor) return known.season;
  const season = new Season();
  for (const [i, { minute, bin }] of (await past()).entries()) {
    const value = aspectOf(bin, aspect);
    if (value !== null) season.push(minute, value);
    if (i % BREATH === BREATH - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  season.last = cursor;
  if (all.size >= MOST_HELD) all.delete(all.keys().next().value!);
  all.set(id, { mark, season });
  return season;
}
