/** What guards of one system let through and what was recorded of it, since the last look and before. Times in ms since 1970. */
export interface Guarded {
  /** Since when nothing was recorded while guards let requests through; null: something was. */
  readonly since: number | null;
  /** Let through since then. */
  readonly through: number;
  /** The hour that is being counted. */
  readonly hour: number;
  readonly hourThrough: number;
  readonly hourRecorded: number;
  /** Hours before, older ones fading. */
  readonly hours: number;
  readonly usualThrough: number;
  readonly usualRecorded: number;
}
export const NOTHING_GUARDED: Guarded = {
  since: null,
  through: 0,
  hour: 0,
  hourThrough: 0,
  hourRecorded: 0,
  hours: 0,
  usualThrough: 0,
  usualRecorded: 0,
};

const HOUR_MS = 3_600_000;
const HOLE_MS = 600_000;
const HOLE_LEAST = 20;
const THIN_LEAST = 200;
const THIN_HOURS = 12;
const THIN_SHARE = 0.2;
const KEEP = 1 - 1 / 168;

export type Hole =
  | { readonly kind: 'telemetry-missing'; readonly since: number; readonly through: number }
  | {
      readonly kind: 'telemetry-thin';
      readonly since: number;
      readonly through: number;
      readonly recorded: number;
      /** How many are recorded for each that is let through, usually. */
      readonly usual: number;
    };

/**
 * What guards let through has to be recorded. Missing: at least 20 within ten minutes and more, and nothing recorded. Thin: of an hour with
 * at least 200, less than a fifth of what is usually recorded for so many. What a guard refused leaves nothing to record and does not count.
 */
export function lookAtGuarded(
  before: Guarded,
  seen: { readonly through: number; readonly recorded: number },
  now: number,
): { readonly state: Guarded; readonly holes: readonly Hole[] } {
  const holes: Hole[] = [];
  const hour = Math.floor(now / HOUR_MS);
  let state = before;
  if (hour > before.hour) {
    const { hourThrough: through, hourRecorded: recorded } = before;
    const usual = before.usualThrough > 0 ? before.usualRecorded / before.usualThrough : 0;
    const thin =
      before.hours >= THIN_HOURS &&
      usual > 0 &&
      through >= THIN_LEAST &&
      recorded > 0 &&
      recorded < THIN_SHARE * usual * through;
    if (thin) holes.push({ kind: 'telemetry-thin', since: before.hour * HOUR_MS, through, recorded, usual });
    // An hour that is told, or that had nobody to record, says nothing of what is usual.
    const counts = !thin && through > 0 && recorded > 0;
    state = {
      ...before,
      hour,
      hourThrough: 0,
      hourRecorded: 0,
      ...(counts && {
        hours: before.hours + 1,
        usualThrough: before.usualThrough * KEEP + through,
        usualRecorded: before.usualRecorded * KEEP + recorded,
      }),
    };
  }
  state = {
    ...state,
    hourThrough: state.hourThrough + seen.through,
    hourRecorded: state.hourRecorded + seen.recorded,
  };
  if (seen.recorded > 0) return { state: { ...state, since: null, through: 0 }, holes };
  const since = state.since ?? (seen.through > 0 ? now : null);
  const through = state.since === null ? seen.through : state.through + seen.through;
  state = { ...state, since, through };
  if (since !== null && now - since >= HOLE_MS && through >= HOLE_LEAST)
    holes.push({ kind: 'telemetry-missing', since, through });
  return { state, holes };
}
