import { Library } from '../similar/index.ts';
import { interval } from './interval.ts';
import { eachOf, type Work } from './work.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Ranked {
  readonly id: unknown;
  readonly ranked: readonly string[];
}

const RANKED = 10;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** For each query the ten most alike of the corpus, by its text alone. */
export function* rankSteps(queries: readonly Row[], corpus: readonly Row[]): Work<Ranked[]> {
  const library = new Library();
  yield* eachOf(corpus, (row) => {
    if (typeof row.id === 'string')
      library.put({ id: row.id, title: text(row.title), description: text(row.description) });
  });
  return yield* eachOf(queries, (row) => ({
    id: row.id,
    ranked: library.find(text(row.text), RANKED).map(({ id }) => id),
  }));
}

/** Recall at 1, 5, 10 and MRR@10, over the queries whose incident is in the corpus. */
export function scoreRanks(
  told: readonly Ranked[],
  queries: readonly Row[],
  corpus: readonly Row[],
): Record<string, number | string> {
  const known = new Set(corpus.map((row) => row.id));
  const places = queries.flatMap((row, i) =>
    known.has(row.group) ? [told[i]!.ranked.indexOf(row.group as string)] : [],
  );
  const hits = (most: number) => places.filter((at) => at >= 0 && at < most).length;
  const within = (most: number) => hits(most) / places.length;
  const gain = places.reduce((sum, at) => sum + (at < 0 ? 0 : 1 / (at + 1)), 0);
  return {
    labelled: places.length,
    corpus: corpus.length,
    ...(places.length > 0 && {
      recallAt1: within(1),
      recallAt5: within(5),
      recallAt5_interval: interval(hits(5), places.length),
      recallAt10: within(10),
      mrrAt10: gain / places.length,
    }),
  };
}
