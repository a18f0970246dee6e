import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { TOPIC_NAMES, type TopicName } from '../backtest/index.ts';

export type BacktestId = Id<'bkt'>;

export const BACKTEST_LIMITS = { rows: 5_000, characters: 6_000_000, kept: 200 } as const;

/** On a stream of its own. The rows themselves stand in no fact, and are forgotten once it is done. */
export type BacktestFact =
  | Fact<
      'backtest.asked',
      {
        readonly backtest: BacktestId;
        readonly topic: TopicName;
        readonly name: string;
        readonly rows: number;
        readonly digest: string;
      }
    >
  | Fact<
      'backtest.done',
      {
        readonly backtest: BacktestId;
        readonly scores: Readonly<Record<string, number | string>>;
        readonly tookMs: number;
      }
    >
  | Fact<'backtest.failed', { readonly backtest: BacktestId; readonly why: string }>;
export const BACKTEST_FACTS = [
  'backtest.asked',
  'backtest.done',
  'backtest.failed',
] as const satisfies readonly BacktestFact['type'][];

export interface Backtest {
  readonly id: BacktestId;
  readonly topic: TopicName;
  readonly name: string;
  readonly rows: number;
  /** Of the rows as they were sent: the same digest was the same file. */
  readonly digest: string;
  readonly askedAt: Instant;
  readonly askedBy: Actor;
  readonly done: {
    readonly at: Instant;
    readonly scores: Readonly<Record<string, number | string>>;
    readonly tookMs: number;
  } | null;
  readonly failed: string | null;
}

export function foldBacktest(facts: readonly Recorded[]): Backtest | null {
  return ofTypes<BacktestFact>(facts, BACKTEST_FACTS).reduce<Backtest | null>((held, fact) => {
    if (fact.type === 'backtest.asked') {
      const { backtest: id, ...said } = fact.data;
      return { id, ...said, askedAt: fact.at, askedBy: fact.by, done: null, failed: null };
    }
    if (held === null) return null;
    return fact.type === 'backtest.done'
      ? { ...held, done: { at: fact.at, scores: fact.data.scores, tookMs: fact.data.tookMs } }
      : { ...held, failed: fact.data.why };
  }, null);
}

export function askBacktest(
  state: Backtest | null,
  want: {
    readonly backtest: BacktestId;
    readonly topic: TopicName;
    readonly name: string;
    readonly rows: number;
    readonly digest: string;
  },
): Decision<BacktestFact> {
  if (state !== null) return [];
  if (!TOPIC_NAMES.includes(want.topic))
    return refuse('backtest.unreadable', `There is no topic “${want.topic}”.`, '/topic');
  return [{ type: 'backtest.asked', data: want }];
}

export function endBacktest(
  state: Backtest | null,
  how:
    | { readonly scores: Readonly<Record<string, number | string>>; readonly tookMs: number }
    | { readonly why: string },
): Decision<BacktestFact> {
  if (state === null || state.done !== null || state.failed !== null) return [];
  return 'why' in how
    ? [{ type: 'backtest.failed', data: { backtest: state.id, why: how.why } }]
    : [{ type: 'backtest.done', data: { backtest: state.id, ...how } }];
}

/** One JSON object on each line, within the bounds; a refusal names the line. */
export function readRows(
  text: string,
  pointer: string,
): readonly Readonly<Record<string, unknown>>[] | ReturnType<typeof refuse> {
  const bad = (why: string) => refuse('backtest.unreadable', why, pointer);
  if (text.length > BACKTEST_LIMITS.characters)
    return refuse(
      'backtest.too-large',
      `At most ${BACKTEST_LIMITS.characters} characters; take a part of the file, or use the command line.`,
      pointer,
    );
  const rows: Readonly<Record<string, unknown>>[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (rows.length >= BACKTEST_LIMITS.rows)
      return refuse(
        'backtest.too-large',
        `At most ${BACKTEST_LIMITS.rows} lines; take a part of the file, or use the command line.`,
        pointer,
      );
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return bad(`Line ${i + 1} is not JSON. The file holds one JSON object on each line.`);
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      return bad(`Line ${i + 1} is not a JSON object.`);
    rows.push(row as Readonly<Record<string, unknown>>);
  }
  return rows.length === 0 ? bad('There is no line in it.') : rows;
}
