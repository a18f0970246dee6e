import { type Instant, instant } from '@firebreak/core/kernel';

let ms = Number.NaN;
let text: Instant;

/** Written out once for each millisecond: a thousand guards that answer at once ask for little else. */
export function systemClock(): Instant {
  const now = Date.now();
  if (now !== ms) {
    text = instant(now);
    ms = now;
  }
  return text;
}
