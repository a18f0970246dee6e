import type { HoldRow } from '@firebreak/contract/respond/containment';
import type { KindName } from '@firebreak/core/respond/containment';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';

/** One of the three truths: a figure, what it is made of, and what it means. */
export interface Truth {
  readonly name: 'ordered' | 'acknowledged' | 'seen';
  readonly figure: string;
  readonly says: string;
  readonly tone: Tone;
}

type HoldView = Pick<
  HoldRow,
  'state' | 'confirmation' | 'acknowledged' | 'live' | 'lastAckMs' | 'seen' | 'what' | 'failure' | 'says' | 'expiry'
>;

export function acknowledgedTruth(hold: HoldView): Truth {
  const base = { name: 'acknowledged' as const };
  if (hold.live === 0)
    return { ...base, figure: '0 live', says: 'no guard is connected, so nothing obeys', tone: 'amber' };
  const figure = `${hold.acknowledged} / ${hold.live}`;
  const missing = hold.live - hold.acknowledged;
  if (missing > 0) return { ...base, figure, says: `acknowledged, ${missing} missing`, tone: 'amber' };
  return {
    ...base,
    figure,
    says: hold.lastAckMs === null ? 'acknowledged' : `acknowledged in ${span(hold.lastAckMs)}`,
    tone: 'moss',
  };
}

const VERBS: Readonly<Partial<Record<KindName, string>>> = {
  route: 'rerouted',
  settings: 'served differently',
  limit: 'counted',
  review: 'sent to a person',
};

export function seenTruth(hold: HoldView): Truth {
  const touched = hold.seen.refused + hold.seen.rerouted;
  const verb = VERBS[hold.what.kind] ?? 'refused';
  if (touched === 0) return { name: 'seen', figure: '0', says: 'not yet seen in traffic', tone: 'amber' };
  return {
    name: 'seen',
    figure: touched.toLocaleString('en'),
    says: touched === 1 ? `request ${verb}` : `requests ${verb}`,
    tone: 'moss',
  };
}

/** Names of those that do not obey, at most `most`, and how many more. */
export function missingWords(hold: Pick<HoldRow, 'failure'>, most = 3): string | null {
  const missing = hold.failure?.instances ?? [];
  if (missing.length === 0) return hold.failure?.why ?? null;
  const named = missing.slice(0, most).map((each) => `${each.instance} on ${each.host}: ${each.why}`);
  return missing.length > most ? `${named.join('; ')}; and ${missing.length - most} more` : named.join('; ');
}

/** What it does, as the title of a card. */
export function inForceTitle(hold: Pick<HoldRow, 'what' | 'says'>): string {
  return sentence(hold.says);
}

/** Where it applies. */
export function scopeWords(hold: Pick<HoldRow, 'what'>, systemName: string, featureName?: string): string {
  const { feature } = hold.what;
  return feature === undefined ? `${systemName} · the whole system` : `${systemName} · ${featureName ?? feature} only`;
}

/** `2 checks, 1 golden set, two people, watched for 60 min`. */
export function gateWords({ checks, suites, approvals, watchMinutes }: NonNullable<HoldRow['gate']>): string {
  const many = (n: number, one: string) => (n === 0 ? [] : [`${n} ${one}${n === 1 ? '' : 's'}`]);
  return [
    ...many(checks.length, 'check'),
    ...many(suites.length, 'golden set'),
    approvals === 2 ? 'two people' : 'one other person',
    ...(watchMinutes > 0 ? [`watched for ${watchMinutes} min`] : []),
  ].join(', ');
}
