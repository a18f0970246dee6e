import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { type Interval, wilson } from '../../statistics/index.ts';
import type { ModeratorKind } from './kinds.ts';

export type ModeratorId = Id<'mdr'>;

/** Which side of an interaction is sent. */
export const SIDES = ['output', 'input', 'both'] as const;
export type Side = (typeof SIDES)[number];

/**
 * How far it is believed. A model's word is never more than `strong`: with a second finding of somebody else it may
 * page, alone never.
 */
export const TRUST = ['weak', 'strong'] as const;
export type Trust = (typeof TRUST)[number];

/** Who learns that it fell silent: whoever looks; each system it reads, by a weak signal; or somebody who is paged. */
export const WHEN_SILENT = ['show', 'tell', 'page'] as const;
export type WhenSilent = (typeof WHEN_SILENT)[number];
/** What one that says nothing of it does. */
export const USUAL_WHEN_SILENT: WhenSilent = 'tell';

export interface ModeratorDescription {
  readonly name: string;
  readonly kind: ModeratorKind;
  readonly address: string;
  /** Empty: whatever stands behind the address by itself. */
  readonly model: string;
  /** Keys of the AI systems it reads; empty: all. */
  readonly systems: readonly string[];
  readonly side: Side;
  /** Part of the interactions it is asked about, above 0 up to 1, chosen by the digest of their id. */
  readonly share: number;
  /** Most questions a day (UTC); what is over is counted as not asked. */
  readonly aDay: number;
  readonly timeoutMs: number;
  /** Requests under way at the same time. */
  readonly atOnce: number;
  /** Least score of a flag that counts, 0 to 1; a flag without a score always counts. */
  readonly threshold: number;
  readonly trust: Trust;
  readonly whenSilent: WhenSilent;
}

/** As facts hold it: before this was asked, nobody said what happens when it falls silent. */
type Described = Omit<ModeratorDescription, 'whenSilent'> & { readonly whenSilent?: WhenSilent };

export const MODERATOR_LIMITS = {
  moderators: 20,
  systems: 200,
  leastTimeoutMs: 100,
  mostTimeoutMs: 10_000,
  atOnce: 16,
  aDay: 5_000_000,
  /** Questions of one moderator that may wait; more are counted as not asked. */
  waiting: 5_000,
  /** Judgements of one moderator that are kept. */
  judgements: 2_000,
} as const;

/** Judged flags before a moderator may be trusted more, and the share of them that has to be right. */
export const TRUST_AFTER = { judged: 200, precision: 0.9 } as const;

export type ModeratorFact =
  | Fact<'moderator.added', { readonly moderator: ModeratorId; readonly keyed: boolean } & Described>
  | Fact<'moderator.described', Described>
  /** Whether it has a key; the key itself is in no fact. */
  | Fact<'moderator.keyed', { readonly keyed: boolean }>
  | Fact<'moderator.paused', { readonly reason: string }>
  | Fact<'moderator.resumed', Record<string, never>>
  | Fact<'moderator.removed', { readonly reason: string }>
  /** It failed several times in a row and is left alone for a while: nobody has an opinion meanwhile. */
  | Fact<'moderator.fell-silent', { readonly why: string; readonly failures: number }>
  | Fact<'moderator.heard-again', Record<string, never>>
  /** A person looked at something it flagged. */
  | Fact<'moderator.judged', { readonly interaction: string; readonly right: boolean }>;

export const MODERATOR_FACTS = [
  'moderator.added',
  'moderator.described',
  'moderator.keyed',
  'moderator.paused',
  'moderator.resumed',
  'moderator.removed',
  'moderator.fell-silent',
  'moderator.heard-again',
  'moderator.judged',
] as const satisfies readonly ModeratorFact['type'][];

export interface Moderator extends ModeratorDescription {
  readonly id: ModeratorId;
  readonly keyed: boolean;
  readonly addedAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  /** Why it is not asked; null: it is. */
  readonly paused: string | null;
  readonly removed: string | null;
  readonly silent: { readonly at: Instant; readonly why: string } | null;
  /** The newest judgement of each flagged interaction. */
  readonly judged: Readonly<Record<string, boolean>>;
}

export function foldModerator(facts: readonly Recorded[]): Moderator | null {
  return ofTypes<ModeratorFact>(facts, MODERATOR_FACTS).reduce<Moderator | null>((held, fact) => {
    const { at, by } = fact;
    if (fact.type === 'moderator.added') {
      const { moderator: id, ...said } = fact.data;
      const stamp = { addedAt: at, changedAt: at, changedBy: by };
      return {
        whenSilent: USUAL_WHEN_SILENT,
        id,
        ...said,
        ...stamp,
        paused: null,
        removed: null,
        silent: null,
        judged: {},
      };
    }
    if (held === null) return null;
    const changed = { ...held, changedAt: at, changedBy: by };
    switch (fact.type) {
      case 'moderator.described':
      case 'moderator.keyed':
        return { ...changed, ...fact.data };
      case 'moderator.paused':
        return { ...changed, paused: fact.data.reason };
      case 'moderator.resumed':
        return { ...changed, paused: null };
      case 'moderator.removed':
        return { ...changed, removed: fact.data.reason };
      case 'moderator.fell-silent':
        return { ...held, silent: { at, why: fact.data.why } };
      case 'moderator.judged':
        return { ...held, judged: { ...held.judged, [fact.data.interaction]: fact.data.right } };
      default:
        return { ...held, silent: null };
    }
  }, null);
}

export interface Precision {
  readonly judged: number;
  readonly right: number;
  /** Share of its flags that were right, with Wilson's 95 % interval; null: nobody has judged any. */
  readonly rate: (Interval & { readonly value: number }) | null;
  /** Whether that is enough to trust it more. */
  readonly enough: boolean;
}

/** How often its flags were right, as people judged them. */
export function precisionOf({ judged: judgements }: Pick<Moderator, 'judged'>): Precision {
  const all = Object.values(judgements);
  const judged = all.length;
  const right = all.filter(Boolean).length;
  const value = right / judged;
  return {
    judged,
    right,
    rate: judged === 0 ? null : { value, ...wilson(right, judged) },
    enough: judged >= TRUST_AFTER.judged && value >= TRUST_AFTER.precision,
  };
}

function fault(it: ModeratorDescription, held: Moderator | null) {
  if (!/^https?:\/\/[^\s/?#]+/i.test(it.address))
    return refuse('moderator.bad-address', 'The address must begin with http:// or https://.', '/address');
  if (/^https?:\/\/[^/]*@/i.test(it.address))
    return refuse(
      'moderator.bad-address',
      'A key in the address would stand in every list. Leave it out, and set the key.',
      '/address',
    );
  if (it.trust === 'strong' && (held === null || !precisionOf(held).enough))
    return refuse(
      'moderator.not-calibrated',
      `Judge at least ${TRUST_AFTER.judged} of its flags first, with ${TRUST_AFTER.precision * 100} % of them right. Until then its word is weak.`,
      '/trust',
    );
  return null;
}

export function addModerator(
  state: Moderator | null,
  want: { readonly moderator: ModeratorId; readonly keyed: boolean } & ModeratorDescription,
  beside: number,
): Decision<ModeratorFact> {
  if (state !== null) return [];
  if (beside >= MODERATOR_LIMITS.moderators)
    return refuse('moderator.too-many', `There are ${MODERATOR_LIMITS.moderators} moderators. Remove one first.`);
  return fault(want, null) ?? [{ type: 'moderator.added', data: want }];
}

function living(
  state: Moderator | null,
  decide: (moderator: Moderator) => Decision<ModeratorFact>,
): Decision<ModeratorFact> {
  return state === null || state.removed !== null
    ? refuse('moderator.unknown', 'There is no such moderator. List the moderators to see the ones there are.')
    : decide(state);
}

export const describeModerator = (state: Moderator | null, want: ModeratorDescription): Decision<ModeratorFact> =>
  living(state, (held) => fault(want, held) ?? [{ type: 'moderator.described', data: want }]);

export const keyModerator = (state: Moderator | null, want: { readonly keyed: boolean }): Decision<ModeratorFact> =>
  living(state, (held) => (held.keyed || want.keyed ? [{ type: 'moderator.keyed', data: want }] : []));

export const pauseModerator = (state: Moderator | null, want: { readonly reason: string }): Decision<ModeratorFact> =>
  living(state, ({ paused }) => (paused === null ? [{ type: 'moderator.paused', data: want }] : []));

export const resumeModerator = (state: Moderator | null): Decision<ModeratorFact> =>
  living(state, ({ paused }) => (paused === null ? [] : [{ type: 'moderator.resumed', data: {} }]));

export const removeModerator = (state: Moderator | null, want: { readonly reason: string }): Decision<ModeratorFact> =>
  state?.removed != null ? [] : living(state, () => [{ type: 'moderator.removed', data: want }]);

/** `flagged`: whether it flagged this interaction, as its opinion says. */
export const judgeFlag = (
  state: Moderator | null,
  want: { readonly interaction: string; readonly right: boolean },
  flagged: boolean,
): Decision<ModeratorFact> =>
  living(state, ({ judged }) => {
    if (judged[want.interaction] === want.right) return [];
    if (!flagged)
      return refuse('moderator.nothing-flagged', 'It did not flag this interaction, or the opinion is no longer kept.');
    if (Object.keys(judged).length >= MODERATOR_LIMITS.judgements && judged[want.interaction] === undefined)
      return refuse(
        'moderator.judged-enough',
        `${MODERATOR_LIMITS.judgements} of its flags are judged: more would not change the figure.`,
      );
    return [{ type: 'moderator.judged', data: want }];
  });

/** What asking changes about the moderator itself: most of the time nothing. */
export function heardFrom(
  state: Moderator | null,
  want: { readonly fault: string | null; readonly failures: number; readonly open: boolean },
): Decision<ModeratorFact> {
  if (state === null || state.removed !== null) return [];
  if (want.fault === null) return state.silent === null ? [] : [{ type: 'moderator.heard-again', data: {} }];
  if (!want.open || state.silent !== null) return [];
  return [{ type: 'moderator.fell-silent', data: { why: want.fault, failures: want.failures } }];
}
