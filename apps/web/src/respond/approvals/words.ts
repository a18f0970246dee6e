import type { WaitingItem } from '@firebreak/contract/respond/break-glass';

/** How each kind of thing that waits reads, and what the one press on it says. */
export const WAITING_WORDS: Readonly<
  Record<
    WaitingItem['kind'],
    {
      readonly asks: (name: string) => string;
      readonly press: string;
      readonly look: 'brake' | 'strong';
      /** Before “in 9 min”. */
      readonly until: string;
    }
  >
> = {
  pull: { asks: (name) => `${name} wants to`, press: 'Agree and order', look: 'brake', until: 'lapses' },
  adoption: { asks: (name) => `${name} ordered:`, press: 'Adopt it', look: 'brake', until: 'ends by itself' },
  restoration: {
    asks: (name) => `${name} asks to end:`,
    press: 'Agree to let go',
    look: 'strong',
    until: 'until',
  },
  'break-glass': {
    asks: (name) => `${name} broke the glass on:`,
    press: 'Agree that it was right',
    look: 'strong',
    until: 'due',
  },
};
