import type { Asking, Overridable } from './control.ts';
import { OVERRIDABLE } from './control.ts';
import { type Control, kindOf } from './kinds/registry.ts';
import { DEFAULT_MESSAGE } from './verdict.ts';

/** A request that was answered, as records tell it. Null: nobody recorded it. */
export interface SeenRequest {
  readonly feature: string | null;
  readonly model: string | null;
  readonly modelAsked: string | null;
  readonly prompt: string | null;
  readonly provider: string | null;
  readonly country: string | null;
  readonly subject: string | null;
  readonly agent: string | null;
  readonly index: string | null;
  /** Whether anything was found in the index. */
  readonly found: boolean;
  /** Names of tools that gave a result. */
  readonly called: readonly { readonly name: string; readonly result: string }[];
  readonly asked: readonly string[];
  readonly answer: string | null;
  readonly failed: boolean;
  readonly verdict: { readonly action: string; readonly hold: string | null } | null;
}

/**
 * What one record says about a hold. `contrary`: the request was served though the hold forbids it, or served by what was
 * withdrawn. `as-intended`: the hold touched it, or the version that was ordered served it. Else it says nothing of it.
 */
export type SeenAs = { readonly as: 'contrary'; readonly says: string } | { readonly as: 'as-intended' | 'unrelated' };

/** How traffic can show that a control holds. */
export type TrafficShows =
  /** Nothing gets past for a while. */
  | 'quiet'
  /** An answer by the version that was ordered. */
  | 'pinned'
  /** Requests it has touched, as guards count them; records do not tell the others apart. */
  | 'touched'
  | 'nothing';

const SHOWS: Readonly<Record<Control['kind'], TrafficShows>> = {
  disable: 'quiet',
  fence: 'quiet',
  block: 'quiet',
  input: 'quiet',
  retrieval: 'quiet',
  revoke: 'quiet',
  route: 'pinned',
  review: 'touched',
  limit: 'touched',
  settings: 'touched',
  pause: 'nothing',
};
export const trafficShows = ({ kind }: Pick<Control, 'kind'>): TrafficShows => SHOWS[kind];

const UNRELATED: SeenAs = { as: 'unrelated' };
const AS_INTENDED: SeenAs = { as: 'as-intended' };

/** A dated or numbered edition of what was ordered is what was ordered: `gpt-x-2026-08-06` for `gpt-x`. */
const isVersion = (used: string, wanted: string): boolean => used === wanted || used.startsWith(`${wanted}-`);

function seenByRoute(control: Extract<Control, { kind: 'route' }>, seen: SeenRequest): SeenAs {
  const served: { readonly [key in Overridable]: string | null } = seen;
  let pinned = 0;
  for (const what of OVERRIDABLE) {
    const to = control.to[what];
    const used = served[what];
    if (to === undefined || used === null) continue;
    if (isVersion(used, to)) {
      pinned += 1;
      continue;
    }
    const from = control.from?.[what];
    if (from === undefined || isVersion(used, from))
      return { as: 'contrary', says: `was answered by ${used}, not ${to}` };
    return UNRELATED;
  }
  return pinned > 0 ? AS_INTENDED : UNRELATED;
}

const SAYS: Readonly<Partial<Record<Control['kind'], string>>> = {
  disable: 'was answered',
  fence: 'was answered from where it should not be',
  block: 'was answered in spite of its words',
  input: 'was answered in spite of what came with it',
};

/** Every request the record holds, with what is known of it alone: what is missing must not be read the stricter way here. */
function askingsOf(control: Control, seen: SeenRequest): readonly Asking[] {
  const base: Asking = {
    feature: seen.feature ?? undefined,
    agent: seen.agent ?? undefined,
    subject: seen.subject ?? undefined,
    country: seen.country ?? undefined,
  };
  switch (control.kind) {
    case 'disable':
      return [base];
    case 'fence':
      // Whether somebody had signed in is not recorded.
      return control.countries === undefined || control.audience !== undefined || seen.country === null ? [] : [base];
    case 'block':
      return [
        ...seen.asked.map((text): Asking => ({ ...base, text, direction: 'input' })),
        ...(seen.answer === null ? [] : [{ ...base, text: seen.answer, direction: 'output' as const }]),
      ];
    case 'input':
      return seen.asked.slice(-1).map((text) => ({ ...base, text, attachments: 0 }));
    default:
      return [];
  }
}

/** A call or an answer that is only the refusal in the application's own words. */
const isRefusalText = (text: string, control: Control): boolean =>
  text.includes(control.message ?? DEFAULT_MESSAGE) || text.includes('ContainedError');

/**
 * Calls in a record made after everybody obeyed that were carried out though the hold forbids them, by name. Only of holds
 * that stop a system or take tools away; a call that gave no answer, or the refusal itself, is none.
 */
export function callsPast(hold: { readonly hold: string; readonly what: Control }, seen: SeenRequest): string[] {
  const { what } = hold;
  const { verdict } = seen;
  if (what.kind !== 'disable' && what.kind !== 'revoke') return [];
  if (verdict?.hold === hold.hold || verdict?.action === 'deny' || seen.failed) return [];
  if (what.feature !== undefined && seen.feature !== what.feature) return [];
  if (what.kind === 'revoke' && (what.credential !== undefined || (what.agent !== undefined && seen.agent === null)))
    return [];
  const agent = seen.agent ?? undefined;
  return [
    ...new Set(
      seen.called
        .filter(
          ({ name, result }) =>
            kindOf(what).apply(what, { tool: name, agent }) === 'deny' && !isRefusalText(result, what),
        )
        .map(({ name }) => name),
    ),
  ];
}

/** What a record of a request made after everybody obeyed says about a hold. */
export function seenAs(hold: { readonly hold: string; readonly what: Control }, seen: SeenRequest): SeenAs {
  const { what } = hold;
  const { verdict } = seen;
  if (verdict?.hold === hold.hold) return AS_INTENDED;
  if (verdict?.action === 'deny') return UNRELATED;
  if (what.feature !== undefined && seen.feature !== what.feature) return UNRELATED;
  if (seen.failed) return UNRELATED;
  if (what.kind === 'route') return seenByRoute(what, seen);
  if (what.kind === 'retrieval')
    return seen.found && seen.index === what.index
      ? { as: 'contrary', says: `was given passages of ${what.index}` }
      : UNRELATED;
  if (what.kind === 'revoke') {
    for (const { name, result } of seen.called) {
      const asking: Asking = { tool: name, agent: seen.agent ?? undefined };
      if (what.credential !== undefined || (what.agent !== undefined && seen.agent === null)) continue;
      if (kindOf(what).apply(what, asking) === 'deny' && !isRefusalText(result, what))
        return { as: 'contrary', says: `called ${name}` };
    }
    return UNRELATED;
  }
  if (seen.answer === null || isRefusalText(seen.answer, what)) return UNRELATED;
  const past = askingsOf(what, seen).some((asking) => kindOf(what).apply(what, asking) === 'deny');
  return past ? { as: 'contrary', says: SAYS[what.kind] ?? 'was served' } : UNRELATED;
}
