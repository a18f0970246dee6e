import {
  type Actor,
  type Asked,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import { applyException, EXCEPTION_TYPES, type ExceptionFact, type PolicyException } from './exceptions.ts';
import { type Means, meansKey } from './means.ts';

export type PolicyId = Id<'pol'>;

/** Where a framework asks for the policy: `ISO 42001` and `A.2.2`, `EU AI Act` and `Art. 14`. Free text on purpose. */
export interface Reference {
  readonly framework: string;
  readonly clause: string;
}

export interface PolicyText {
  readonly title: string;
  readonly statement: string;
  /** The person who answers for it. */
  readonly owner: string;
  /** `2027-05-01`; null: no date. */
  readonly reviewBy: string | null;
  /** Keys of the AI systems it binds; none: every AI system. */
  readonly systems: readonly string[];
  readonly references: readonly Reference[];
}

export type PolicyFact =
  | Fact<'policy.stated', { readonly policy: PolicyId; readonly because: string } & PolicyText>
  | Fact<'policy.restated', { readonly because: string } & PolicyText>
  /** Replaces everything that carries it out. */
  | Fact<'policy.mapped', { readonly means: readonly Means[] }>
  | Fact<'policy.withdrawn', { readonly reason: string }>;

export const POLICY_TYPES = [
  'policy.stated',
  'policy.restated',
  'policy.mapped',
  'policy.withdrawn',
  ...EXCEPTION_TYPES,
] as const;

export interface Policy extends PolicyText {
  readonly id: PolicyId;
  readonly means: readonly Means[];
  readonly statedAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  /** Why it was written down or changed, newest last. */
  readonly because: readonly { readonly at: Instant; readonly text: string }[];
  readonly withdrawn: string | null;
  /** Oldest first. */
  readonly exceptions: readonly PolicyException[];
}

const REASONS_KEPT = 100;

export function foldPolicy(facts: readonly Recorded[]): Policy | null {
  return ofTypes<PolicyFact | ExceptionFact>(facts, POLICY_TYPES).reduce<Policy | null>((policy, fact) => {
    if (fact.type === 'policy.stated') {
      const { policy: id, because, ...said } = fact.data;
      return {
        id,
        ...said,
        means: [],
        statedAt: fact.at,
        changedAt: fact.at,
        changedBy: fact.by,
        because: [{ at: fact.at, text: because }],
        withdrawn: null,
        exceptions: [],
      };
    }
    if (policy === null) return null;
    const changed = { ...policy, changedAt: fact.at, changedBy: fact.by };
    switch (fact.type) {
      case 'policy.restated': {
        const { because, ...said } = fact.data;
        return {
          ...changed,
          ...said,
          because: [...policy.because, { at: fact.at, text: because }].slice(-REASONS_KEPT),
        };
      }
      case 'policy.mapped':
        return { ...changed, means: fact.data.means };
      case 'policy.withdrawn':
        return { ...changed, withdrawn: fact.data.reason };
      default:
        return { ...policy, exceptions: applyException(policy.exceptions, fact) };
    }
  }, null);
}

export const isBound = ({ systems }: Pick<Policy, 'systems'>, system: string): boolean =>
  systems.length === 0 || systems.includes(system);

/** Past the day on which it was to be looked at again. */
export const isReviewDue = ({ reviewBy, withdrawn }: Pick<Policy, 'reviewBy' | 'withdrawn'>, now: Instant): boolean =>
  withdrawn === null && reviewBy !== null && reviewBy < now.slice(0, 10);

export function statePolicy(
  state: Policy | null,
  want: { readonly policy: PolicyId; readonly because: string } & PolicyText,
): Decision<PolicyFact> {
  return state === null ? [{ type: 'policy.stated', data: want }] : [];
}

const unknown = () => refuse('policy.unknown', 'There is no such policy. List the policies to see them.');

export function livePolicy(state: Policy | null): Policy | Refusal {
  if (state === null) return unknown();
  if (state.withdrawn !== null)
    return refuse('policy.withdrawn', 'This policy was withdrawn. State a new one if it holds again.');
  return state;
}

export function restatePolicy(
  state: Policy | null,
  want: { readonly because: string } & PolicyText,
): Decision<PolicyFact> {
  const policy = livePolicy(state);
  return 'refused' in policy ? policy : [{ type: 'policy.restated', data: want }];
}

/** Says what carries the policy out. The same thing twice counts once; an empty list makes it a gap again. */
export function mapPolicy(state: Policy | null, want: { readonly means: readonly Means[] }): Decision<PolicyFact> {
  const policy = livePolicy(state);
  if ('refused' in policy) return policy;
  const means = [...new Map(want.means.map((each) => [meansKey(each), each])).values()];
  const keys = (list: readonly Means[]) => list.map(meansKey).join('\n');
  return keys(means) === keys(policy.means) ? [] : [{ type: 'policy.mapped', data: { means } }];
}

/** Its open exceptions end with it: there is nothing left to be an exception to. */
export function withdrawPolicy(
  state: Policy | null,
  want: { readonly reason: string },
  asked: Asked,
): Decision<PolicyFact | ExceptionFact> {
  if (state === null) return unknown();
  if (state.withdrawn !== null) return [];
  const open = state.exceptions.filter(({ ended }) => ended === null);
  return [
    ...open.map(
      ({ id, approved, until }): ExceptionFact =>
        until <= asked.at
          ? { type: 'exception.lapsed', data: { exception: id } }
          : {
              type: approved === null ? 'exception.declined' : 'exception.ended',
              data: { exception: id, reason: 'The policy was withdrawn.' },
            },
    ),
    { type: 'policy.withdrawn', data: want },
  ];
}
