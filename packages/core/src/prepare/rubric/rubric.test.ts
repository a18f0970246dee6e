import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AXES, type Axes, type Axis, suggestSeverity } from './index.ts';

const names = Object.keys(AXES) as Axis[];
const axes = (
  h: number | null,
  r: number | null,
  d: number | null,
  g: number | null,
  a: number | null,
  c: number | null,
): Axes => ({ harm: h, reach: r, data: d, regulatory: g, autonomy: a, control: c });

describe('severity from answers', () => {
  it.each([
    ['a wrong answer caught in review', axes(0, 0, 0, 0, 0, 0), 4, []],
    ['one corrected answer', axes(1, 1, 0, 0, 0, 1), 3, ['S3.a']],
    ['an invented policy, hundreds of customers', axes(2, 3, 0, 1, 0, 3), 2, ['S2.b', 'S2.f', 'S2.g']],
    ['an agent still paying out', axes(2, 2, 0, 0, 4, 4), 1, ['S1.f', 'S1.g']],
    ['nothing verified yet', axes(null, null, 0, 0, 0, null), 2, ['DOUBT']],
  ])('%s', (_name, given, severity, rules) => {
    expect(suggestSeverity(given)).toMatchObject({ severity, rules });
  });

  it('never gets milder when an answer gets worse, and counts every combination', () => {
    const all = Array.from({ length: 5 ** 6 }, (_, n) => names.map((_axis, i) => Math.floor(n / 5 ** i) % 5));
    const at = (levels: readonly number[]) =>
      suggestSeverity(Object.fromEntries(names.map((axis, i) => [axis, levels[i]!])) as Axes).severity;
    const table = all.map(at);
    const counts = { 1: 0, 2: 0, 3: 0, 4: 0 };
    let milder = 0;
    all.forEach((levels, n) => {
      counts[table[n]!] += 1;
      levels.forEach((level, i) => {
        if (level < 4 && table[n + 5 ** i]! > table[n]!) milder += 1;
      });
    });
    expect(milder).toBe(0);
    expect(counts).toEqual({ 1: 9649, 2: 5328, 3: 644, 4: 4 });
  });

  it('takes doubt as Sev 2 and says which unknown could lift it', () => {
    const call = suggestSeverity(axes(3, null, 2, 2, 2, 3));
    expect(call).toMatchObject({ severity: 2, provisional: true, worstCase: 1, unknown: ['reach'] });
    expect(call.couldBe).toEqual(['Could be Sev 1 depending on: how many people outside saw it?']);
  });

  it.each([
    [{ p90Seconds: 8.1, completion: 0.71 }, 2, 'VOICE.2'],
    [{ p90Seconds: 16, completion: 0.4 }, 1, 'VOICE.1'],
    [{ p90Seconds: 2.9, completion: 0.08 }, 1, 'VOICE.1'],
  ])('reads voice figures %o', (voice, severity, rule) => {
    expect(suggestSeverity(axes(1, 1, 0, 0, 0, 0), { voice })).toMatchObject({ severity, rules: [rule] });
  });

  it('stays a notch above the legal level', () => {
    expect(suggestSeverity(axes(1, 1, 0, 0, 0, 0), { legal: 2 })).toMatchObject({ severity: 1, rules: ['LEGAL+1'] });
    expect(suggestSeverity(axes(1, 1, 0, 0, 0, 0), { legal: 4 })).toMatchObject({ severity: 3 });
  });

  const vectors = new URL('../../../../../../shared/research/method-vectors.json', import.meta.url);
  it.runIf(existsSync(vectors))('agrees with the published worked cases', () => {
    const { cases } = JSON.parse(readFileSync(vectors, 'utf8')).severity_cause_prediction_impact_comms.severity_rubric;
    for (const c of cases) {
      const call = suggestSeverity(c.axes, {
        ...(c.voice && { voice: { p90Seconds: c.voice.p90_s, completion: c.voice.completion } }),
        ...(c.legal && { legal: c.legal }),
      });
      expect({
        name: c.name,
        severity: call.severity,
        reasons: call.rules,
        provisional: call.provisional,
        worst_case: call.worstCase,
        unknown: call.unknown,
      }).toEqual({ name: c.name, ...c.expected });
    }
    expect(cases.length).toBeGreaterThan(10);
  });
});
