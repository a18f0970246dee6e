import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type About,
  Bin,
  type Event,
  type JudgeState,
  judge,
  type Rule,
  ruleFault,
  type Step,
  standingOf,
  USUAL_WATCHES,
} from './index.ts';

/** Even numbers that look like chance, the same every time. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const minuteOf = (i: number): string => new Date(Date.UTC(2026, 10, 1) + i * 60_000).toISOString().slice(0, 16);
const hits = (n: number, p: number, next: () => number): number => {
  let x = 0;
  for (let i = 0; i < n; i++) if (next() < p) x++;
  return x;
};
const rateStep = (i: number, x: number, n: number): Step => {
  const bin = new Bin();
  bin.rate(x, n);
  return { minute: minuteOf(i), bin: bin.data() };
};
const spreadStep = (i: number, values: readonly number[]): Step => {
  const bin = new Bin();
  for (const value of values) bin.spread(value);
  return { minute: minuteOf(i), bin: bin.data() };
};
const run = (rule: Rule, about: About, steps: readonly Step[]): { events: readonly Event[]; state: JudgeState } =>
  judge(rule, about, null, steps);
const raised = (events: readonly Event[]) => events.filter((event) => event.type === 'raised');

const ERRORS: About = { title: 'Errors', kind: 'rate', unit: '' };
const UP: Rule = { kind: 'rate', side: 'up', p0: null, p1: null, everyDays: 30 };
const stable = (minutes: number, p: number, seed: number, n = 5) => {
  const next = chance(seed);
  return Array.from({ length: minutes }, (_, i) => rateStep(i, hits(n, p, next), n));
};

describe('a rate', () => {
  it('is learned first, keeps quiet while it is usual, and is told soon when it moves', () => {
    const quiet = stable(3 * 1_440, 0.02, 7);
    const before = run(UP, ERRORS, quiet);
    expect(raised(before.events)).toEqual([]);
    expect(standingOf(UP, before.state)).toMatchObject({ state: 'watching', method: 'e-detector' });
    const next = chance(9);
    const bad = Array.from({ length: 120 }, (_, i) => rateStep(3 * 1_440 + i, hits(5, 0.3, next), 5));
    const { events, state } = judge(UP, ERRORS, before.state, bad);
    const [first] = raised(events);
    expect(events.filter(({ type }) => type === 'raised')).toHaveLength(1);
    expect(Number(first!.minute.slice(14))).toBeLessThan(25);
    expect(first).toMatchObject({
      text: expect.stringMatching(
        /^Errors: \d+ of \d+ \([\d.]+ %, 95 % interval .* learned from \d+\. A watch like this is wrong about once in 30 days\.$/,
      ),
    });
    expect(standingOf(UP, state).state).toBe('alarming');
    const calm = stable(200, 0.02, 3).map((step, i) => ({ ...step, minute: minuteOf(3 * 1_440 + 120 + i) }));
    const after = judge(UP, ERRORS, state, calm);
    expect(after.events.map(({ type }) => type)).toEqual(['ended']);
    expect(standingOf(UP, after.state).state).toBe('watching');
  });

  it('turns to the sharper method after two weeks, and falls are found on the other side', () => {
    const { state, events } = run(UP, ERRORS, stable(17 * 1_440, 0.02, 11, 1));
    expect(standingOf(UP, state)).toMatchObject({ method: 'cusum' });
    expect(raised(events).length).toBeLessThanOrEqual(1);
    const down: Rule = { ...UP, side: 'down' };
    const high = run(down, ERRORS, stable(2_000, 0.6, 5));
    expect(raised(high.events)).toEqual([]);
    const fell = judge(
      down,
      ERRORS,
      high.state,
      stable(200, 0.05, 6).map((step, i) => ({ ...step, minute: minuteOf(2_000 + i) })),
    );
    expect(raised(fell.events)).toHaveLength(1);
    // What hardly ever happens cannot fall.
    expect(raised(run(down, ERRORS, stable(2_000, 0, 8)).events)).toEqual([]);
  });

  it('cries wolf no more often than it says', () => {
    let alarms = 0;
    const [worlds, days] = [12, 10];
    const rule: Rule = { ...UP, everyDays: 10 };
    for (let seed = 0; seed < worlds; seed++)
      alarms += raised(run(rule, ERRORS, stable(days * 1_440, 0.03, 100 + seed, 2)).events).length;
    // 120 days at once in ten: about 12 expected at most; the learned limit is careful, so there are fewer.
    expect(alarms).toBeLessThanOrEqual(20);
  });

  it('gives the same whether it is shown all at once or through a restart after each piece', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1_000 }), (piece, seed) => {
        const next = chance(seed);
        const steps = Array.from({ length: 400 }, (_, i) => rateStep(i, hits(4, i < 300 ? 0.05 : 0.5, next), 4));
        const whole = run(UP, ERRORS, steps);
        let state: JudgeState = null;
        const events: Event[] = [];
        for (let from = 0; from < steps.length; from += piece) {
          const part = judge(UP, ERRORS, JSON.parse(JSON.stringify(state)), steps.slice(from, from + piece));
          state = part.state;
          events.push(...part.events);
        }
        expect(events).toEqual(whole.events);
        expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(whole.state)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a limit', () => {
  const VOICE = USUAL_WATCHES.find(({ usual }) => usual === 'voice-latency')!.rule;
  const LATENCY: About = { title: 'Latency', kind: 'spread', unit: 's' };
  const calls = (from: number, minutes: number, slow: number, by: number) => {
    const next = chance(from + 1);
    return Array.from({ length: minutes }, (_, i) =>
      spreadStep(
        from + i,
        Array.from({ length: 5 }, () => (next() < slow ? by : 1.5)),
      ),
    );
  };

  it('of voice is Sev 2 above 7 s and Sev 1 above 15 s at the 90th percentile', () => {
    const fine = run(VOICE, LATENCY, calls(0, 600, 0.05, 9));
    expect(raised(fine.events)).toEqual([]);
    const slow = judge(VOICE, LATENCY, fine.state, calls(600, 60, 0.4, 9));
    expect(raised(slow.events)).toMatchObject([{ severity: 2, usual: 7, value: expect.closeTo(9, 0) }]);
    const worse = judge(VOICE, LATENCY, slow.state, calls(660, 60, 0.5, 20));
    expect(raised(worse.events)).toMatchObject([
      { severity: 1, usual: 15, text: expect.stringContaining('percentile 90: 19.9 s') },
    ]);
    const over = judge(VOICE, LATENCY, worse.state, calls(720, 120, 0, 9));
    expect(over.events.map(({ type }) => type)).toEqual(['ended']);
  });

  it('says nothing from fewer than twenty', () => {
    expect(raised(run(VOICE, LATENCY, calls(0, 3, 1, 30)).events)).toEqual([]);
    expect(raised(run(VOICE, LATENCY, calls(0, 30, 1, 30)).events)).toMatchObject([{ severity: 1 }]);
  });

  it('of completion counts what was not completed', () => {
    const { rule } = USUAL_WATCHES.find(({ usual }) => usual === 'voice-completion')!;
    const about: About = { title: 'Task completion', kind: 'rate', unit: '' };
    const half = run(rule, about, stable(300, 0.8, 1));
    expect(raised(half.events)).toEqual([]);
    const poor = judge(
      rule,
      about,
      half.state,
      stable(120, 0.3, 2).map((step, i) => ({ ...step, minute: minuteOf(300 + i) })),
    );
    expect(raised(poor.events)).toMatchObject([{ severity: 2 }]);
    const none = judge(
      rule,
      about,
      poor.state,
      stable(300, 0.02, 3).map((step, i) => ({ ...step, minute: minuteOf(420 + i) })),
    );
    expect(raised(none.events)).toMatchObject([
      { severity: 1, text: expect.stringMatching(/of the last \d+, below 10 %/) },
    ]);
  });
});

describe('how grave a passed limit is', () => {
  const { rule } = USUAL_WATCHES.find(({ usual }) => usual === 'voice-completion')!;
  const about: About = { title: 'Task completion', kind: 'rate', unit: '' };
  const tasks = (from: number, minutes: number, rate: number) =>
    stable(minutes, rate, 5 + from).map((step, i) => ({ ...step, minute: minuteOf(from + i) }));

  it('is what the last minutes show: hardly any task completed is Sev 1 in the first alarm', () => {
    const [first, ...more] = raised(run(rule, about, tasks(0, 60, 0)).events);
    expect(first).toMatchObject({ severity: 1, usual: 0.1 });
    expect(more).toEqual([]);
    expect(raised(run(rule, about, tasks(0, 60, 0.3)).events)).toMatchObject([{ severity: 2, usual: 0.5 }]);
  });

  it('rises within a quarter of an hour where it gets worse, once, and not by chance', () => {
    const poor = run(rule, about, tasks(0, 60, 0.3));
    const none = judge(rule, about, poor.state, tasks(60, 25, 0));
    expect(raised(none.events)).toMatchObject([{ severity: 1 }]);
    const same = judge(rule, about, poor.state, tasks(60, 2_000, 0.3));
    expect(raised(same.events)).toEqual([]);
  });
});

describe('a mean, a budget, a shape', () => {
  const TOKENS: About = { title: 'Output tokens', kind: 'spread', unit: 'tokens' };
  const around = (from: number, minutes: number, middle: number, n = 3) => {
    const next = chance(from + 5);
    return Array.from({ length: minutes }, (_, i) =>
      spreadStep(
        from + i,
        Array.from({ length: n }, () => middle + 40 * (next() + next() + next() + next() - 2)),
      ),
    );
  };

  it('that moved by a deviation is found, and only then', () => {
    const rule: Rule = { kind: 'mean', aspect: 'mean', everyDays: 30 };
    const usual = run(rule, TOKENS, around(0, 1_000, 200));
    expect(raised(usual.events)).toEqual([]);
    const moved = judge(rule, TOKENS, usual.state, around(1_000, 60, 240));
    expect(raised(moved.events)).toMatchObject([{ text: expect.stringContaining('above the usual 20') }]);
  });

  it('that is spent is told once in its hour', () => {
    const rule: Rule = { kind: 'budget', limit: 1_000, per: 'hour' };
    const { events } = run(rule, TOKENS, around(0, 130, 200));
    expect(raised(events).map(({ minute }) => minute.slice(11, 13))).toEqual(['00', '01', '02']);
    expect(raised(events)[0]!.text).toMatch(/in this hour, by 00:0\d UTC on 2026-11-01; the budget is 1000 tokens\./);
  });

  it('of values is told when they are spread otherwise', () => {
    const rule: Rule = { kind: 'shape', everyDays: 30 };
    const usual = run(rule, TOKENS, around(0, 2_000, 200));
    expect(raised(usual.events)).toEqual([]);
    const other = judge(rule, TOKENS, usual.state, around(2_000, 100, 290));
    expect(raised(other.events)).toMatchObject([{ text: expect.stringContaining('Kolmogorov-Smirnov') }]);
  });

  it('of categories is told when they are others, twice in a row', () => {
    const rule: Rule = { kind: 'shape', everyDays: 30 };
    const about: About = { title: 'Answer language', kind: 'mix', unit: '' };
    const answers = (from: number, minutes: number, german: number): Step[] => {
      const next = chance(from + 2);
      return Array.from({ length: minutes }, (_, i) => {
        const bin = new Bin();
        for (let k = 0; k < 10; k++) bin.part(next() < german ? 'de' : next() < 0.05 ? 'fr' : 'en');
        return { minute: minuteOf(from + i), bin: bin.data() };
      });
    };
    const usual = run(rule, about, answers(0, 1_000, 0.2));
    expect(raised(usual.events)).toEqual([]);
    const other = judge(rule, about, usual.state, answers(1_000, 120, 0.7));
    expect(raised(other.events)).toMatchObject([{ text: expect.stringMatching(/“(de|en)” is .* Jensen-Shannon/) }]);
    const back = judge(rule, about, other.state, answers(1_120, 60, 0.2));
    expect(back.events.map(({ type }) => type)).toEqual(['ended']);
  });
});

describe('rules', () => {
  it.each([
    [{ kind: 'season', aspect: 'p90' }, 'mix', '/rule/kind'],
    [{ ...UP, everyDays: 0 }, 'rate', '/rule/everyDays'],
    [{ ...UP, p0: 2 }, 'rate', '/rule/p0'],
    [{ ...UP, p0: 0.2, p1: 0.1 }, 'rate', '/rule/p1'],
    [
      { kind: 'limit', side: 'above', share: 2, steps: [{ limit: 1, severity: null }], everyDays: 9 },
      'spread',
      '/rule/share',
    ],
    [{ kind: 'limit', side: 'above', share: 0.9, steps: [], everyDays: 9 }, 'spread', '/rule/steps'],
    [
      { kind: 'limit', side: 'above', share: 0.9, steps: [{ limit: 4, severity: null }], everyDays: 9 },
      'rate',
      '/rule/steps/0/limit',
    ],
    [{ kind: 'budget', limit: 0, per: 'day' }, 'count', '/rule/limit'],
    [{ kind: 'season', aspect: 'p90' }, 'level', '/rule/aspect'],
  ] as const)('%j of a %s is refused', (rule, kind, pointer) => {
    expect(ruleFault(rule as Rule, kind)).toMatchObject({ refused: 'watch.bad-rule', pointer });
  });

  it('that are usual are good ones, each with a name of its own', () => {
    for (const { rule, kind, usual } of USUAL_WATCHES) expect([usual, ruleFault(rule, kind)]).toEqual([usual, null]);
    expect(new Set(USUAL_WATCHES.map(({ usual }) => usual)).size).toBe(USUAL_WATCHES.length);
  });
});
