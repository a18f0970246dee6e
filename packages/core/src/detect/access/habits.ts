import { type CountTally, NO_COUNTS } from '../../statistics/index.ts';
import type { Archetype, EvidenceClass } from '../signals/index.ts';
import {
  type Counted,
  type Crowd,
  close,
  DAY_MS,
  grow,
  HOUR_MS,
  isKnown,
  longStreak,
  rareIn,
  spendingOf,
  tried,
  unusual,
} from './crowd.ts';
import { distanceOf, type NamedNumber } from './prompts.ts';
import { closeSpend, NO_SPEND, type SpendTally, unusualSpend } from './spend.ts';

/** Who asks: a person or program as the application names it, else the session. */
export const PRINCIPAL_KINDS = ['person', 'session'] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

const MOST_RECENT = 64;
const MOST_NUMBERS = 300;
const MOST_SLOTS = 12;
const MOST_COUNTRIES = 8;
const SEQUENCE = 20;
const SMALL_STEP = 10;
const STREAK = 30;
const STREAK_MS = 600_000;
const NEAR_BITS = 6;
const REFUSED_STREAK = 10;
const PAIRS_AN_HOUR = 5;
const SETTLED_DAYS = 3;
const SETTLED_COUNT = 20;
/** So many walk through numbers that it is how this system is used. */
const COMMON_SHARE = 0.05;
const COMMON_LEAST = 3;

/** One request, as far as it is looked at here. Times in milliseconds since 1970. */
export interface Request {
  readonly id: string;
  readonly at: number;
  readonly country: string | null;
  /** Of the question; null: not captured, or too short. */
  readonly hash: string | null;
  /** Digest of the exact question. */
  readonly exact: string;
  readonly numbers: readonly NamedNumber[];
  /** Null: the answer was not captured. */
  readonly refused: boolean | null;
  /** Asked and answered; null or absent: nobody said. */
  readonly tokens?: number | null;
}

interface Recent {
  readonly id: string;
  readonly at: number;
  readonly hash: string | null;
  readonly exact: string;
}
interface Walk {
  readonly last: number;
  readonly step: number;
  readonly length: number;
  readonly since: number;
}

/** What is remembered of one who asks. Bounded whatever is asked. */
export interface Habits {
  readonly firstAt: number;
  readonly total: number;
  readonly days: number;
  readonly lastDay: number;
  /** The open hour, and what was counted in it. */
  readonly hour: number;
  readonly counts: Readonly<Record<Counted, number>>;
  readonly numbers: readonly string[];
  readonly pairs: number;
  readonly own: Readonly<Record<Counted, CountTally>>;
  /** Tokens of the open hour, and of its hours before. Absent: none yet. */
  readonly spent?: number;
  readonly ownSpend?: SpendTally;
  /** When each was last seen. */
  readonly countries: Readonly<Record<string, number>>;
  readonly recent: readonly Recent[];
  readonly walks: Readonly<Record<string, Walk>>;
  readonly refusedSince: number;
  readonly refused: number;
  /** When each kind was told last. */
  readonly told: Readonly<Record<string, number>>;
}

export const newHabits = (at: number): Habits => ({
  firstAt: at,
  total: 0,
  days: 0,
  lastDay: -1,
  hour: Math.floor(at / HOUR_MS),
  counts: { requests: 0, numbers: 0 },
  numbers: [],
  pairs: 0,
  own: { requests: NO_COUNTS, numbers: NO_COUNTS },
  countries: {},
  recent: [],
  walks: {},
  refusedSince: 0,
  refused: 0,
  told: {},
});

export const ACCESS_KINDS = [
  'many-requests',
  'many-numbers',
  'many-tokens',
  'numbers-in-sequence',
  'near-duplicate-streak',
  'same-question-streak',
  'refused-streak',
  'new-country',
] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

export interface AccessFinding {
  readonly kind: AccessKind;
  readonly evidenceClass: EvidenceClass;
  readonly archetype: Archetype | null;
  /** A sentence without its subject. */
  readonly says: string;
  readonly since: number;
  readonly seen: number;
  /** What is usual, or from when on it is told; null: does not apply. */
  readonly usual: number | null;
  /** How often chance alone does this in one window; null: not computed. */
  readonly chance: number | null;
}

const some = (n: number): string => (n < 10 ? n.toFixed(1).replace(/\.0$/, '') : String(Math.round(n)));

function walksOn(walks: Habits['walks'], numbers: readonly NamedNumber[], at: number): Habits['walks'] {
  const next = new Map(Object.entries(walks));
  for (const { slot, digits } of numbers) {
    const value = Number(digits);
    const held = next.get(slot);
    next.delete(slot);
    if (held === undefined || at - held.since > DAY_MS) next.set(slot, { last: value, step: 0, length: 1, since: at });
    else if (value === held.last) next.set(slot, held);
    else {
      const step = value - held.last;
      const goesOn =
        held.step === 0 ||
        step === held.step ||
        (Math.sign(step) === Math.sign(held.step) && Math.abs(step) <= SMALL_STEP && Math.abs(held.step) <= SMALL_STEP);
      next.set(
        slot,
        goesOn
          ? { last: value, step: held.step || step, length: held.length + 1, since: held.since }
          : { last: value, step, length: 2, since: at },
      );
    }
  }
  return Object.fromEntries([...next].slice(-MOST_SLOTS));
}

/** Closes the hour where the request belongs to a later one. */
function turn(habits: Habits, crowd: Crowd, hour: number): { habits: Habits; crowd: Crowd } {
  if (hour <= habits.hour) return { habits, crowd };
  const requests = close(crowd, habits.own.requests, 'requests', habits.counts.requests);
  const numbers = close(requests.crowd, habits.own.numbers, 'numbers', habits.counts.numbers);
  const spend = closeSpend(spendingOf(crowd), habits.ownSpend ?? NO_SPEND, habits.spent ?? 0);
  return {
    crowd: { ...numbers.crowd, spending: spend.spending },
    habits: {
      ...habits,
      hour,
      spent: 0,
      ownSpend: spend.own,
      counts: { requests: 0, numbers: 0 },
      numbers: [],
      pairs: 0,
      own: { requests: requests.own, numbers: numbers.own },
    },
  };
}

/**
 * Holds one request against what its asker did before and what the others do: how many an hour, how many different numbers, how many tokens, numbers one
 * after the other, nearly the same question again and again, refusals in a row, another country. Each kind is told once a day; a second
 * kind of one asker within a day is strong.
 */
export function observe(
  before: Habits,
  peers: Crowd,
  it: Request,
): { readonly habits: Habits; readonly crowd: Crowd; readonly findings: readonly AccessFinding[] } {
  let { habits, crowd } = turn(before, peers, Math.floor(it.at / HOUR_MS));
  const found: AccessFinding[] = [];
  const told = { ...habits.told };
  const tell = (finding: AccessFinding): void => {
    if (it.at - (told[finding.kind] ?? Number.NEGATIVE_INFINITY) < DAY_MS) return;
    const other = Object.entries(told).some(([kind, at]) => kind !== finding.kind && it.at - at < DAY_MS);
    told[finding.kind] = it.at;
    found.push(other && finding.evidenceClass === 'weak' ? { ...finding, evidenceClass: 'strong' } : finding);
  };
  const known = isKnown(crowd, it.at);
  const hourFrom = habits.hour * HOUR_MS;

  if (habits.total === 0) crowd = { ...crowd, principals: crowd.principals + 1 };
  const requests = habits.counts.requests + 1;
  crowd = grow(crowd, 'requests', requests, it.at);
  const heldNumbers = new Set(habits.numbers);
  for (const { slot, digits } of it.numbers) if (heldNumbers.size < MOST_NUMBERS) heldNumbers.add(`${slot} ${digits}`);
  for (let n = habits.counts.numbers + 1; n <= heldNumbers.size; n++) crowd = grow(crowd, 'numbers', n, it.at);
  habits = { ...habits, counts: { requests, numbers: heldNumbers.size } };
  const many = known ? unusual(crowd, 'requests', habits.own.requests, requests) : null;
  if (many !== null)
    tell({
      kind: 'many-requests',
      evidenceClass: 'weak',
      archetype: null,
      says: `asked ${requests} times within the hour; ${some(many.usual)} is usual for it and its like`,
      since: hourFrom,
      seen: requests,
      usual: many.usual,
      chance: many.chance,
    });
  const wide = known ? unusual(crowd, 'numbers', habits.own.numbers, heldNumbers.size) : null;
  if (wide !== null)
    tell({
      kind: 'many-numbers',
      evidenceClass: 'weak',
      archetype: 'data-exfiltration',
      says: `asked about ${heldNumbers.size} different numbers within the hour; ${some(wide.usual)} is usual for it and its like`,
      since: hourFrom,
      seen: heldNumbers.size,
      usual: wide.usual,
      chance: wide.chance,
    });

  const spent = (habits.spent ?? 0) + Math.max(0, it.tokens ?? 0);
  habits = { ...habits, spent };
  const dear = known ? unusualSpend(spendingOf(crowd), habits.ownSpend ?? NO_SPEND, spent, rareIn(crowd)) : null;
  if (dear !== null)
    tell({
      kind: 'many-tokens',
      evidenceClass: 'weak',
      archetype: null,
      says: `spent ${Math.round(spent).toLocaleString('en')} tokens within the hour; about ${Math.round(dear.usual).toLocaleString('en')} is usual for it and its like`,
      since: hourFrom,
      seen: Math.round(spent),
      usual: dear.usual,
      chance: dear.chance,
    });

  const walks = walksOn(habits.walks, it.numbers, it.at);
  const walk = Object.values(walks).find(({ length }) => length >= SEQUENCE);
  if (walk !== undefined) {
    const common = crowd.sequential >= COMMON_LEAST && crowd.sequential > COMMON_SHARE * Math.max(1, crowd.principals);
    if (told['numbers-in-sequence'] === undefined) crowd = { ...crowd, sequential: crowd.sequential + 1 };
    if (!common)
      tell({
        kind: 'numbers-in-sequence',
        evidenceClass: 'strong',
        archetype: 'data-exfiltration',
        says: `asked about ${walk.length} numbers one after the other, ${Math.abs(walk.step) === 1 ? 'each the next' : `in steps of about ${walk.step}`}, up to ${walk.last}`,
        since: walk.since,
        seen: walk.length,
        usual: SEQUENCE,
        chance: null,
      });
  }

  const last = habits.recent.findLast(({ hash }) => hash !== null);
  let pairs = habits.pairs;
  if (it.hash !== null && last?.hash != null && pairs < PAIRS_AN_HOUR) {
    pairs++;
    crowd = tried(crowd, 'near', distanceOf(it.hash, last.hash) <= NEAR_BITS);
  }
  const recent = [
    ...habits.recent.filter(({ at }) => it.at - at < HOUR_MS),
    { id: it.id, at: it.at, hash: it.hash, exact: it.exact },
  ].slice(-MOST_RECENT);
  if (it.hash !== null && recent.length >= STREAK) {
    const alike = recent.filter(
      ({ at, hash }) => it.at - at <= STREAK_MS && hash !== null && distanceOf(hash, it.hash!) <= NEAR_BITS,
    );
    if (alike.length >= STREAK && alike.length >= longStreak(crowd, 'near', STREAK)) {
      const varied = new Set(alike.map(({ exact }) => exact)).size;
      tell({
        kind: varied * 2 >= alike.length ? 'near-duplicate-streak' : 'same-question-streak',
        evidenceClass: varied * 2 >= alike.length ? 'strong' : 'weak',
        archetype: varied * 2 >= alike.length ? 'model-manipulation' : null,
        says: `asked nearly the same ${alike.length} times within ten minutes, in ${varied} wordings`,
        since: alike[0]!.at,
        seen: alike.length,
        usual: STREAK,
        chance: null,
      });
    }
  }

  let { refused, refusedSince } = habits;
  if (it.refused !== null) {
    // Only the first of a row says how common refusals are: the rest follow from who asks.
    if (refused === 0 || !it.refused) crowd = tried(crowd, 'refused', it.refused);
    if (!it.refused) refused = 0;
    else {
      if (refused === 0) refusedSince = it.at;
      refused++;
    }
    if (refused >= REFUSED_STREAK && refused >= longStreak(crowd, 'refused', REFUSED_STREAK))
      tell({
        kind: 'refused-streak',
        evidenceClass: 'weak',
        archetype: null,
        says: `was refused ${refused} times in a row and went on`,
        since: refusedSince,
        seen: refused,
        usual: REFUSED_STREAK,
        chance: null,
      });
  }

  const countries = new Map(Object.entries(habits.countries));
  if (it.country !== null) {
    const settled = habits.days >= SETTLED_DAYS && habits.total >= SETTLED_COUNT && countries.size > 0;
    if (settled && !countries.has(it.country)) {
      const lately = [...countries].find(([, at]) => it.at - at < HOUR_MS);
      tell({
        kind: 'new-country',
        evidenceClass: 'weak',
        archetype: null,
        says:
          lately === undefined
            ? `asked from ${it.country}, where it never asked from before`
            : `asked from ${it.country}, where it never asked from before, within an hour of asking from ${lately[0]}`,
        since: lately?.[1] ?? it.at,
        seen: 1,
        usual: 0,
        chance: null,
      });
    }
    countries.delete(it.country);
    countries.set(it.country, it.at);
  }
  const day = Math.floor(it.at / DAY_MS);
  return {
    crowd,
    findings: found,
    habits: {
      ...habits,
      total: habits.total + 1,
      days: day > habits.lastDay ? habits.days + 1 : habits.days,
      lastDay: Math.max(day, habits.lastDay),
      numbers: [...heldNumbers],
      pairs,
      recent,
      walks,
      refused,
      refusedSince,
      countries: Object.fromEntries([...countries].slice(-MOST_COUNTRIES)),
      told,
    },
  };
}
