import type { HoldRow, InstanceAcknowledgement } from '@firebreak/contract/respond/containment';
import type { KindName } from '@firebreak/core/respond/containment';
import { holdsOnSame } from '@firebreak/core/respond/recommendation';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';

/** One of the three proofs: a figure, what it is made of, and what it means. */
export interface Truth {
  readonly name: 'acknowledged' | 'probe' | 'traffic';
  readonly figure: string;
  readonly says: string;
  readonly tone: Tone;
}

type HoldView = Pick<
  HoldRow,
  | 'state'
  | 'confirmation'
  | 'acknowledged'
  | 'live'
  | 'lastAckMs'
  | 'seen'
  | 'what'
  | 'failure'
  | 'says'
  | 'expiry'
  | 'proofs'
> &
  Partial<Pick<HoldRow, 'gone'>>;

export function acknowledgedTruth(hold: HoldView): Truth {
  const base = { name: 'acknowledged' as const };
  const { have, of } = hold.proofs?.acknowledged ?? { have: hold.acknowledged, of: hold.live };
  if (of === 0 && hold.proofs?.acknowledged.state === 'have')
    return { ...base, figure: 'all gone', says: 'everybody obeyed; nobody is connected now', tone: 'plain' };
  if (of === 0) return { ...base, figure: '0 live', says: 'no guard is connected, so nothing obeys', tone: 'amber' };
  const figure = `${have} / ${of}`;
  const missing = of - have;
  if (missing > 0) return { ...base, figure, says: `obey, ${missing} missing`, tone: 'amber' };
  const gone = hold.gone?.filter(({ backAt }) => backAt === null).length ?? 0;
  if (gone > 0) return { ...base, figure, says: `acknowledged, ${gone} said to be gone`, tone: 'amber' };
  return {
    ...base,
    figure,
    says: hold.lastAckMs === null ? 'acknowledged' : `acknowledged in ${span(hold.lastAckMs)}`,
    tone: 'moss',
  };
}

/** Made-up requests, sent the way of real ones. */
export function probeTruth({ proofs }: Pick<HoldView, 'proofs'>): Truth {
  const base = { name: 'probe' as const };
  const proof = proofs?.probe;
  if (proof === undefined) return { ...base, figure: '–', says: 'not tried', tone: 'plain' };
  const figure = `${proof.have} / ${proof.of}`;
  switch (proof.state) {
    case 'have':
      return { ...base, figure, says: 'tried: it works', tone: 'moss' };
    case 'missing':
      return { ...base, figure, says: 'tried: not stopped everywhere', tone: 'ember' };
    case 'waiting':
      return { ...base, figure, says: 'being tried', tone: 'amber' };
    default:
      return { ...base, figure: '–', says: 'cannot be tried here', tone: 'plain' };
  }
}

const VERBS: Readonly<Partial<Record<KindName, string>>> = {
  route: 'rerouted',
  settings: 'served differently',
  limit: 'counted',
  review: 'sent to a person',
};

/** What real requests show: what got past, or how long nothing has. */
export function trafficTruth(hold: HoldView): Truth {
  const base = { name: 'traffic' as const };
  const touched = hold.seen.refused + hold.seen.rerouted;
  const verb = VERBS[hold.what.kind] ?? 'refused';
  const met = touched === 0 ? '' : `${touched.toLocaleString('en')} ${touched === 1 ? 'request' : 'requests'} ${verb}`;
  const proof = hold.proofs?.traffic;
  if (proof === undefined) return { ...base, figure: touched === 0 ? '–' : String(touched), says: met, tone: 'plain' };
  switch (proof.state) {
    case 'have':
      return { ...base, figure: 'Quiet', says: met || 'nothing got past', tone: 'moss' };
    case 'missing': {
      const past = proof.of - proof.have;
      return past > 0
        ? { ...base, figure: `${past} past`, says: 'got past since everybody should obey', tone: 'ember' }
        : { ...base, figure: `0 of ${proof.of}`, says: 'no answer by the version that was ordered', tone: 'ember' };
    }
    case 'waiting':
      return { ...base, figure: '…', says: met || 'not yet seen in traffic', tone: 'amber' };
    default:
      return { ...base, figure: '–', says: met || 'traffic cannot show it', tone: 'plain' };
  }
}

/** `Level 3 of 4, effective`: a word each for what an order has reached. */
export function levelWords({ at, says }: NonNullable<HoldRow['level']>): string {
  return `level ${at} of 4, ${says.split(':')[0]!.toLowerCase()}`;
}

const MISSING_TITLES: Readonly<Record<Truth['name'], string>> = {
  acknowledged: 'Not obeyed everywhere.',
  probe: 'Not shown to work.',
  traffic: 'Something gets past.',
};

/** Proofs that are missing, as they are said aloud. */
export function missingProofs({ proofs }: Pick<HoldView, 'proofs'>) {
  return Object.values(proofs ?? {})
    .filter(({ state }) => state === 'missing')
    .map((proof) => ({
      ...proof,
      title: proof.proof === 'acknowledged' && proof.have === 0 ? 'Obeyed nowhere.' : MISSING_TITLES[proof.proof],
    }));
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

type Beside = Pick<HoldRow, 'hold' | 'what' | 'glass' | 'release'>;

/** Other holds in force that bear on the same thing. */
export const heldBeside = <H extends Beside>(hold: Beside, active: readonly H[]): H[] =>
  holdsOnSame(
    hold.what,
    active.filter((each) => each.hold !== hold.hold),
  );

/** Of these, the ones under which nothing changes for anybody when this one ends. */
export const stillHeldBy = <H extends Beside>(hold: Beside, active: readonly H[]): H[] =>
  heldBeside(hold, active).filter(({ what, glass, release }) => {
    if (glass !== null || release !== null) return false;
    if (what.kind === 'disable') return what.feature === undefined || what.feature === hold.what.feature;
    return JSON.stringify(what) === JSON.stringify(hold.what);
  });

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

/** Of a control that has never worked here, and instances that could not try it before everybody got it. */
export const unaskedWords = (unasked: number): string =>
  `${unasked === 1 ? 'One live instance' : `${unasked} live instances`} could not be asked to try it first: ${unasked === 1 ? 'it polls, or is' : 'they poll, or are'} connected to a server that was not heard of.`;

const requests = (n: number, one = 'request'): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;

/** What became of real requests at one instance; null: nothing is known of it. `recorded`: records of the scope, of all instances. */
export function throughWords(
  { seen, traffic }: Pick<InstanceAcknowledgement, 'seen' | 'traffic'>,
  recorded: number,
): string | null {
  const touched = seen.refused + seen.rerouted;
  const own =
    touched === 0
      ? []
      : [
          `It has ${[
            ...(seen.refused > 0 ? [`refused ${seen.refused.toLocaleString('en')}`] : []),
            ...(seen.rerouted > 0 ? [`changed ${seen.rerouted.toLocaleString('en')}`] : []),
          ].join(' and ')} since the order.`,
        ];
  const told =
    traffic === null
      ? recorded > 0
        ? ['No record names it.']
        : []
      : [
          traffic.contrary > 0
            ? `${traffic.contrary.toLocaleString('en')} of ${requests(Math.max(traffic.records, traffic.contrary), 'recorded request')} got past.`
            : `None of ${requests(traffic.records, 'recorded request')} got past.`,
        ];
  return own.length + told.length === 0 ? null : [...told, ...own].join(' ');
}

/** Answers that ran when the order came; null: of none is known. */
export function underWayWords({
  ended,
  finished,
}: {
  readonly ended: number;
  readonly finished: number;
}): string | null {
  const all = ended + finished;
  if (all === 0) return null;
  const were = `When it was ordered, ${all.toLocaleString('en')} ${all === 1 ? 'answer was' : 'answers were'} under way`;
  if (finished === 0) return `${were}, and it ended ${all === 1 ? 'it' : 'them'}.`;
  if (ended === 0) return `${were}, and came to ${all === 1 ? 'its' : 'their'} end.`;
  return `${were}: it ended ${ended.toLocaleString('en')}, and ${finished.toLocaleString('en')} came to ${finished === 1 ? 'its' : 'their'} end.`;
}
