import { type CountTally, countIn, countOfChance, NO_COUNTS } from '../../statistics/index.ts';
import type { EvidenceClass } from '../signals/index.ts';
import { DAY_MS, HOUR_MS } from './crowd.ts';

const SHORT_MS = 600_000;
const REFUSED = 10;
const LET_IN_MS = 1_800_000;
const MOST_TIMES = 50;
const MOST_KNOWN = 8;
const SETTLED_DAYS = 3;
const SPRAYED = 20;
const TRIES_OF_SPRAY = 3;
const MOST_NAMES = 200;
/** Of a system: refusals of an hour that are told before enough hours are known. */
const MANY = 50;
const KNOWN_HOURS = 24;
const FEWEST = 20;
/** One false alarm in thirty days. */
const RARE = 1 / (30 * 24);
const KEEP = 1 - 1 / 200;

/** Somebody tried to sign in, or used a key. Time in milliseconds since 1970. */
export interface SignIn {
  /** Digest of who. */
  readonly who: string;
  readonly at: number;
  readonly let: boolean;
  readonly country: string | null;
  /** Digest of the key that was used; null: none, or not said. */
  readonly key: string | null;
}

export interface SignInHabits {
  /** When it was refused lately. */
  readonly refused: readonly number[];
  readonly days: number;
  readonly lastDay: number;
  readonly countries: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<string, number>>;
  readonly told: Readonly<Record<string, number>>;
}
export const NEW_SIGN_INS: SignInHabits = { refused: [], days: 0, lastDay: -1, countries: {}, keys: {}, told: {} };

/** What is usual of a whole system. */
export interface SignInCrowd {
  readonly hour: number;
  readonly refused: number;
  /** Who was refused in this hour, and how often. */
  readonly names: Readonly<Record<string, number>>;
  readonly hours: CountTally;
  readonly told: Readonly<Record<string, number>>;
}
export const NEW_SIGN_IN_CROWD: SignInCrowd = { hour: 0, refused: 0, names: {}, hours: NO_COUNTS, told: {} };

export const SIGN_IN_KINDS = [
  'refused-sign-ins',
  'let-in-after-refusals',
  'sign-in-from-new-country',
  'new-key',
  'many-refused-sign-ins',
  'passwords-sprayed',
] as const;
export type SignInKind = (typeof SIGN_IN_KINDS)[number];

export interface SignInFinding {
  readonly kind: SignInKind;
  readonly evidenceClass: EvidenceClass;
  /** A sentence without its subject; of a whole system, with it. */
  readonly says: string;
  readonly whole: boolean;
  readonly since: number;
  readonly seen: number;
  readonly usual: number | null;
}

const lastOf = (known: Readonly<Record<string, number>>, it: string | null, at: number): Record<string, number> => {
  if (it === null) return known;
  const { [it]: _, ...others } = known;
  return Object.fromEntries([...Object.entries(others), [it, at] as const].slice(-MOST_KNOWN));
};

/** Refusals of one hour that a system with such a past does not have by chance: a negative binomial fitted by moments. */
function manyFor({ n, sum, squares, seen }: CountTally): number {
  if (seen < KNOWN_HOURS) return MANY;
  const mean = sum / n;
  const variance = Math.max(mean * 1.05 + 0.05 * mean * mean, squares / n - mean * mean);
  return Math.max(
    FEWEST,
    3 * mean,
    countOfChance({ mean: Math.max(mean, 0.01), size: (mean * mean) / (variance - mean) }, RARE),
  );
}

/**
 * Holds one sign-in against those before: ten refusals of one within ten minutes (weak), let in after them (strong); a country or a key
 * never used before (weak); of the system, more refusals in an hour than its past allows (weak), and twenty people refused at most
 * three times each (strong). Each is told once a day.
 */
export function judgeSignIn(
  before: SignInHabits,
  crowd: SignInCrowd,
  it: SignIn,
): { readonly habits: SignInHabits; readonly crowd: SignInCrowd; readonly findings: readonly SignInFinding[] } {
  const findings: SignInFinding[] = [];
  const told = { ...before.told };
  const toldOfAll = { ...crowd.told };
  const tell = (finding: SignInFinding): void => {
    const held = finding.whole ? toldOfAll : told;
    if (it.at - (held[finding.kind] ?? Number.NEGATIVE_INFINITY) < DAY_MS) return;
    held[finding.kind] = it.at;
    findings.push(finding);
  };
  const recent = before.refused.filter((at) => it.at - at <= LET_IN_MS);
  const refused = (it.let ? recent : [...recent, it.at]).slice(-MOST_TIMES);
  const burst = refused.filter((at) => it.at - at <= SHORT_MS).length;
  if (!it.let && burst >= REFUSED)
    tell({
      kind: 'refused-sign-ins',
      evidenceClass: 'weak',
      says: `was refused ${burst} times within ten minutes`,
      whole: false,
      since: refused.at(-burst)!,
      seen: burst,
      usual: REFUSED,
    });
  if (it.let && recent.length >= REFUSED)
    tell({
      kind: 'let-in-after-refusals',
      evidenceClass: 'strong',
      says: `was let in after ${recent.length} refusals within half an hour`,
      whole: false,
      since: recent[0]!,
      seen: recent.length,
      usual: REFUSED,
    });
  const settled = before.days >= SETTLED_DAYS;
  if (
    it.let &&
    settled &&
    it.country !== null &&
    Object.keys(before.countries).length > 0 &&
    !(it.country in before.countries)
  )
    tell({
      kind: 'sign-in-from-new-country',
      evidenceClass: 'weak',
      says: `signed in from ${it.country}, where it never signed in from before`,
      whole: false,
      since: it.at,
      seen: 1,
      usual: 0,
    });
  if (it.let && settled && it.key !== null && Object.keys(before.keys).length > 0 && !(it.key in before.keys))
    tell({
      kind: 'new-key',
      evidenceClass: 'weak',
      says: 'used a key that it never used before',
      whole: false,
      since: it.at,
      seen: 1,
      usual: 0,
    });

  const hour = Math.floor(it.at / HOUR_MS);
  let { refused: count, names, hours } = crowd;
  if (hour > crowd.hour) {
    if (crowd.hour > 0) {
      hours = countIn(hours, count, KEEP);
      // Hours without any are part of what is usual.
      for (let quiet = crowd.hour + 1; quiet < hour && quiet < crowd.hour + 168; quiet++)
        hours = countIn(hours, 0, KEEP);
    }
    count = 0;
    names = {};
  }
  if (!it.let) {
    count++;
    if (it.who in names || Object.keys(names).length < MOST_NAMES)
      names = { ...names, [it.who]: (names[it.who] ?? 0) + 1 };
    const many = manyFor(hours);
    if (count >= many)
      tell({
        kind: 'many-refused-sign-ins',
        evidenceClass: 'weak',
        says: `${count} sign-ins were refused within the hour; ${hours.n > 0 ? `${(hours.sum / hours.n).toFixed(1)} is usual` : 'what is usual is not known yet'}`,
        whole: true,
        since: hour * HOUR_MS,
        seen: count,
        usual: hours.n > 0 ? hours.sum / hours.n : null,
      });
    const sprayed = Object.values(names).filter((times) => times <= TRIES_OF_SPRAY).length;
    if (sprayed >= Math.max(SPRAYED, many / 2) && sprayed >= 0.8 * Object.keys(names).length)
      tell({
        kind: 'passwords-sprayed',
        evidenceClass: 'strong',
        says: `${sprayed} different people were refused within the hour, each at most ${TRIES_OF_SPRAY} times: somebody tries a few passwords on many`,
        whole: true,
        since: hour * HOUR_MS,
        seen: sprayed,
        usual: SPRAYED,
      });
  }
  const day = Math.floor(it.at / DAY_MS);
  return {
    findings,
    habits: {
      refused: it.let && recent.length >= REFUSED ? [] : refused,
      days: it.let && day > before.lastDay ? before.days + 1 : before.days,
      lastDay: it.let ? Math.max(day, before.lastDay) : before.lastDay,
      countries: it.let ? lastOf(before.countries, it.country, it.at) : before.countries,
      keys: it.let ? lastOf(before.keys, it.key, it.at) : before.keys,
      told,
    },
    crowd: { hour: Math.max(hour, crowd.hour), refused: count, names, hours, told: toldOfAll },
  };
}
