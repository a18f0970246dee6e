import { passedLately } from '../../detect/signals/index.ts';
import type { Deps } from '../../platform/index.ts';

const MINUTES = 60;
/** A look that took long is good for so many times as long, so that open screens never keep the database busy. */
const GOOD_FOR = 20;
const LONG_MS = 50;
const MOST_KEPT = 50;

type Lately = ReturnType<typeof passedLately>;
interface Kept {
  readonly look: Lately;
  until: number;
}
const kept = new WeakMap<Deps, Map<string, Kept>>();

/** Requests of the last hour; one look for all who ask at the same time. Times are of this process, not of the record. */
export function latelyOf(deps: Deps, system: string): Lately {
  const all = kept.get(deps) ?? new Map<string, Kept>();
  kept.set(deps, all);
  const began = performance.now();
  const there = all.get(system);
  if (there !== undefined && there.until > began) return there.look;
  if (all.size >= MOST_KEPT) all.delete(all.keys().next().value!);
  const fresh: Kept = {
    look: passedLately(deps.db, system, deps.now(), { minutes: MINUTES }),
    until: Number.POSITIVE_INFINITY,
  };
  all.set(system, fresh);
  const settle = () => {
    const took = performance.now() - began;
    fresh.until = took < LONG_MS ? 0 : performance.now() + took * GOOD_FOR;
  };
  fresh.look.then(settle, () => all.delete(system));
  return fresh.look;
}
