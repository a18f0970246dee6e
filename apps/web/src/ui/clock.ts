import { useSyncExternalStore } from 'react';

/**
 * The server's time as this browser knows it. A laptop may be minutes off; what a countdown shows must not be.
 * `offset` is learnt from every answer and every live ping.
 */
let offset = 0;
let learnt = false;

/** Takes the server's clock from an answer. Differences under two seconds are network, not clocks. */
export function learnServerTime(serverMs: number, localMs: number = Date.now()): void {
  if (!Number.isFinite(serverMs)) return;
  const seen = serverMs - localMs;
  if (!learnt || Math.abs(seen - offset) > 2_000) offset = Math.abs(seen) > 2_000 ? seen : 0;
  learnt = true;
}

export const serverNow = (): number => Date.now() + offset;

interface Beat {
  readonly listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
  now: number;
}
const beats = new Map<number, Beat>();

function beatOf(every: number): Beat {
  let beat = beats.get(every);
  if (!beat) {
    beat = { listeners: new Set(), timer: undefined, now: serverNow() };
    beats.set(every, beat);
  }
  return beat;
}

/** The current server time, renewed every `every` milliseconds. All users of one rhythm share one timer. */
export function useNow(every = 1_000): number {
  const beat = beatOf(every);
  return useSyncExternalStore(
    (listener) => {
      beat.listeners.add(listener);
      // Only the first one may move the hand: moved by every newcomer, a screen full of watches never settles.
      if (beat.timer === undefined && Math.abs(serverNow() - beat.now) >= every) beat.now = serverNow();
      beat.timer ??= setInterval(() => {
        beat.now = serverNow();
        for (const each of beat.listeners) each();
      }, every);
      return () => {
        beat.listeners.delete(listener);
        if (beat.listeners.size > 0) return;
        clearInterval(beat.timer);
        beat.timer = undefined;
      };
    },
    () => beat.now,
  );
}
