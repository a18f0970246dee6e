import {
  type Asking,
  type CheckedState,
  type Compiled,
  checkHold,
  type HoldInForce,
  type Rules,
  type Snapshot,
  type Verdict,
} from '@firebreak/core/respond/containment';

export interface HoldChecked {
  readonly hold: string;
  /**
   * `too-wide`: another request met it as well. `fault`: judging broke down. `unknown`: no request can be made up that it must
   * meet. `unsupported`: this version does not know its kind.
   */
  readonly state: CheckedState;
  readonly says?: string;
  /** Of a gateway: what one met that was sent to its own front door. */
  readonly door?: CheckedState;
}

type Judge = (system: string, asking: Asking) => Verdict;
/** Sends a made-up request the way of real ones, and gives what it met there. Undefined: none fits. */
type Door = (system: string, asking: Asking) => Promise<Verdict | undefined>;

/**
 * Asks for each hold a made-up request that it must touch. A hold whose request is answered by something else in force counts
 * as effective: the request is contained. Given a door, the same requests are sent there as well.
 */
export function checkHolds(
  rules: Rules,
  holds: readonly HoldInForce[],
  unsupported: readonly string[],
  judge: Judge,
  door?: Door,
): Promise<readonly HoldChecked[]> {
  return Promise.all(
    holds.map((each): HoldChecked | Promise<HoldChecked> => {
      const { hold } = each;
      if (unsupported.includes(hold)) return { hold, state: 'unsupported' };
      const checked = { hold, ...checkHold(each, judge, rules) };
      return door === undefined || checked.state !== 'effective' ? checked : throughTheDoor(rules, checked, each, door);
    }),
  );
}

/** The same made-up requests, sent the way of real ones; what came back for each stands for what was judged there. */
async function throughTheDoor(rules: Rules, checked: HoldChecked, hold: HoldInForce, send: Door): Promise<HoldChecked> {
  const met = new Map<string, Verdict>();
  const asked: Asking[] = [];
  // Judged twice: once to learn which requests it takes, once with the answers of the door.
  checkHold(
    hold,
    (_, asking) => {
      asked.push(asking);
      return { action: 'deny', epoch: 0 };
    },
    rules,
  );
  for (const asking of asked) {
    const verdict = await send(hold.system, asking).catch(() => undefined);
    if (verdict === undefined) return checked;
    met.set(JSON.stringify(asking), verdict);
  }
  const door = checkHold(hold, (_, asking) => met.get(JSON.stringify(asking)) ?? { action: 'allow', epoch: 0 }, rules);
  return { ...checked, door: door.state, ...(door.says === undefined ? {} : { says: door.says }) };
}

/** Tries an order on a copy of what is held. Nothing is obeyed yet: an order that breaks judging breaks only this. */
export function tryHold(
  rules: Rules,
  compile: (snapshot: Snapshot) => Compiled,
  held: Snapshot | undefined,
  hold: HoldInForce,
): { readonly state: CheckedState; readonly says?: string } {
  try {
    const base = held ?? { schema: 1, system: hold.system, generation: 0, epoch: 0, holds: [] };
    const compiled = compile({ ...base, holds: [...base.holds.filter((each) => each.hold !== hold.hold), hold] });
    if (compiled.unsupported.includes(hold.hold)) return { state: 'unsupported' };
    return checkHold(hold, (system, asking) => compiled.check(system, asking), rules);
  } catch (error) {
    return { state: 'fault', says: String(error instanceof Error ? error.message : error).slice(0, 200) };
  }
}
