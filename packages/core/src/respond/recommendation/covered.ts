import { type Control, isKnownControl, type LeverName, leversOf } from '../containment/index.ts';
import type { HeldLever, Situation } from './situation.ts';

const all = (named: readonly string[] | undefined, by: readonly string[] | undefined): boolean =>
  by === undefined || named?.every((each) => by.includes(each)) === true;

/** Whether a hold takes in all that an order of the same lever would: these tools, this trigger, this index. */
function asWide(held: Control, order: Control | null): boolean {
  if (!isKnownControl(held)) return false;
  const same = order !== null && isKnownControl(order) ? order : null;
  switch (held.kind) {
    case 'revoke':
    case 'review':
      return all(same?.kind === held.kind ? same.tools : undefined, held.tools);
    case 'pause':
      return held.trigger === undefined || (same?.kind === 'pause' && same.trigger === held.trigger);
    case 'retrieval':
      return same?.kind !== 'retrieval' || same.index === held.index;
    default:
      return true;
  }
}

export interface Covered {
  /** Does all of it already, for everybody, wherever it goes wrong. */
  readonly held: HeldLever | null;
  /** Do some of it: elsewhere than everywhere, for some tools, or for some people only. */
  readonly partly: readonly HeldLever[];
}

/**
 * What holds of the incident do of an order already. Where nobody has said where it goes wrong, a hold on one feature is a part, unless
 * every feature of the system has one.
 */
export function coveredBy(lever: LeverName, order: Control | null, it: Situation): Covered {
  const near = it.held.filter(
    ({ what }) =>
      leversOf(what).includes(lever) &&
      (what.feature === undefined || it.feature === null || what.feature === it.feature),
  );
  const wide = near.filter(({ what, letsSome }) => letsSome !== true && asWide(what, order));
  const whole = wide.find(({ what }) => what.feature === undefined || what.feature === it.feature);
  if (whole !== undefined) return { held: whole, partly: [] };
  const features = it.system.features.map(({ key }) => wide.find(({ what }) => what.feature === key));
  const [first] = features;
  if (it.feature === null && first !== undefined && features.every((each) => each !== undefined))
    return { held: features.find((each) => each?.confirmed === false) ?? first, partly: [] };
  return { held: null, partly: near };
}

/** `HLD-3 does it for refunds only` */
export function partlyWords({ label, what, letsSome }: HeldLever): string {
  const { feature, tools, trigger, index } = what as {
    feature?: string;
    tools?: readonly string[];
    trigger?: string;
    index?: string;
  };
  const only = [
    ...(feature === undefined ? [] : [`for ${feature}`]),
    ...(tools === undefined ? [] : [`for ${tools.slice(0, 3).join(', ')}`]),
    ...(trigger === undefined ? [] : [`for ${trigger}`]),
    ...(index === undefined ? [] : [`for ${index}`]),
    ...(letsSome === true ? ['for some of the people'] : []),
  ];
  return `${label} does it ${only.join(', ') || 'in part'} only`;
}
