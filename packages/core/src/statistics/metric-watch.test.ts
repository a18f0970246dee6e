import { describe, expect, it } from 'vitest';
import { type MetricAlarm, MetricWatch } from './index.ts';

const STEP = 300_000;
const DAY = 288;

/** Noise that is the same on every machine, roughly −1 to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
/** Days of a metric with a daily rhythm, changed by `change` point by point. */
function metric(days: number, change: (value: number, point: number) => number, seed = 7): number[] {
  const next = noise(seed);
  return Array.from({ length: days * DAY }, (_, i) =>
    change(100 + 30 * Math.sin((2 * Math.PI * i) / DAY) + 4 * next(), i),
  );
}
function watch(values: readonly number[]): (MetricAlarm & { point: number })[] {
  const watching = new MetricWatch();
  return values.flatMap((value, i) => {
    const alarm = watching.push(i * STEP, value);
    return alarm === null ? [] : [{ ...alarm, point: i }];
  });
}

describe('a watched metric', () => {
  it('that goes on as it does raises hardly an alarm', () => {
    const alarms = [1, 2].map((seed) => watch(metric(20, (value) => value, seed)).length);
    expect(alarms.reduce((a, b) => a + b, 0) / (2 * 20)).toBeLessThan(0.2);
  });

  it.each<[string, (value: number, i: number) => number, number]>([
    ['a spike', (value, i) => (i === 12 * DAY + 40 ? 600 : value), 1],
    ['a level that moves', (value, i) => (i >= 12 * DAY + 40 ? value + 150 : value), 24],
    ['a day without its rhythm', (value, i) => (i >= 12 * DAY && i < 13 * DAY ? 100 : value), DAY],
  ])('says of %s when it shows', (_, change, within) => {
    const from = change(0, 12 * DAY) === 100 ? 12 * DAY : 12 * DAY + 40;
    const found = watch(metric(14, change)).filter(({ point }) => point >= from && point <= from + within);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.strangeness).toBeGreaterThan(1);
  });

  it('is judged by what was, never by what comes', () => {
    const values = metric(9, (value, i) => (i % 700 === 650 ? value * 4 : value));
    const whole = watch(values);
    for (const until of [3 * DAY, 5 * DAY + 17, 8 * DAY])
      expect(watch(values.slice(0, until))).toEqual(whole.filter(({ point }) => point < until));
  });

  it('says what it was and what it was held against: days at first, weeks later, or the last week', () => {
    const doubled = (from: number) => (value: number, i: number) => (i >= from && i < from + 24 ? 2 * value : value);
    const [day] = watch(metric(10, doubled(9 * DAY + 40))).filter(({ point }) => point >= 9 * DAY + 40);
    expect(day).toMatchObject({ look: 'season', days: 7, weekly: false });
    const [week] = watch(metric(31, doubled(30 * DAY + 40))).filter(({ point }) => point >= 30 * DAY + 40);
    expect(week).toMatchObject({ look: 'season', days: 4, weekly: true });
    for (const alarm of [day!, week!]) {
      expect(alarm.usual).toBeGreaterThan(100);
      expect(alarm.usual).toBeLessThan(135);
      expect(alarm.mean).toBeGreaterThan(1.05 * alarm.usual);
      expect(alarm.strangeness).toBeGreaterThan(1);
    }
    const [level] = watch(metric(2, (value, i) => (i >= 400 ? value + 300 : value))).filter(
      ({ point }) => point >= 400,
    );
    expect(level).toMatchObject({ look: 'level', weekly: false });
    expect(Math.abs(level!.usual - 100)).toBeLessThan(30);
  });

  it('is surprised less by the same while it knows less', () => {
    const at = (days: number) => (value: number, i: number) => (i >= days * DAY + 40 ? value + 60 : value);
    const first = (days: number) =>
      Math.max(...watch(metric(days + 1, at(days))).map(({ point, surprise }) => (point >= days * DAY ? surprise : 0)));
    expect(first(3)).toBeLessThan(first(13));
  });

  it('rests after an alarm but for what is far stranger, for a young one less long, and passes over what is no number or comes late', () => {
    const alarms = watch(metric(14, (value, i) => (i > 5 * DAY && i % 3 === 0 ? value * 9 : value)));
    expect(alarms.length).toBeGreaterThan(0);
    for (const [i, { at, surprise }] of alarms.entries()) {
      if (i === 0) continue;
      const since = at - alarms[i - 1]!.at;
      const rest = Math.max(3, Math.min(30, (0.3 * at) / 3_600_000)) * 3_600_000;
      expect(since).toBeGreaterThanOrEqual(3_600_000);
      if (since < rest) expect(surprise).toBeGreaterThan(alarms[i - 1]!.surprise);
    }
    const twice = watch(
      metric(14, (value, i) => ({ [12 * DAY + 40]: 400, [12 * DAY + 70]: 30_000, [12 * DAY + 90]: 420 })[i] ?? value),
    ).map(({ point }) => point - 12 * DAY);
    expect(twice.filter((point) => point >= 0 && point < 200)).toEqual([40, 70]);
    const watching = new MetricWatch();
    expect(watching.push(10, 1)).toBeNull();
    expect(watching.push(5, 1)).toBeNull();
    expect(watching.push(20, Number.NaN)).toBeNull();
  });

  it('shows a second incident as well as the first, and one on its first day', () => {
    const incident = (value: number, i: number) =>
      (i >= 4 * DAY + 100 && i < 4 * DAY + 112) || (i >= 7 * DAY + 100 && i < 7 * DAY + 112) ? value * 20 : value;
    const found = watch(metric(9, incident)).map(({ point }) => Math.floor(point / DAY));
    expect(found).toContain(4);
    expect(found).toContain(7);
    const first = watch(metric(1, (value, i) => (i >= 250 ? value * 20 : value)));
    expect(first.map(({ point }) => point)[0]).toBeGreaterThanOrEqual(250);
  });

  it('goes on from what it has learned and the stored points as if it had never stopped', () => {
    const values = metric(20, (value, i) => (i > 16 * DAY + 50 && i < 16 * DAY + 90 ? value * 3 : value));
    for (const until of [90, DAY + 17, 9 * DAY + 5, 16 * DAY + 70]) {
      const whole = new MetricWatch();
      for (const [i, value] of values.slice(0, until).entries()) whole.push(i * STEP, value);
      const kept = JSON.parse(JSON.stringify(whole.state()));
      expect(JSON.stringify(kept).length).toBeLessThan(20_000);
      const again = MetricWatch.from(
        kept,
        values.slice(0, until).map((value, i) => [i * STEP, value] as const),
      );
      for (const [i, value] of values.entries()) {
        if (i < until) continue;
        const [one, other] = [whole.push(i * STEP, value), again.push(i * STEP, value)];
        expect(other?.look).toBe(one?.look);
        if (one !== null) expect(other!.strangeness).toBeCloseTo(one.strangeness, 6);
      }
      const { past, today } = again.state().looks.season;
      expect(whole.state().looks.season).toMatchObject({
        past: past.map((each) => expect.closeTo(each, 6)),
        today: today === null ? null : expect.closeTo(today, 6),
      });
    }
  });

  it('does not read what another version wrote down', () => {
    const { version, ...old } = new MetricWatch().state();
    expect(MetricWatch.reads({ ...old, version })).toBe(true);
    for (const state of [old, { ...old, version: version + 1 }, null, 7]) expect(MetricWatch.reads(state)).toBe(false);
  });

  it('holds an hour against the same hour, though nothing was measured for a while', () => {
    const gap = (i: number) => i >= 9 * DAY + 10 && i < 9 * DAY + 10 + DAY / 2;
    const watching = new MetricWatch();
    const found = metric(16, (value) => value).flatMap((value, i) => {
      const alarm = gap(i) ? null : watching.push(i * STEP, value);
      return alarm === null || i < 9 * DAY ? [] : [i];
    });
    const resumed = 9 * DAY + 10 + DAY / 2;
    // The first hour still holds what was before.
    expect(found.filter((i) => i > resumed + DAY / 24 && i < 13 * DAY)).toEqual([]);
  });

  it('is watched for long with little held', () => {
    const watching = new MetricWatch();
    for (let i = 0; i < 18_000; i++) watching.push(i * STEP, i % 5);
    expect((watching as unknown as { times: number[] }).times.length).toBeLessThanOrEqual(16_001);
  });
});
