import type { Asking, HoldInForce, Verdict } from '@firebreak/core/respond/containment';

export interface HoldChecked {
  readonly hold: string;
  /** `unknown`: no request can be made up that it must meet. `unsupported`: this version does not know its kind. */
  readonly state: 'effective' | 'not-effective' | 'unknown' | 'unsupported';
}

type Parameters = Readonly<Record<string, unknown>>;
const first = (list: unknown): string | undefined =>
  Array.isArray(list) ? (list[0] as string | undefined) : undefined;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A request that the hold must touch. */
function probeOf({ what }: HoldInForce): Asking | undefined {
  const control = what as unknown as Parameters;
  const { kind } = what;
  const feature = what.feature;
  if (kind === 'block') {
    const phrase = first(control.phrases);
    return phrase === undefined
      ? undefined
      : { feature, text: phrase, direction: control.direction === 'output' ? 'output' : 'input' };
  }
  if (kind === 'input')
    return {
      feature,
      attachments: control.attachments === undefined ? 0 : 1,
      text:
        control.links === undefined ? 'x'.repeat(Math.min(Number(control.maxCharacters ?? 0) + 1, 10_000_001)) : '://',
    };
  const tool = first(control.tools);
  return {
    feature,
    ...(control.from as Asking | undefined),
    index: text(control.index),
    trigger: text(control.trigger) ?? (kind === 'pause' ? 'any' : undefined),
    agent: text(control.agent),
    credential: text(control.credential),
    tool: tool ?? (kind === 'revoke' ? 'any' : undefined),
  };
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
    const probe = each.release === undefined ? probeOf(each) : undefined;
    if (probe === undefined) return { hold, state: 'unknown' };
    return { hold, state: judge(each.system, probe).action === 'allow' ? 'not-effective' : 'effective' };
  });
}
