import type { Asking } from './control.ts';
import { type Control, type Enforced, isEnforced, kindOf } from './kinds/registry.ts';
import { ACTIONS, type HoldInForce, type Verdict } from './verdict.ts';

/** What a made-up request that a control must touch is expected to meet. */
export type Expected = 'deny' | 'review' | 'limit' | 'reroute';

/** A made-up request that a control must touch, and one beside it that the control must leave alone. */
export interface Probe {
  readonly asking: Asking;
  readonly expected: Expected;
  /** Absent: the control is for everybody, so nothing stands beside it. */
  readonly beside?: Asking;
}

/** Longer than any limit of a request's length. */
const MOST_CHARACTERS = 10_000_001;
/** Says nothing that any control would be ordered for. */
const HARMLESS = 'How do I reset my password?';
/** Countries to stand outside of a fence with; more than one, as the fence may name some of them. */
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR', 'IN', 'KE', 'NZ'];

const EXPECTED: Readonly<Record<Control['kind'], Expected>> = {
  disable: 'deny',
  fence: 'deny',
  block: 'deny',
  input: 'deny',
  retrieval: 'deny',
  revoke: 'deny',
  pause: 'deny',
  review: 'review',
  limit: 'limit',
  route: 'reroute',
  settings: 'reroute',
};

const other = (name: string): string => `${name}-other`;

function touching(control: Control): Asking | undefined {
  switch (control.kind) {
    case 'block': {
      const [phrase] = control.phrases ?? [];
      return phrase === undefined ? undefined : { text: phrase, direction: control.direction ?? 'input' };
    }
    case 'input':
      if (control.attachments !== undefined) return { attachments: 1, text: HARMLESS };
      if (control.links !== undefined) return { text: 'https://example.test/' };
      return { text: 'x'.repeat(Math.min((control.maxCharacters ?? 0) + 1, MOST_CHARACTERS)) };
    case 'route':
      return { ...control.from };
    case 'fence': {
      if (control.countries === undefined) return { authenticated: false };
      const { mode, list } = control.countries;
      return {
        country: mode === 'deny' ? list[0] : COUNTRIES.find((each) => !list.includes(each)),
        authenticated: true,
      };
    }
    case 'retrieval':
      return { index: control.index };
    case 'revoke':
      return { tool: control.tools?.[0] ?? 'any', agent: control.agent, credential: control.credential };
    case 'review':
      return control.tools === undefined ? {} : { tool: control.tools[0] };
    case 'pause':
      return { trigger: control.trigger ?? 'any' };
    default:
      return {};
  }
}

function beside(control: Control): Asking | undefined {
  const { feature } = control;
  if (feature !== undefined) return { ...touching(control), feature: other(feature) };
  switch (control.kind) {
    case 'block':
      return { text: HARMLESS, direction: control.direction ?? 'input' };
    case 'route': {
      const { from } = control;
      if (from?.model === undefined && from?.prompt === undefined && from?.provider === undefined) return undefined;
      return Object.fromEntries(Object.entries(from).map(([what, version]) => [what, other(version)]));
    }
    case 'fence': {
      const { mode, list } = control.countries ?? { mode: 'deny', list: [] };
      const country = mode === 'allow' ? list[0] : COUNTRIES.find((each) => !list.includes(each));
      return { country, authenticated: true };
    }
    case 'retrieval':
      return { index: other(control.index) };
    case 'revoke':
    case 'review':
      return control.tools?.[0] === undefined ? undefined : { tool: control.tools.map(other).join('-') };
    case 'pause':
      return control.trigger === undefined ? undefined : { trigger: other(control.trigger) };
    default:
      return undefined;
  }
}

/** The rules that made-up requests are tried on: given, so that a guard can load what tries them by itself. */
export interface Rules {
  readonly isEnforced: typeof isEnforced;
  readonly kindOf: typeof kindOf;
}

/** Undefined where no request can be made up that the control must touch: one of patterns alone. */
export function probeOf(control: Enforced): Probe | undefined {
  return probeBy({ isEnforced, kindOf }, control);
}

function probeBy(rules: Rules, control: Enforced): Probe | undefined {
  if (control.kind === 'test') {
    const of = probeBy(rules, control.of);
    if (of === undefined) return undefined;
    const { mark: test } = control;
    return { ...of, asking: { ...of.asking, test }, ...(of.beside && { beside: { ...of.beside, test } }) };
  }
  const asking = touching(control);
  if (asking === undefined) return undefined;
  const { feature } = control;
  const near = beside(control);
  // A phrase may be so common that even what is harmless holds it.
  const untouched =
    near !== undefined && feature === undefined && rules.kindOf(control).apply(control, near) !== undefined
      ? undefined
      : near;
  return {
    asking: { ...(feature === undefined ? {} : { feature }), ...asking },
    expected: EXPECTED[control.kind],
    ...(untouched && { beside: untouched }),
  };
}

/** Whether a verdict does to a made-up request what the control is for. Something stricter that is in force does it as well. */
export function isMet(control: Enforced, verdict: Verdict): boolean {
  if (control.kind === 'test') return isMet(control.of, verdict);
  if (verdict.action === 'deny') return true;
  switch (control.kind) {
    case 'route':
      return Object.entries(control.to).every(([what, to]) => verdict.to?.[what as 'model'] === to);
    case 'settings':
      return verdict.settings !== undefined;
    case 'limit':
      return verdict.limits !== undefined || verdict.action === 'review';
    default:
      return ACTIONS.indexOf(verdict.action) >= ACTIONS.indexOf(EXPECTED[control.kind]);
  }
}

/**
 * `effective`: the made-up request met what it must. `too-wide`: another one met it as well. `fault`: judging broke down.
 * `unknown`: no request can be made up that it must meet. `unsupported`: its kind is not known where it was tried.
 */
export const CHECKED_STATES = ['effective', 'not-effective', 'too-wide', 'fault', 'unknown', 'unsupported'] as const;
export type CheckedState = (typeof CHECKED_STATES)[number];

/** Tries one hold with made-up requests, judged as every other is. Never throws. */
export function checkHold(
  hold: HoldInForce,
  judge: (system: string, asking: Asking) => Verdict,
  rules: Rules,
): { readonly state: CheckedState; readonly says?: string } {
  const { what, system } = hold;
  if (!rules.isEnforced(what)) return { state: 'unsupported' };
  const probe = hold.release === undefined ? probeBy(rules, what) : undefined;
  if (probe === undefined) return { state: 'unknown' };
  try {
    if (!isMet(what, judge(system, probe.asking))) return { state: 'not-effective' };
    const beside = [...(probe.beside ? [probe.beside] : []), ...(what.kind === 'test' ? [unmarked(probe.asking)] : [])];
    const wide = beside.some((asking) => judge(system, asking).hold === hold.hold);
    return { state: wide ? 'too-wide' : 'effective' };
  } catch (error) {
    return { state: 'fault', says: String(error instanceof Error ? error.message : error).slice(0, 200) };
  }
}

const unmarked = ({ test: _, ...asking }: Asking): Asking => asking;
