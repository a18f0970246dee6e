import { addMs } from '../../kernel/index.ts';
import { type Control, fitOf, LEVERS, type LeverName, leversOf, PROVEN_MS } from '../containment/index.ts';
import { coveredBy } from './covered.ts';
import type { Earlier, Places, Proposal, Situation, WiredLever } from './situation.ts';
import { LIGHTNESS, preventedBy } from './table.ts';

const MOST_COUNTRIES = 3;
const NEARLY_ALL = 0.8;
const AT_MOST_OF_TRAFFIC = 0.5;
const FEWEST_PLACED = 5;

export interface Fenceable {
  readonly countries: readonly string[];
  /** Of what went wrong, and of all traffic, 0 to 1. */
  readonly ofWrong: number;
  readonly ofAll: number;
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/**
 * Up to three countries from which at least four in five of the wrong requests came and at most half of all others; null
 * where it comes from everywhere, or too little is known to say.
 */
export function fenceable({ wrong, wrongUnsaid, all, allUnsaid }: Places): Fenceable | null {
  const wrongAll = sum(wrong) + wrongUnsaid;
  const everything = sum(all) + allUnsaid;
  if (sum(wrong) < FEWEST_PLACED || everything === 0) return null;
  const countries: string[] = [];
  let inside = 0;
  for (const [country, count] of Object.entries(wrong)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_COUNTRIES)) {
    countries.push(country);
    inside += count;
    if (inside / wrongAll >= NEARLY_ALL) break;
  }
  const ofWrong = inside / wrongAll;
  const ofAll = countries.reduce((total, country) => total + (all[country] ?? 0), 0) / everything;
  return ofWrong >= NEARLY_ALL && ofAll <= AT_MOST_OF_TRAFFIC ? { countries: countries.sort(), ofWrong, ofAll } : null;
}

/** The earlier version to go back to: the likeliest whose change the signals name, else the nearest. */
export const earlierOf = ({ earlier }: Pick<Situation, 'earlier'>, kind?: Earlier['kind']): Earlier | undefined =>
  earlier.find((each) => (kind === undefined || each.kind === kind) && !each.toNamed);

/** A lever nobody wired, as an order; or what is missing to give it. */
function atHand(lever: LeverName, it: Situation): Control | string {
  const feature = it.feature === null ? {} : { feature: it.feature };
  switch (lever) {
    case 'stop':
      return { kind: 'disable', ...feature };
    case 'roll-back-prompt':
    case 'roll-back-model': {
      const kind = lever === 'roll-back-prompt' ? 'prompt' : 'model';
      const found = earlierOf(it, kind);
      if (found === undefined) return `Nobody recorded an earlier ${kind}.`;
      return { kind: 'route', ...feature, from: { [kind]: found.from }, to: { [kind]: found.to } };
    }
    case 'human-review':
      return { kind: 'review', ...feature };
    case 'rate-limit':
      return { kind: 'limit', ...feature, requests: 10, seconds: 60, per: 'subject' };
    case 'signed-in-only':
      return { kind: 'fence', ...feature, audience: 'authenticated' };
    case 'fence-countries': {
      const found = fenceable(it.places);
      if (found === null) return 'What goes wrong is not from a few countries, or nobody records where it comes from.';
      return { kind: 'fence', ...feature, countries: { mode: 'deny', list: [...found.countries] } };
    }
    case 'revoke-tools':
      return it.tools.length > 0
        ? { kind: 'revoke', ...feature, tools: it.tools.slice(0, 20) }
        : { kind: 'revoke', ...feature };
    case 'retrieval-off':
      return it.indexes.length === 1
        ? { kind: 'retrieval', ...feature, index: it.indexes[0]! }
        : 'Say which index: what went wrong names none, or several.';
    case 'pause':
      return { kind: 'pause', ...feature };
    case 'restrict-input':
      return { kind: 'input', ...feature, attachments: 'refuse', links: 'refuse' };
    case 'generation-settings':
      return { kind: 'settings', ...feature, temperature: 0 };
    case 'block-pattern':
      return 'Say which words are to be refused.';
    case 'switch-vendor':
      return 'Wire the vendor to switch to: nobody has said which other one may serve it.';
    case 'threshold':
      return 'Wire the setting: the application reads it by a name of its own.';
    case 'clear-memory':
      return 'Say which memory.';
  }
}

/** The wired control that fits best: of the feature where it goes wrong, then of the whole system; tested before untested. */
function wiredFor(lever: LeverName, it: Situation, narrow = false): WiredLever | undefined {
  const back = lever === 'roll-back-prompt' ? 'prompt' : lever === 'roll-back-model' ? 'model' : null;
  const good = back === null ? undefined : earlierOf(it, back);
  // Where nobody has said where it goes wrong, a lever of one feature would leave the others as they are.
  const [only, ...others] = it.system.features;
  const where = it.feature ?? (others.length === 0 ? only?.key : undefined);
  const isHeld = ({ feature }: Control) =>
    it.held.some(({ what }) => what.feature === feature && leversOf(what).includes(lever));
  const fits = it.controls.filter(
    ({ what }) =>
      leversOf(what).includes(lever) &&
      (what.feature === undefined || what.feature === where || (narrow && it.feature === null && !isHeld(what))) &&
      // Going back to what is known to fail as well would be a step nowhere.
      (what.kind !== 'route' || back === null || good === undefined || what.to[back] === good.to),
  );
  const rank = ({ what, testedAt }: WiredLever) =>
    (what.feature !== undefined && what.feature === it.feature ? 0 : 2) + (testedAt === null ? 1 : 0);
  return fits.sort((a, b) => rank(a) - rank(b))[0];
}

const NOBODY_KNOWS = 'No live instance knows this kind of control: update its guard.';
const NOBODY_OBEYS = 'No guard, gateway or switch would obey it.';

function proposalFor(lever: LeverName, it: Situation): Proposal {
  const { title } = fitOf(lever, it.system.architecture);
  const { weight, sideEffects } = LIGHTNESS[lever];
  const wide = wiredFor(lever, it);
  const hand = atHand(lever, it);
  // One for a part is better than none.
  const wired = wide ?? (typeof hand === 'string' ? wiredFor(lever, it, true) : undefined);
  const made = wired?.what ?? hand;
  const what = typeof made === 'string' ? null : made;
  const unknown = what !== null && it.unknownKinds.includes(what.kind);
  const missing = [
    ...(typeof made === 'string' ? [made] : []),
    ...(wired?.follows === true ? [] : it.obeying === 0 ? [NOBODY_OBEYS] : unknown ? [NOBODY_KNOWS] : []),
    ...(wired?.lacks ? [`It needs the right “${wired.lacks}”, which you do not have.`] : []),
  ];
  const proven = wired?.testedAt != null && addMs(wired.testedAt, PROVEN_MS) > it.now;
  const { held, partly } = coveredBy(lever, what, it);
  return {
    lever,
    title,
    what,
    control: wired?.control ?? null,
    controlName: wired?.name ?? null,
    readiness: missing.length > 0 ? 'not' : wired === undefined ? 'at-hand' : proven ? 'proven' : 'wired',
    missing,
    weight: lever === 'stop' && it.feature === null ? weight + 10 : weight,
    prevents: preventedBy(lever, it.archetype),
    sideEffects: wired?.sideEffects || sideEffects,
    held,
    partly,
  };
}

/** Every lever that fits what the system is built of, the lightest first. */
export function proposalsFor(it: Situation): Proposal[] {
  return LEVERS.filter((lever) => fitOf(lever, it.system.architecture).fit !== 'not')
    .map((lever) => proposalFor(lever, it))
    .sort((a, b) => a.weight - b.weight);
}
