import {
  type Asking,
  type CheckedState,
  checkHold,
  compile,
  type HoldInForce,
  type Verdict,
} from '@firebreak/core/respond/containment';
import type { Applied } from './keeper.ts';

export interface HoldChecked {
  readonly hold: string;
  /**
   * `too-wide`: another request met it as well. `fault`: judging broke down. `unknown`: no request can be made up that it must
   * meet. `unsupported`: this version does not know its kind.
   */
  readonly state: CheckedState;
  readonly says?: string;
}

/**
 * Asks for each hold a made-up request that it must touch. A hold whose request is answered by something else in force counts
 * as effective: the request is contained.
 */
export function checkHolds(
  holds: readonly HoldInForce[],
  unsupported: readonly string[],
  judge: (system: string, asking: Asking) => Verdict,
): readonly HoldChecked[] {
  return holds.map((each) => {
    const { hold } = each;
    if (unsupported.includes(hold)) return { hold, state: 'unsupported' };
    return { hold, ...checkHold(each, judge) };
  });
}

/** Tries an order on a copy of what is held. Nothing is obeyed yet: an order that breaks judging breaks only this. */
export function tryHold(
  held: Applied | undefined,
  hold: HoldInForce,
): { readonly state: CheckedState; readonly says?: string } {
  try {
    const base = held?.snapshot ?? { schema: 1, system: hold.system, generation: 0, epoch: 0, holds: [] };
    const compiled = compile({ ...base, holds: [...base.holds.filter((each) => each.hold !== hold.hold), hold] });
    if (compiled.unsupported.includes(hold.hold)) return { state: 'unsupported' };
    return checkHold(hold, (system, asking) => compiled.check(system, asking));
  } catch (error) {
    return { state: 'fault', says: String(error instanceof Error ? error.message : error).slice(0, 200) };
  }
}
