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
    if (refused) hold.refused += 1;
    else hold.rerouted += 1;
  }

  counters() {
    const { checks, refused, rerouted } = this;
    return { checks, refused, rerouted, holds: Object.fromEntries(this.holds) };
  }
}
