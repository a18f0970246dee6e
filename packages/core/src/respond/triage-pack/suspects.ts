import type { Instant } from '../../kernel/index.ts';
import { msBetween } from '../../kernel/index.ts';
import type { TimeLineEntry } from '../../prepare/inventory/index.ts';
import { changePoint } from '../../statistics/index.ts';

const DAY_MS = 86_400_000;
const MOST = 8;

/** A change near the beginning, and why it is looked at. */
export interface Suspect {
  readonly change: TimeLineEntry;
  /** Minutes from the change to the first signal; negative where it came after. */
  readonly minutesBefore: number;
  /** The signals name exactly the version it brought. */
  readonly named: boolean;
  readonly why: string;
}

const words = (minutes: number): string => {
  const size = Math.abs(minutes);
  const span =
    size < 90 ? `${size} min` : size < 2_880 ? `${Math.round(size / 60)} h` : `${Math.round(size / 1_440)} days`;
  return minutes >= 0 ? `${span} before the first signal` : `${span} after the first signal`;
};

const isMove = ({ named, change }: Suspect): boolean => named && change.from !== null;

/**
 * Changes of the system that may have to do with it: those whose version the signals name, then those of the day before
 * the first signal, nearest first. Where there is none, the last one before it, however old. Being near proves nothing.
 */
export function suspects(
  timeLine: readonly TimeLineEntry[],
  firstSignalAt: Instant,
  versions: readonly string[],
): Suspect[] {
  const seen = new Set(versions);
  const all = timeLine.map((change): Suspect => {
    const minutesBefore = Math.round(msBetween(change.occurredAt, firstSignalAt) / 60_000);
    const named = change.to !== null && seen.has(change.to);
    const near = words(minutesBefore);
    return { change, minutesBefore, named, why: named ? `the signals name ${change.to}; ${near}` : near };
  });
  const before = all.filter((it) => it.minutesBefore >= 0);
  const chosen = all.filter((it) => it.named || (it.minutesBefore >= -60 && it.minutesBefore * 60_000 <= DAY_MS));
  const shown =
    chosen.length > 0
      ? chosen
      : before
          .slice()
          .sort((a, b) => a.minutesBefore - b.minutesBefore)
          .slice(0, 1);
  return shown
    .sort((a, b) => Number(isMove(b)) - Number(isMove(a)) || Math.abs(a.minutesBefore) - Math.abs(b.minutesBefore))
    .slice(0, MOST);
}

/** One minute of the scope: requests, and interactions with a signal. */
export interface MinuteTally {
  /** `2026-11-20T14:02`. */
  readonly minute: string;
  readonly all: number;
  readonly bad: number;
}

export interface Onset {
  readonly minute: string;
  readonly before: { readonly bad: number; readonly all: number };
  readonly after: { readonly bad: number; readonly all: number };
  readonly reads: string;
}

const share = ({ bad, all }: { bad: number; all: number }): string => `${bad} of ${all}`;

/** From which minute on signals came more often, or null where the minutes look alike or there are too few. */
export function onsetOf(minutes: readonly MinuteTally[]): Onset | null {
  const tallies = minutes.map(({ bad, all }) => ({ bad: Math.min(bad, all), all }));
  const found = changePoint(tallies);
  if (found === null) return null;
  const minute = minutes[found.index]!.minute;
  return {
    minute,
    before: found.before,
    after: found.after,
    reads: `Since ${minute.replace('T', ' ')} UTC ${share(found.after)} requests have a signal, before that ${share(found.before)}.`,
  };
}
