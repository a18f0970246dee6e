import {
  addMs,
  type Decision,
  type Fact,
  type Instant,
  later,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';

/** What may fall silent. */
export const BEAT_KINDS = [
  'telemetry',
  'detectors',
  'detector',
  'onlooker',
  'measure',
  'monitor',
  'source',
  'golden-set',
  'probes',
  'moderator',
  'feedback',
  'predictions',
  'sign-ins',
] as const;
export type BeatKind = (typeof BEAT_KINDS)[number];

/** How one detector is, beside when it was heard. */
export interface DetectorState {
  /** When it last read an interaction to its end; null: never. */
  readonly ranAt: Instant | null;
  /** Of the last interaction that was there for it; `skipped`: another detector kept it from reading. */
  readonly result: 'found' | 'nothing' | 'failed' | 'skipped';
  /** Interactions in a row that it did not read. */
  readonly missed: number;
  /** In the last 24 hours: interactions it read, found something in, failed on. */
  readonly ran: number;
  readonly found: number;
  readonly failed: number;
  readonly failedAt: Instant | null;
  /** Of the last failure. */
  readonly why: string | null;
}

/** Something that should be heard every so often, as it says of itself. */
export interface Beat {
  /** For ever the same for the same thing, for example `monitor mon_…`. */
  readonly key: string;
  readonly kind: BeatKind;
  readonly name: string;
  /** Null: it is about no system, or about several. */
  readonly system: string | null;
  readonly lastAt: Instant | null;
  /** Since when it could have been heard. */
  readonly since: Instant;
  /** Null: it may be rare, unless somebody says otherwise. */
  readonly everyMinutes: number | null;
  readonly paused: boolean;
  /** A person said that its silence pages alone; absent: only where somebody said how often it has to be heard. */
  readonly pages?: true;
  readonly detector?: DetectorState;
}

/** `new`: not heard yet, and not late. `rare`: nobody expects it regularly. */
export type BeatState = 'heard' | 'new' | 'silent' | 'rare' | 'paused';

export interface Heartbeat extends Beat {
  /** Whether a person said how often. */
  readonly declared: boolean;
  readonly state: BeatState;
  /** When it began to be late; null: it is not. */
  readonly lateSince: Instant | null;
}

/** So many missed beats are silence; one may be a hiccup. */
const MISSED = 3;
const MINUTE_MS = 60_000;

/**
 * How a beat stands. `declared`: what somebody said about it, null for "not regularly", undefined for nothing. While this
 * server was down nothing could be heard, so lateness counts from `upSince` at the earliest.
 */
export function heartbeatOf(
  beat: Beat,
  declared: number | null | undefined,
  now: Instant,
  upSince: Instant,
): Heartbeat {
  const everyMinutes = declared === undefined ? beat.everyMinutes : declared;
  const common = { ...beat, everyMinutes, declared: declared !== undefined };
  if (beat.paused) return { ...common, state: 'paused', lateSince: null };
  if (everyMinutes === null) return { ...common, state: 'rare', lateSince: null };
  const from = later(later(beat.lastAt ?? beat.since, beat.since), upSince);
  const due = addMs(from, (MISSED * everyMinutes + 1) * MINUTE_MS);
  if (msBetween(due, now) > 0) return { ...common, state: 'silent', lateSince: due };
  return { ...common, state: beat.lastAt === null ? 'new' : 'heard', lateSince: null };
}

const lengthText = (minutes: number): string =>
  minutes < 120
    ? `${Math.round(minutes)} min`
    : minutes < 2_880
      ? `${Math.round(minutes / 60)} h`
      : `${Math.round(minutes / 1_440)} days`;

/** One interaction that no thread survives, or that breaks a detector, is a hiccup; so many in a row are not. */
const MISSED_IN_A_ROW = 3;

/** When a detector was heard: when it last ran, where it misses what there is to read; else now, as nothing is there for it alone. */
export const detectorHeardAt = (
  { ranAt, missed }: Pick<DetectorState, 'ranAt' | 'missed'>,
  now: Instant,
): Instant | null => (missed >= MISSED_IN_A_ROW ? ranAt : now);

const missedText = ({ missed, why }: DetectorState): string =>
  ` It did not read the last ${missed} interactions${why === null ? '' : `; the last failure: ${why}`}.`;

/** What a silence is told as. */
export function silenceText(beat: Heartbeat, now: Instant): string {
  const { name, kind, lastAt, everyMinutes, since, detector } = beat;
  const [was, is] = kind === 'detectors' ? ['were', 'are'] : ['was', 'is'];
  const quiet = lengthText(msBetween(lastAt ?? since, now) / MINUTE_MS);
  return `${name} ${lastAt === null ? `${was} never heard` : `${is} silent`}: ${lastAt === null ? 'nothing' : 'nothing more'} for ${quiet}, and every ${lengthText(everyMinutes!)} is expected. Silence is not the same as no news.${
    detector !== undefined && detector.missed > 0 ? missedText(detector) : ''
  }`;
}

export type BeatFact = Fact<
  'heartbeat.expected',
  { readonly key: string; readonly everyMinutes: number | null; readonly forget: boolean }
>;
export const BEAT_FACTS = ['heartbeat.expected'] as const satisfies readonly BeatFact['type'][];

export type Expected = ReadonlyMap<string, number | null>;
const MOST = 2_000;

export const foldExpected = (facts: readonly Recorded[]): Expected => {
  const expected = new Map<string, number | null>();
  for (const { data } of ofTypes<BeatFact>(facts, BEAT_FACTS))
    if (data.forget) expected.delete(data.key);
    else expected.set(data.key, data.everyMinutes);
  return expected;
};

/** Says how often something should be heard; null: not regularly; undefined: as it says of itself. */
export function expectBeat(state: Expected, key: string, everyMinutes: number | null | undefined): Decision<BeatFact> {
  if (everyMinutes === undefined)
    return state.has(key) ? [{ type: 'heartbeat.expected', data: { key, everyMinutes: null, forget: true } }] : [];
  if (!state.has(key) && state.size >= MOST)
    return refuse('heartbeat.too-many', `For ${MOST} of them something was said already. Take one back first.`);
  if (state.has(key) && state.get(key) === everyMinutes) return [];
  return [{ type: 'heartbeat.expected', data: { key, everyMinutes, forget: false } }];
}
