import {
  type Actor,
  type Decision,
  type Fact,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { type Interaction, markKind, markOf } from '../signals/index.ts';

/** What was agreed about one AI system, and is checked on what it does. */
export interface AgreementTerms {
  /** Models that may answer; `*` at the end stands for any ending. Null: those that its deployments name. */
  readonly models: readonly string[] | null;
  /** Features whose answers a person has to look at, each within so many minutes. */
  readonly reviewed: readonly { readonly feature: string; readonly withinMinutes: number }[];
  /** Questions and answers have to be captured. */
  readonly content: boolean;
  /** So many interactions a day at least; null: nothing is expected. */
  readonly perDay: number | null;
}

export const NO_TERMS: AgreementTerms = { models: null, reviewed: [], content: false, perDay: null };

export type AgreementFact = Fact<'oversight.agreed', { readonly system: string } & AgreementTerms>;
export const AGREEMENT_FACTS = ['oversight.agreed'] as const satisfies readonly AgreementFact['type'][];

export interface Agreement extends AgreementTerms {
  readonly system: string;
  readonly at: Instant;
  readonly by: Actor;
}

export const foldAgreement = (facts: readonly Recorded[]): Agreement | null => {
  const last = ofTypes<AgreementFact>(facts, AGREEMENT_FACTS).at(-1);
  return last === undefined ? null : { ...last.data, at: last.at, by: last.by };
};

const DAY_MS = 86_400_000;
const LIMITS = { models: 100, reviewed: 50 } as const;

export function agree(
  state: Agreement | null,
  want: { readonly system: string } & AgreementTerms,
): Decision<AgreementFact> {
  if ((want.models?.length ?? 0) > LIMITS.models || want.reviewed.length > LIMITS.reviewed)
    return refuse(
      'oversight.too-many',
      `At most ${LIMITS.models} models and ${LIMITS.reviewed} features can be named.`,
    );
  const { at: _, by: __, ...held } = state ?? { at: null, by: null, system: want.system, ...NO_TERMS };
  return JSON.stringify(held) === JSON.stringify(want) ? [] : [{ type: 'oversight.agreed', data: want }];
}

/** A dated release of what was approved, `m-4` as `m-4-2026-11-02` or `m-4-2026-11`, is the same model. */
const RELEASE = /^-(?:\d{8}|\d{4}-\d{2}(?:-\d{2})?|\d{4})$/;

export const isApproved = (model: string, approved: readonly string[]): boolean =>
  approved.some((each) =>
    each.endsWith('*')
      ? model.startsWith(each.slice(0, -1))
      : model === each || (model.startsWith(each) && RELEASE.test(model.slice(each.length))),
  );

/** What one interaction breaks. */
export type Breach =
  | { readonly kind: 'unapproved-model'; readonly model: string; readonly listed: boolean }
  | { readonly kind: 'content-missing' };

/** `deployed`: models that the deployments of the system name. Empty, and none agreed: nothing is known, so nothing is broken. */
export function breachesOf(it: Interaction, terms: AgreementTerms, deployed: readonly string[]): Breach[] {
  const breaches: Breach[] = [];
  const model = it.versions.model ?? it.versions.modelAsked;
  const approved = terms.models ?? deployed;
  if (model !== null && (terms.models !== null || deployed.length > 0) && !isApproved(model, approved))
    breaches.push({ kind: 'unapproved-model', model, listed: terms.models !== null });
  if (terms.content && it.output === null && it.error === null && it.verdict?.action !== 'deny')
    breaches.push({ kind: 'content-missing' });
  return breaches;
}

/** The feature of a fire drill whose answers nobody has time to look at, whatever was agreed. */
export const REVIEW_DRILL = 'fire-drill-review';

/** Within how many minutes a person has to look at an answer; null: nobody has to. */
export function reviewOf(
  terms: AgreementTerms,
  { feature, givenId }: Pick<Interaction, 'feature' | 'givenId'>,
): number | null {
  if (feature === REVIEW_DRILL && markKind(markOf(givenId)) === 'drill') return 0;
  return terms.reviewed.find((each) => each.feature === feature)?.withinMinutes ?? null;
}

/** So many answers of one model to one name make it what that name stands for. */
const SETTLED = 20;

/** Whether a name is answered by another model than it was: the supplier changed something without a word. */
export function suppliedOtherwise(
  asked: string,
  answered: string,
  seen: readonly { readonly answered: string; readonly count: number }[],
): string | null {
  if (seen.some((each) => each.answered === answered)) return null;
  const usual = [...seen].sort((a, b) => b.count - a.count)[0];
  return usual !== undefined && usual.count >= SETTLED && answered !== asked ? usual.answered : null;
}

/** So many others on one day, and what answers varies by its nature. */
const VARIES = 3;

/**
 * Whether a build or a list of tools is another one than it was, where nobody declared a change. Suppliers keep several builds in use and
 * some programs choose tools for every request: where three others were first seen within a day, one more says nothing.
 */
export function changedUndeclared(
  asked: string,
  answered: string,
  seen: readonly { readonly answered: string; readonly count: number; readonly firstAt: Instant }[],
  now: Instant,
): string | null {
  const usual = suppliedOtherwise(asked, answered, seen);
  const young = seen.filter((each) => each.answered !== usual && msBetween(each.firstAt, now) < DAY_MS).length;
  return usual === null || young >= VARIES ? null : usual;
}
