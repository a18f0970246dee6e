import { type Instant, instant } from '@firebreak/core/kernel';

export const systemClock = (): Instant => instant(Date.now());
