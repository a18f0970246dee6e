import { type Look, lookAtServed, type Scope } from '../../detect/signals/index.ts';
import type { Deps } from '../../platform/index.ts';

/** A look that took long is good for so many times as long, so that open screens never keep the database busy. */
const GOOD_FOR = 20;
const MOST_KEPT = 50;

interface Kept {
  readonly looks: Promise<readonly Look[]>;
  until: number;
}
const kept = new WeakMap<Deps, Map<string, Kept>>();

/** What was served in a scope; one look for all who ask at the same time. Times are of this process, not of the record. */
export function looksAt(deps: Deps, scope: Scope, requests: number): Promise<readonly Look[]> {
  const all = kept.get(deps) ?? new Map<string, Kept>();
  kept.set(deps, all);
  const key = JSON.stringify([scope.system, scope.feature, scope.from]);
  const began = performance.now();
  const there = all.get(key);
  if (there !== undefined && there.until > began) return there.looks;
  if (all.size >= MOST_KEPT) all.delete(all.keys().next().value!);
  const fresh: Kept = { looks: lookAtServed(deps.db, scope, requests), until: Number.POSITIVE_INFINITY };
  all.set(key, fresh);
  const settle = () => {
    const took = performance.now() - began;
    fresh.until = took < 50 ? 0 : performance.now() + took * GOOD_FOR;
  };
  fresh.looks.then(settle, () => all.delete(key));
  return fresh.looks;
}
