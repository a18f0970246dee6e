const WITH = ['error', 'refused', 'rerouted', 'signals', 'feedback'] as const;

/** What records are looked for, as the address of the screen carries it. */
export interface RecordSearch {
  readonly system?: string;
  readonly text?: string;
  readonly prompt?: string;
  readonly model?: string;
  readonly subject?: string;
  readonly tool?: string;
  readonly detector?: string;
  readonly score?: number;
  readonly with?: (typeof WITH)[number];
  readonly open?: string;
}

export const WITH_WORDS: Readonly<Record<(typeof WITH)[number], string>> = {
  signals: 'with a signal',
  feedback: 'that people spoke of',
  error: 'that ended in an error',
  refused: 'refused by a hold',
  rerouted: 'rerouted by a hold',
};

const TEXTS = ['system', 'text', 'prompt', 'model', 'subject', 'tool', 'detector', 'open'] as const;

/** The search of an address; what it does not understand is left out. */
export function recordSearch(said: Record<string, unknown>): RecordSearch {
  const score = Number(said.score);
  const which = WITH.find((each) => each === said.with);
  return {
    ...Object.fromEntries(
      TEXTS.flatMap((name) => {
        const it = said[name];
        const text = typeof it === 'number' ? String(it) : it;
        return typeof text === 'string' && text.trim() !== '' ? [[name, text.trim().slice(0, 200)]] : [];
      }),
    ),
    ...(said.score !== undefined && said.score !== '' && score > 0 && score <= 1 && { score }),
    ...(which && { with: which }),
  };
}

/** Filters that are set, apart from the two that stand in sight. */
export const hiddenFilters = ({ system: _, text: __, open: ___, ...more }: RecordSearch): number =>
  Object.keys(more).length;
