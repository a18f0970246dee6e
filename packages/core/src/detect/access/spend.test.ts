import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crowd, type Habits, newCrowd, newHabits, observe, spendBy, spendingOf, usualSpend } from './index.ts';
import { NO_SPENDING } from './spend.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-02T00:00:00Z');

/** Mulberry32, so that a run is the same every time. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class Room {
  crowd: Crowd = newCrowd(START);
  readonly people = new Map<string, Habits>();
  readonly dear: { who: string; at: number; says: string }[] = [];
  #n = 0;

  ask(who: string, at: number, tokens: number | null): void {
    const seen = observe(this.people.get(who) ?? newHabits(at), this.crowd, {
      id: `int_${++this.#n}`,
      at,
      country: null,
      hash: null,
      exact: '',
      numbers: [],
      refused: null,
      tokens,
    });
    this.crowd = seen.crowd;
    this.people.set(who, seen.habits);
    for (const { kind, says } of seen.findings) if (kind === 'many-tokens') this.dear.push({ who, at, says });
  }

  /** People who ask in some hours, each with a usual length of its own, and hours that differ by a factor. */
  days(from: number, count: number, people = 30, seed = 3): void {
    const next = random(seed);
    const means = Array.from({ length: people }, () => 400 * Math.exp(1.2 * (next() + next() + next() - 1.5)));
    for (let day = from; day < from + count; day++)
      for (let hour = 8; hour < 18; hour++)
        for (const [i, mean] of means.entries()) {
          if (next() > 0.3) continue;
          const asked = 1 + Math.floor(5 * next());
          for (let n = 0; n < asked; n++)
            this.ask(
              `p${i}`,
              START + day * DAY + hour * HOUR + n * 60_000,
              Math.round(mean * Math.exp(1.5 * (next() + next() - 1))),
            );
        }
  }
}

describe('tokens of one who asks', () => {
  it('are told when they leave its own past and that of the others, with the numbers', () => {
    const room = new Room();
    room.days(0, 12);
    expect(room.dear).toEqual([]);
    expect(usualSpend(spendingOf(room.crowd))).toBeGreaterThan(300);
    const at = START + 12 * DAY + 9 * HOUR;
    for (let n = 0; n < 40; n++) room.ask('p3', at + n * 30_000, 6_000);
    expect(room.dear).toMatchObject([{ who: 'p3', says: expect.stringMatching(/^spent [\d,]+ tokens .* is usual/) }]);
    // A newcomer is held against the others.
    for (let n = 0; n < 80; n++) room.ask('stranger', at + n * 20_000, 6_000);
    expect(room.dear.map(({ who }) => who)).toEqual(['p3', 'stranger']);
  });

  it('of a job that always spends much are left alone, and one abuse does not become usual', () => {
    const room = new Room();
    for (let day = 0; day < 20; day++) {
      room.days(day, 1, 30, 3 + day);
      for (let n = 0; n < 50; n++) room.ask('nightly', START + day * DAY + 22 * HOUR + n * 30_000, 4_000);
    }
    expect(room.dear.filter(({ at }) => at > START + 10 * DAY)).toEqual([]);
    const before = usualSpend(spendingOf(room.crowd))!;
    for (const day of [20, 22]) {
      const at = START + day * DAY + 9 * HOUR;
      for (let n = 0; n < 60; n++) room.ask('p5', at + n * 30_000, 50_000);
    }
    room.ask('p5', START + 23 * DAY, 100);
    expect(room.dear.filter(({ who }) => who === 'p5')).toHaveLength(2);
    expect(usualSpend(spendingOf(room.crowd))! / before).toBeLessThan(1.1);
  });

  it('are no matter below 20,000, where nobody said, or before anything is known', () => {
    const room = new Room();
    for (let n = 0; n < 100; n++) room.ask('first', START + n * 1_000, 100_000);
    expect(room.dear).toEqual([]);
    room.days(1, 10);
    const told = room.dear.length;
    for (let n = 0; n < 19; n++) room.ask('p1', START + 12 * DAY + n * 1_000, 1_000);
    for (let n = 0; n < 400; n++) room.ask('p2', START + 12 * DAY + n * 1_000, null);
    expect(room.dear.length).toBe(told);
  });

  it('goes on from what was written down before tokens were counted', () => {
    const { spending: _, ...crowd } = newCrowd(START);
    const { spent: __, ownSpend: ___, ...habits } = newHabits(START);
    const it = { id: 'int_1', country: null, hash: null, exact: '', numbers: [], refused: null, tokens: 5 };
    const one = observe(habits, crowd, { ...it, at: START });
    const two = observe(one.habits, one.crowd, { ...it, at: START + HOUR });
    expect(two.habits).toMatchObject({ spent: 5, ownSpend: { n: 1 } });
    expect(spendingOf(two.crowd).windows.n).toBe(1);
  });
});

describe('those who spend most of a day', () => {
  const day = 20_000;
  it('are counted exactly while there are few, and start anew each day', () => {
    let spending = NO_SPENDING;
    for (const [who, tokens] of [
      ['a', 5],
      ['b', 9],
      ['a', 7],
      ['c', 0],
    ] as const)
      spending = spendBy(spending, { who, tokens, interaction: `int_${who}`, day });
    expect(spending).toMatchObject({
      total: 21,
      top: [
        { who: 'a', tokens: 12, over: 0 },
        { who: 'b', tokens: 9, over: 0 },
      ],
    });
    expect(spendBy(spending, { who: 'a', tokens: 1, interaction: 'int_x', day: day - 1 })).toBe(spending);
    expect(spendBy(spending, { who: 'd', tokens: 1, interaction: 'int_d', day: day + 1 })).toMatchObject({
      total: 1,
      top: [{ who: 'd', tokens: 1 }],
    });
  });

  it('are never missed above a 64th of all, and never counted lower than they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 1_000 })), {
          minLength: 1,
          maxLength: 1_500,
        }),
        (asked) => {
          let spending = NO_SPENDING;
          const truth = new Map<string, number>();
          for (const [n, tokens] of asked) {
            const who = `w${n}`;
            truth.set(who, (truth.get(who) ?? 0) + tokens);
            spending = spendBy(spending, { who, tokens, interaction: 'int_1', day });
          }
          expect(spending.top.length).toBeLessThanOrEqual(64);
          for (const [i, { who, tokens, over }] of spending.top.entries()) {
            expect(tokens).toBeGreaterThanOrEqual(truth.get(who)!);
            expect(tokens - over).toBeLessThanOrEqual(truth.get(who)!);
            if (i > 0) expect(tokens).toBeLessThanOrEqual(spending.top[i - 1]!.tokens);
          }
          for (const [who, tokens] of truth)
            if (tokens > spending.total / 64) expect(spending.top.some((each) => each.who === who)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
