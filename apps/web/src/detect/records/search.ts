import { INTERACTIONS_WITH as WITH } from '@firebreak/contract/detect/signals';

/** What records are looked for, as the address of the screen carries it. */
export interface RecordSearch {
  readonly system?: string;
  readonly text?: string;
  readonly prompt?: string;
  readonly model?: string;
  readonly index?: string;
  readonly tools?: string;
  readonly fingerprint?: string;
  readonly subject?: string;
  readonly tool?: string;
  readonly detector?: string;
  readonly evaluation?: string;
  readonly label?: string;
  readonly score?: number;
  readonly scoreTo?: number;
  readonly with?: (typeof WITH)[number];
  readonly open?: string;
}

export const WITH_WORDS: Readonly<Record<(typeof WITH)[number], string>> = {
  signals: 'with a signal',
  feedback: 'that people spoke of',
  evaluations: 'that were evaluated',
  failed: 'that failed an evaluation',
  error: 'that ended in an error',
  refused: 'refused by a hold',
  rerouted: 'rerouted by a hold',
};

const TEXTS = [
  'system',
  'text',
  'prompt',
  'model',
  'index',
  'tools',
  'fingerprint',
  'subject',
  'tool',
  'detector',
  'evaluation',
  'label',
  'open',
] as const;
/** Evaluators have scales of their own: 0 to 1, 1 to 5, 0 to 100. */
const MOST_SCORE = 1e9;
const NUMBERS = ['score', 'scoreTo'] as const;

/** The search of an address; what it does not understand is left out. */
export function recordSearch(said: Record<string, unknown>): RecordSearch {
  const which = WITH.find((each) => each === said.with);
  return {
    ...Object.fromEntries(
      TEXTS.flatMap((name) => {
        const it = said[name];
        const text = typeof it === 'number' ? String(it) : it;
        return typeof text === 'string' && text.trim() !== '' ? [[name, text.trim().slice(0, 200)]] : [];
      }),
    ),
    ...Object.fromEntries(
      NUMBERS.flatMap((name) => {
        const it = said[name];
        const number = typeof it === 'string' && it.trim() !== '' ? Number(it) : it;
        return typeof number === 'number' && Math.abs(number) <= MOST_SCORE ? [[name, number]] : [];
      }),
    ),
    ...(which && { with: which }),
  };
}

/** Filters that are set, apart from the two that stand in sight. */
export const hiddenFilters = ({ system: _, text: __, open: ___, ...more }: RecordSearch): number =>
  Object.keys(more).length;
