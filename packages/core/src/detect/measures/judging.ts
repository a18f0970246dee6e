import type { BinData } from './bins.ts';
import type { MeasureKind } from './measure.ts';

/** A bin and the minute it begins with, `2026-11-28T07:30`. */
export interface Step {
  readonly minute: string;
  readonly bin: BinData;
}

/** What a rule says about the steps it was shown. */
export type Event =
  | {
      readonly type: 'raised';
      readonly minute: string;
      /** Since when it has been so, as far as the numbers tell. */
      readonly since: string;
      readonly severity: 1 | 2 | 3 | 4 | null;
      /** One or two sentences with the numbers. */
      readonly text: string;
      /** What it is now, and what is usual or allowed, in the unit of the measure. */
      readonly value: number | null;
      readonly usual: number | null;
    }
  | { readonly type: 'ended'; readonly minute: string };

/** What a rule is told about the numbers it looks at. */
export interface About {
  readonly title: string;
  readonly kind: MeasureKind;
  readonly unit: string;
}

export interface Judged<S> {
  readonly state: S;
  readonly events: readonly Event[];
}

const msOf = (minute: string): number => Date.parse(`${minute}:00Z`);
export const minutesBetween = (from: string, to: string): number => (msOf(to) - msOf(from)) / 60_000;
const DAY_MINUTES = 1_440;
export const daysBetween = (from: string, to: string): number => minutesBetween(from, to) / DAY_MINUTES;

/** How many there are in a day, from so many since then; an hour is the least to go by. */
export const perDay = (n: number, first: string, last: string): number =>
  n / Math.max(1 / 24, daysBetween(first, last));

const digits = (value: number): string => String(Number(value.toPrecision(3)));
export const percent = (rate: number): string => `${digits(100 * rate)} %`;
export const valueText = ({ kind, unit }: About, value: number): string =>
  kind === 'rate' ? percent(value) : unit === '' ? digits(value) : `${digits(value)} ${unit}`;
export const clockText = (minute: string): string => `${minute.slice(11)} UTC on ${minute.slice(0, 10)}`;
export const everyText = (days: number): string => `A watch like this is wrong about once in ${digits(days)} days.`;
