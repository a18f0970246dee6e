import type { Verdict } from '@firebreak/core/respond/containment';

/** Holds counted apart; the guard never reports more. */
const HOLDS_COUNTED = 1_000;

export interface HoldTally {
  refused: number;
  rerouted: number;
}

/** What the guard has done since it started. */
export class Tally {
  checks = 0;
  refused = 0;
  rerouted = 0;
  faults = 0;
  readonly holds = new Map<string, HoldTally>();
  /** Holds whose counts have not been reported since they changed. */
  readonly #changed = new Set<string>();

  count(verdict: Verdict): void {
    const refused = verdict.action === 'deny';
    if (refused) this.refused += 1;
    else this.rerouted += 1;
    if (verdict.hold === undefined) return;
    let hold = this.holds.get(verdict.hold);
    if (hold === undefined) {
      if (this.holds.size >= HOLDS_COUNTED) return;
      hold = { refused: 0, rerouted: 0 };
      this.holds.set(verdict.hold, hold);
    }
    this.#changed.add(verdict.hold);
    if (refused) hold.refused += 1;
    else hold.rerouted += 1;
  }

  /** Totals of the process, and of the holds that changed since the last report; `all`: whoever listens is new. */
  report(all: boolean) {
    const { checks, refused, rerouted } = this;
    const names = all ? this.holds.keys() : this.#changed;
    const holds = Object.fromEntries([...names].map((name) => [name, this.holds.get(name)]));
    this.#changed.clear();
    return { checks, refused, rerouted, holds };
  }
}
