import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import type { TimeLineEntry } from '../../prepare/inventory/index.ts';
import type { Axes } from '../../prepare/rubric/index.ts';
import {
  blastRadius,
  contextAssembled,
  flagsOf,
  type Known,
  onsetOf,
  rolesFor,
  type Served,
  suspects,
} from './index.ts';

const axes = (part: Partial<Axes>): Axes => ({
  harm: null,
  reach: null,
  data: null,
  regulatory: null,
  autonomy: null,
  control: null,
  ...part,
});

const entry = (at: string, to: string): TimeLineEntry => ({
  id: `chg_${to}`,
  kind: 'prompt',
  subject: '',
  from: null,
  to,
  deployment: 'production',
  diff: null,
  note: '',
  source: 'hand',
  link: '',
  occurredAt: instant(at),
});

describe('changes near the beginning', () => {
  const first = instant('2026-11-20T12:00:00.000Z');
  const line = [
    entry('2026-11-20T11:30:00.000Z', 'v42'),
    entry('2026-11-20T09:00:00.000Z', 'k7'),
    entry('2026-11-01T09:00:00.000Z', 'v41'),
    entry('2026-11-20T14:00:00.000Z', 'v43'),
  ];
  it('come with the named version first, then the nearest of the day before', () => {
    expect(suspects(line, first, ['v42']).map((it) => [it.change.to, it.minutesBefore, it.named])).toEqual([
      ['v42', 30, true],
      ['k7', 180, false],
    ]);
    expect(suspects(line, first, ['v42'])[0]!.why).toBe('the signals name v42; 30 min before the first signal');
  });
  it('name the last one before where the day before had none', () => {
    expect(suspects([line[2]!], first, []).map((it) => it.why)).toEqual(['19 days before the first signal']);
    expect(suspects([line[3]!], first, [])).toEqual([]);
  });
});

describe('where it began', () => {
  const minutes = (bad: readonly number[]) => bad.map((n, i) => ({ minute: `2026-11-20T12:0${i}`, all: 10, bad: n }));
  it('is the minute from which signals came more often', () => {
    expect(onsetOf(minutes([0, 0, 0, 0, 5, 6, 4]))).toMatchObject({
      minute: '2026-11-20T12:04',
      reads: 'Since 2026-11-20 12:04 UTC 15 of 30 requests have a signal, before that 0 of 40.',
    });
  });
  it('is nothing where the minutes look alike', () => {
    expect(onsetOf(minutes([1, 0, 1, 0, 1]))).toBeNull();
  });
});

describe('the blast radius', () => {
  const served: Served = { requests: 500, looked: 50, sameVersion: 6, people: 40, nameless: 0 };
  const hit = { interactions: 7, people: 5, peopleBound: 200, actions: { refund: 3, mail: 1 } };
  const figure = (of: string, given: Served = served, more = hit as Parameters<typeof blastRadius>[1]) =>
    blastRadius(given, more).find((it) => it.of === of);
  it('says limits where a sample was looked at', () => {
    expect(figure('same-version')).toMatchObject({
      value: 60,
      limits: { lower: 25, upper: 118 },
      sureness: 'sampled',
      how: '6 of 50 looked at, drawn evenly, of 500 in all; exact 95 % limits.',
    });
    expect(figure('people-served')).toMatchObject({ value: 40, sureness: 'at-least' });
  });
  it('counts where everything was looked at', () => {
    const whole = { ...served, requests: 50 };
    expect(figure('same-version', whole)).toMatchObject({ value: 6, limits: null, sureness: 'counted' });
    expect(figure('people-served', whole)).toMatchObject({ value: 40, sureness: 'counted' });
  });
  it('never takes what nobody recorded for zero', () => {
    const none: Served = { requests: null, looked: 0, sameVersion: null, people: 0, nameless: 0 };
    const figures = blastRadius(none, { interactions: null, people: 0, peopleBound: 200, actions: null });
    expect(figures.map((it) => [it.of, it.value, it.sureness])).toEqual([
      ['requests', null, 'not-captured'],
      ['affected', null, 'not-captured'],
      ['people-served', null, 'not-captured'],
      ['people-affected', null, 'not-captured'],
      ['actions', null, 'not-captured'],
    ]);
  });
  it('names the tools that were called', () => {
    expect(figure('actions')).toMatchObject({ value: 4, how: expect.stringContaining('refund ×3, mail ×1') });
  });
});

describe('flags and roles', () => {
  const known = (part: Partial<Known>): Known => ({
    archetype: null,
    axes: axes({}),
    severity: 2,
    detectors: [],
    system: null,
    ...part,
  });
  it('says unknown where nobody has answered', () => {
    expect(flagsOf(known({})).map((it) => it.is)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });
  it.each([
    ['personal-data', { axes: axes({ data: 3 }) }, 'yes'],
    ['personal-data', { detectors: ['personal-data'] }, 'yes'],
    ['personal-data', { axes: axes({ data: 1 }) }, 'no'],
    ['regulated-decision', { system: { type: 'predictive', riskClass: 'annex-iii-4' } }, 'yes'],
    ['regulated-decision', { system: { type: 'generative', riskClass: 'limited' } }, 'no'],
    ['financial-loss', { axes: axes({ harm: 3 }) }, 'yes'],
    ['financial-loss', { axes: axes({ harm: 2 }) }, 'unknown'],
    ['security-exposure', { archetype: 'prompt-injection' }, 'yes'],
    ['security-exposure', { archetype: 'quality-drift' }, 'no'],
    ['customer-harm', { axes: axes({ harm: 0 }) }, 'no'],
  ] as const)('%s of %o: %s', (flag, part, is) => {
    expect(flagsOf(known(part)).find((it) => it.flag === flag)!.is).toBe(is);
  });
  it('calls roles from the answers, and whoever can close an open one', () => {
    const roles = (part: Partial<Known>) => rolesFor(known(part)).map((it) => it.role);
    expect(roles({})).toEqual(expect.arrayContaining(['commander', 'scribe', 'communications-lead', 'legal']));
    expect(roles({ severity: 4, axes: axes({ reach: 0, regulatory: 0, data: 2 }) })).toEqual([
      'commander',
      'technical-lead',
      'application-owner',
      'privacy',
    ]);
    expect(roles({ severity: 1, archetype: 'prompt-injection' })).toEqual(
      expect.arrayContaining(['security', 'executive-sponsor']),
    );
  });
  it('records the time to context once', () => {
    const data = { afterMs: 900, tookMs: 12, suspects: 1, missing: 2 };
    expect(contextAssembled(null, data)).toHaveLength(1);
    expect(contextAssembled(data, { ...data, afterMs: 5 })).toEqual([]);
  });
});
