import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StreamState, stepStream } from './index.ts';

const plain = (count: number) => ({ count, sum: count, buckets: {}, scale: null, shape: '' });

/** Sends points in order and adds up what each brought. */
function counted(
  points: readonly { startMs: number; atMs: number; count: number }[],
  temporality: 'delta' | 'cumulative',
) {
  let state: StreamState | null = null;
  let sum = 0;
  for (const { startMs, atMs, count } of points) {
    const step: ReturnType<typeof stepStream> = stepStream(state, { startMs, atMs, totals: plain(count) }, temporality);
    state = step.state;
    sum += step.delta?.count ?? 0;
  }
  return sum;
}

describe('a stream that counts up', () => {
  const runs = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 5,
  });
  const pointsOf = (all: readonly (readonly number[])[]) => {
    let clock = 1_000_000_000_000;
    return all.flatMap((run) => {
      clock += 60_000;
      const startMs = clock;
      let count = 0;
      return run.map((more) => {
        clock += 60_000;
        count += more;
        return { startMs, atMs: clock, count };
      });
    });
  };
  const total = (all: readonly (readonly number[])[]): number => all.flat().reduce((sum, more) => sum + more, 0);

  it('adds up to what happened, through restarts and whatever is sent twice', () => {
    fc.assert(
      fc.property(runs, fc.infiniteStream(fc.boolean()), (all, again) => {
        const points = pointsOf(all).flatMap((point) => (again.next().value ? [point, point] : [point]));
        expect(counted(points, 'cumulative')).toBe(total(all));
      }),
    );
  });

  it('notices a restart that does not say so by a count that fell', () => {
    const at = (atMs: number, count: number) => ({ startMs: 1_000_000_000_000, atMs: 1_000_000_000_000 + atMs, count });
    expect(counted([at(1, 10), at(2, 30), at(3, 4), at(4, 5)], 'cumulative')).toBe(35);
  });

  it('takes the first point of one that ran long before for where counting begins', () => {
    const old = { startMs: 1_000_000_000_000, atMs: 1_000_090_000_000, count: 5_000 };
    expect(counted([old, { ...old, atMs: old.atMs + 1, count: 5_003 }], 'cumulative')).toBe(3);
    expect(
      counted(
        [
          { ...old, startMs: 0 },
          { ...old, startMs: 0, atMs: old.atMs + 1, count: 5_003 },
        ],
        'cumulative',
      ),
    ).toBe(3);
  });

  it('tells two senders of one name apart by their start', () => {
    const a = (atMs: number, count: number) => ({ startMs: 1_000_000_000_000, atMs: 1_000_000_000_000 + atMs, count });
    const b = (atMs: number, count: number) => ({ startMs: 1_000_000_030_000, atMs: 1_000_000_000_000 + atMs, count });
    expect(counted([a(60_000, 5), b(61_000, 2), a(120_000, 9), b(121_000, 3)], 'cumulative')).toBe(12);
  });

  it('counts a delta once, and none that comes after a later one', () => {
    const at = (atMs: number, count: number) => ({ startMs: 0, atMs, count });
    expect(counted([at(1, 5), at(1, 5), at(3, 2), at(2, 9)], 'delta')).toBe(7);
  });

  it('compares the buckets of an exponential histogram at the coarser scale', () => {
    const fine = { count: 4, sum: 10, scale: 1, shape: 'exponential', buckets: { 2: 1, 3: 3 } };
    const wide = { count: 6, sum: 30, scale: 0, shape: 'exponential', buckets: { 1: 5, 7: 1 } };
    const start = { startMs: 1_000_000_000_000, atMs: 1_000_000_001_000 };
    const first = stepStream(null, { ...start, totals: fine }, 'cumulative');
    const then = stepStream(first.state, { ...start, atMs: start.atMs + 1, totals: wide }, 'cumulative');
    expect(then.delta).toMatchObject({ count: 2, sum: 20, scale: 0, buckets: { 1: 1, 7: 1 } });
  });
});
