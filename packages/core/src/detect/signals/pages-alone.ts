/**
 * On what ground a signal may page alone though it does not prove itself. `promised`: its source promises how seldom it is
 * wrong. `duty`: a promise was broken, a control has stopped, or a person told its source to page.
 */
export const ALONE_GROUNDS = ['promised', 'duty'] as const;
export interface PagesAlone {
  readonly as: (typeof ALONE_GROUNDS)[number];
  /** Half a sentence after “since”, at most 200 characters. */
  readonly because: string;
}

const MOST = 200;
const cut = (because: string): string => (because.length > MOST ? `${because.slice(0, MOST - 1)}…` : because);

export const promised = (because: string): PagesAlone => ({ as: 'promised', because: cut(because) });
export const duty = (because: string): PagesAlone => ({ as: 'duty', because: cut(because) });
