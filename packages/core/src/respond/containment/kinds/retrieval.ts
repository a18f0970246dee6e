import { baseFaults, type ControlKind, nameFaults, type Ordering } from '../control.ts';
import { disableInstead } from './disable.ts';

/** Turns off one retrieval index, or one memory: it is neither read nor written. */
export interface Retrieval {
  readonly kind: 'retrieval';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly index: string;
}

export const retrieval: ControlKind<Retrieval> = {
  kind: 'retrieval',
  check: (control) => [...baseFaults(control), ...nameFaults('/index', control.index)],
  apply: (control, request) => (request.index === control.index ? 'deny' : undefined),
};

export const orderingRetrieval: Ordering<Retrieval> = {
  describe: ({ index, feature }) => `turn off ${index}${feature === undefined ? '' : ` for ${feature}`}`,
  safeSuperset: disableInstead,
};
