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

export type RiskId = Id<'rsk'>;

/** Ways to treat a risk (ISO 31000, clause 6.5.2, in the order of preference). */
export const TREATMENTS = ['untreated', 'avoid', 'reduce', 'share', 'accept'] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** How likely and how bad, each 1 (least) to 5. */
export interface Grade {
  readonly likelihood: number;
  readonly impact: number;
}

export interface RiskDescription {
  readonly title: string;
  /** How it fails, as people outside would see it. */
  readonly failureMode: string;
  readonly proximateCause: string;
  readonly contributing: readonly string[];
  /** Keys of the AI systems it concerns. */
  readonly systems: readonly string[];
  /** The person who answers for it. */
  readonly owner: string;
  readonly inherent: Grade;
  readonly treatment: Treatment;
  readonly treatmentNote: string;
  /** What is left once the treatment is in place; null where nobody has said. */
  readonly residual: Grade | null;
  /** `2026-12-01`; null: no date. */
  readonly reviewBy: string | null;
}

export type RiskFact =
  | Fact<'risk.registered', { readonly risk: RiskId; readonly because: string } & RiskDescription>
  | Fact<'risk.described', { readonly because: string } & RiskDescription>
  | Fact<'risk.closed', { readonly reason: string }>;

export interface Risk extends RiskDescription {
  readonly id: RiskId;
  readonly registeredAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  /** Why it was written down or changed, newest last. */
  readonly because: readonly { readonly at: Instant; readonly text: string }[];
  readonly closed: string | null;
}

const KEPT = 100;

export function foldRisk(facts: readonly Recorded[]): Risk | null {
  return ofTypes<RiskFact>(facts, ['risk.registered', 'risk.described', 'risk.closed']).reduce<Risk | null>(
    (risk, fact) => {
      if (fact.type === 'risk.registered') {
        const { risk: id, because, ...said } = fact.data;
        return {
          id,
          ...said,
          registeredAt: fact.at,
          changedAt: fact.at,
          changedBy: fact.by,
          because: [{ at: fact.at, text: because }],
          closed: null,
        };
      }
      if (risk === null) return null;
      const changed = { ...risk, changedAt: fact.at, changedBy: fact.by };
      if (fact.type === 'risk.closed') return { ...changed, closed: fact.data.reason };
      const { because, ...said } = fact.data;
      return { ...changed, ...said, because: [...risk.because, { at: fact.at, text: because }].slice(-KEPT) };
    },
    null,
  );
}

/** Likelihood times impact, 1 to 25: for sorting, not for adding up. */
export const gradeOf = ({ likelihood, impact }: Grade): number => likelihood * impact;

function faultOf({ inherent, residual, treatment, treatmentNote, reviewBy }: RiskDescription) {
  if (residual !== null && (residual.likelihood > inherent.likelihood || residual.impact > inherent.impact))
    return refuse(
      'risk.residual-worse',
      'What is left after the treatment cannot be more likely or worse than before it. If the treatment brings a risk of its own, register that one too.',
      '/residual',
    );
  if (treatment === 'accept' && (treatmentNote.trim() === '' || reviewBy === null))
    return refuse(
      'risk.acceptance-open-ended',
      'To accept a risk, write why, and until when: it is looked at again on that date.',
      reviewBy === null ? '/reviewBy' : '/treatmentNote',
    );
  return null;
}

export function registerRisk(
  state: Risk | null,
  want: { readonly risk: RiskId; readonly because: string } & RiskDescription,
): Decision<RiskFact> {
  if (state !== null) return [];
  return faultOf(want) ?? [{ type: 'risk.registered', data: want }];
}

const unknown = () => refuse('risk.unknown', 'There is no such risk. List the risks to see the ones there are.');

/** Describes it anew, with a sentence that says what has been learnt. */
export function describeRisk(
  state: Risk | null,
  want: { readonly because: string } & RiskDescription,
): Decision<RiskFact> {
  if (state === null) return unknown();
  if (state.closed !== null) return refuse('risk.closed', 'This risk is closed. Register it anew if it is back.');
  return faultOf(want) ?? [{ type: 'risk.described', data: want }];
}

export function closeRisk(state: Risk | null, want: { readonly reason: string }): Decision<RiskFact> {
  if (state === null) return unknown();
  return state.closed !== null ? [] : [{ type: 'risk.closed', data: want }];
}

/** Past the date on which it was to be looked at again. */
export const isOverdue = ({ reviewBy, closed }: Pick<Risk, 'reviewBy' | 'closed'>, now: Instant): boolean =>
  closed === null && reviewBy !== null && reviewBy < now.slice(0, 10);
