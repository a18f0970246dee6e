import type { Recommendation, RecommendedOrder } from '@firebreak/contract/respond/recommendation';
import type { LeverName } from '@firebreak/core/respond/containment';
import type { Tone } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';

export const QUESTIONS: Readonly<Record<Recommendation['steps'][number]['question'], string>> = {
  'roll-back': 'Can it go back to a version that was good?',
  disable: 'Can the part that fails be switched off?',
  fence: 'Is it only some places, so that a fence is enough?',
};

export const ANSWERS: Readonly<Record<'yes' | 'no' | 'ask', { readonly says: string; readonly tone: Tone }>> = {
  yes: { says: 'yes', tone: 'moss' },
  no: { says: 'no', tone: 'plain' },
  ask: { says: 'you decide', tone: 'amber' },
};

export const READINESS: Readonly<
  Record<RecommendedOrder['readiness'], { readonly says: string; readonly tone: Tone }>
> = {
  proven: { says: 'proven', tone: 'moss' },
  wired: { says: 'wired, not proven', tone: 'amber' },
  'at-hand': { says: 'nobody wired it, guards obey it', tone: 'plain' },
  not: { says: 'not possible', tone: 'plain' },
};

/** `Roll back prompt v41 → v40 for answers`; without an order, the name of the lever. */
export const orderTitle = ({ says, title }: Pick<RecommendedOrder, 'says' | 'title'>): string =>
  sentence(says ?? title);

const number = (n: number): string => Math.round(n).toLocaleString('en');

/** `Meets 412 requests an hour, 42 % of the traffic, 400 of them good as far as anybody can tell.` */
export function meetsWords(meets: RecommendedOrder['meets']): string {
  if (meets === null) return 'How much traffic it would meet is not known.';
  const { perHour, goodPerHour, unsaidPerHour, share } = meets;
  if (perHour === 0)
    return unsaidPerHour > 0
      ? `How much of ${number(unsaidPerHour)} requests an hour it would meet depends on what guards are told.`
      : 'It would have met nothing in the last hour.';
  return `Meets ${number(perHour)} requests an hour, ${Math.round(share * 100)} % of the traffic; ${number(goodPerHour)} of them looked benign.`;
}

/** What break-even is made of: `L × e = 2,000 × 0.7; c = 40; f = 100.` */
export function madeOf({ loss, cost, needless, prevented }: RecommendedOrder['weighed']): string {
  const figure = (n: number | null): string => (n === null ? '?' : number(n));
  return `(cost ${figure(cost)} + if needless ${figure(needless)}) ÷ (loss ${figure(loss)} × prevented ${prevented} + if needless ${figure(needless)})`;
}

/** What was taken before for this kind of failure: `back to an earlier prompt 3 times, review once`. */
export function takenWords(taken: Recommendation['taken'], titleOf: (lever: LeverName) => string): string {
  return taken
    .slice(0, 3)
    .map(({ lever, times }) => `${titleOf(lever).toLowerCase()} ${times === 1 ? 'once' : `${times} times`}`)
    .join(', ');
}

/** What the address of the guided screen is about. */
export function aboutOf(
  named: string,
): { readonly candidate: `cnd_${string}` } | { readonly incident: string } | { readonly system: string } {
  if (named.startsWith('cnd_')) return { candidate: named as `cnd_${string}` };
  return /^(inc_|INC-)/.test(named) ? { incident: named } : { system: named };
}

/** Digits, or nothing said. */
export function amountOf(text: string): number | null {
  const amount = Number(text.replace(/[\s,’']/g, ''));
  return text.trim() === '' || !Number.isFinite(amount) || amount < 0 ? null : amount;
}
