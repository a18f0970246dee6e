import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { finish, groupReports, scoreGroups, TOPIC_NAMES, TOPICS } from '../backtest/index.ts';
import {
  askBacktest,
  BACKTEST_LIMITS,
  type Counted,
  coherenceMs,
  detectionFigures,
  endBacktest,
  foldBacktest,
  readRows,
} from './index.ts';

const BEGIN = instant('2026-11-20T10:00:00.000Z');
const at = (seconds: number) => addMs(BEGIN, seconds * 1_000);
let count = 0;
const page = (cause: 'two-agree' | 'promised' | 'not-acknowledged') =>
  ({ page: 1, at: BEGIN, severity: 2, cause, because: '', to: [], handed: [] }) as const;
const one = (more: Partial<Counted> = {}): Counted => ({
  id: `cnd_${++count}`,
  system: 'bot',
  state: 'forming',
  openedAt: at(1),
  coheredAt: null,
  ended: null,
  pages: [],
  mergedInto: null,
  splitFrom: null,
  mark: null,
  summary: { firstAt: BEGIN },
  ...more,
});
const dismissed = (as: 'false-alarm' | 'duplicate' | 'expected', more: Partial<Counted> = {}) =>
  one({ state: 'dismissed', ended: { at: BEGIN, by: { kind: 'person', id: 'x' }, as, reason: '' }, ...more });

describe('the figures of detection', () => {
  it('count as they are defined', () => {
    const kept = one({ state: 'closed', coheredAt: at(30), pages: [page('two-agree'), page('not-acknowledged')] });
    const figures = detectionFigures([
      kept,
      one({ state: 'promoted', coheredAt: at(90) }),
      one({ state: 'merged', mergedInto: kept.id }),
      one({ state: 'merged', mergedInto: kept.id, splitFrom: kept.id }),
      one({ state: 'merged', mergedInto: 'cnd_gone' }),
      dismissed('false-alarm', { pages: [page('two-agree')] }),
      dismissed('expected', { pages: [page('promised'), page('not-acknowledged')] }),
      dismissed('duplicate'),
      one({ state: 'paged', coheredAt: at(20), pages: [page('two-agree')] }),
      dismissed('false-alarm', { mark: 'drill:1', pages: [page('two-agree')] }),
    ]);
    expect(figures).toMatchObject({
      candidates: 9,
      madeOnPurpose: 1,
      open: 1,
      precision: { x: 2, n: 4, share: 0.5 },
      duplicates: { x: 2, n: 4, share: 0.5 },
      falsePages: { x: 2, n: 3, share: 2 / 3 },
      pagesOpen: 1,
      coherence: { n: 3, p50Ms: 30_000, p95Ms: 90_000, never: 3 },
    });
    expect(figures.precision.interval!.lower).toBeCloseTo(0.15, 2);
    expect(figures.precision.interval!.upper).toBeCloseTo(0.85, 2);
  });

  it('say nothing of nothing: missing is missing, not zero', () =>
    expect(detectionFigures([])).toMatchObject({
      precision: { n: 0, share: null, interval: null },
      coherence: { n: 0, p50Ms: null, p95Ms: null },
    }));

  it('count what a report claims of long ago from when it was heard', () => {
    expect(coherenceMs(one({ openedAt: at(7 * 3_600), coheredAt: at(7 * 3_600 + 5) }))).toBe(5_000);
    expect(coherenceMs(one({ openedAt: at(-60), coheredAt: at(-30) }))).toBe(30_000);
  });

  it('hold their shares between their limits, and drills change none of them', () => {
    const some = fc.array(
      fc.constantFrom<() => Counted>(
        () => one({ state: 'closed', coheredAt: at(5), pages: [page('two-agree')] }),
        () => dismissed('false-alarm', { pages: [page('two-agree')] }),
        () => dismissed('duplicate'),
        () => one(),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(some, some, (real, marked) => {
        const all = real.map((make) => make());
        const figures = detectionFigures(all);
        for (const { share, interval, x, n } of [figures.precision, figures.duplicates, figures.falsePages])
          if (share !== null) expect(interval!.lower <= share && share <= interval!.upper && x <= n).toBe(true);
        const drills = marked.map((make) => ({ ...make(), mark: 'drill:1' as const }));
        expect(detectionFigures([...all, ...drills])).toEqual({ ...figures, madeOnPurpose: drills.length });
      }),
    );
  });
});

describe('a backtest', () => {
  it('knows every topic by its name', () => expect([...TOPIC_NAMES]).toEqual(Object.keys(TOPICS).sort()));
  it('scores in steps what it scores at once, with what no grouping would score beside it', () => {
    const rows = ['one device only', 'one device only', 'refunds in an hour', 'refunds in an hour'].map((text, i) => ({
      id: i,
      text,
      group: text,
    }));
    const { scores } = finish(TOPICS['signal-grouping']!(rows, null));
    const clusters = groupReports(rows);
    expect(scores).toMatchObject(scoreGroups(rows.map((row, i) => ({ gold: row.group, cluster: clusters[i]! }))));
    expect(scores).toMatchObject({
      baseline_same_words_b3_f1: 1,
      baseline_together_b3_f1: 2 / 3,
      baseline_alone_b3_f1: 2 / 3,
    });
    expect(() => finish(TOPICS.similar!(rows, null))).toThrow(RangeError);
    const attacks = finish(TOPICS['prompt-attacks']!([{ id: 1, text: 'hello', label: 'benign', dataset: 'x' }], null));
    expect(attacks.scores.x_false_positives_interval).toBe('0 of 1 [0.000, 0.793]');
  });
  it.each([
    ['', 'backtest.unreadable'],
    ['{"a":1}\nnot json', 'backtest.unreadable'],
    ['[1]', 'backtest.unreadable'],
    ['{}\n'.repeat(BACKTEST_LIMITS.rows + 1), 'backtest.too-large'],
    ['x'.repeat(BACKTEST_LIMITS.characters + 1), 'backtest.too-large'],
  ])('refuses what it cannot read: %#', (text, code) =>
    expect(readRows(text, '/rows')).toMatchObject({ refused: code }),
  );
  it('is asked once and ends once', () => {
    expect(readRows('{"a":1}\n\n{"b":2}', '/rows')).toHaveLength(2);
    const asked = askBacktest(null, { backtest: 'bkt_1', topic: 'pii', name: 'x', rows: 2, digest: 'd' });
    if (isRefusal(asked)) throw new Error(asked.why);
    const facts = (more: readonly AnyFact[]): Recorded[] =>
      [...asked, ...more].map((fact, i) => ({
        ...fact,
        at: BEGIN,
        by: { kind: 'person', id: 'x' },
        seq: 0,
        version: i + 1,
        stream: 'bkt_1',
      }));
    const done = endBacktest(foldBacktest(facts([])), { scores: { recall: 1 }, tookMs: 5 });
    if (isRefusal(done)) throw new Error(done.why);
    expect(foldBacktest(facts(done))).toMatchObject({ done: { scores: { recall: 1 } }, failed: null });
    expect(endBacktest(foldBacktest(facts(done)), { why: 'x' })).toEqual([]);
    expect(
      askBacktest(null, { backtest: 'bkt_1', topic: 'none' as never, name: 'x', rows: 2, digest: 'd' }),
    ).toMatchObject({ refused: 'backtest.unreadable' });
  });
});
