import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { readMetricsJson } from '../signals/index.ts';
import {
  aspectOf,
  Bin,
  countMetrics,
  Gathering,
  KNOWN_MEASURES,
  MEASURE_LIMITS,
  MEASURE_NAME,
  streamPoints,
} from './index.ts';
import { languageOf, readsLikeRefusal } from './language.ts';

const NOW = instant('2026-11-20T10:00:30Z');
const NS = BigInt(Date.parse(NOW)) * 1_000_000n;

const read = (metric: object, attributes: Record<string, string> = {}) => {
  const told = readMetricsJson({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'Voice Bot' } }] },
        scopeMetrics: [{ metrics: [metric] }],
      },
    ],
  });
  if ('refused' in told) throw new Error(told.why);
  void attributes;
  const gathering = new Gathering();
  const counted = countMetrics(gathering, streamPoints(told.metrics), new Map(), 'unnamed', NOW);
  return { told, counted, placed: gathering.placed() };
};
const at = { startTimeUnixNano: String(NS - 60_000_000_000n), timeUnixNano: String(NS) };
const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

describe('metrics as measures', () => {
  it('keeps the quantiles of a histogram between its limits, in seconds', () => {
    const { placed } = read({
      name: 'wait',
      unit: 'ms',
      histogram: {
        aggregationTemporality: 1,
        dataPoints: [
          {
            ...at,
            count: '100',
            sum: 200_000,
            explicitBounds: [1_000, 5_000, 10_000],
            bucketCounts: ['80', '12', '8', '0'],
          },
        ],
      },
    });
    expect(placed).toMatchObject([
      {
        minute: '2026-11-20T10:00',
        series: { system: 'voice-bot', unit: 's', kind: 'spread' },
        bin: { n: 100, sum: 200 },
      },
    ]);
    const p90 = aspectOf(placed[0]!.bin, 'p90')!;
    expect(p90).toBeGreaterThan(4);
    expect(p90).toBeLessThan(5.1);
    expect(aspectOf(placed[0]!.bin, 'mean')).toBe(2);
  });

  it('puts an exponential histogram where its buckets lie', () => {
    const { placed } = read({
      name: 'wait',
      unit: 's',
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [
          { ...at, count: 11, sum: 40, scale: 0, zeroCount: 1, positive: { offset: 2, bucketCounts: [10] } },
        ],
      },
    });
    expect(aspectOf(placed[0]!.bin, 'p50')).toBeCloseTo(2 ** 2.5, 1);
  });

  it('maps the GenAI conventions, and leaves what differs from call to call out of the groups', () => {
    const { placed } = read({
      name: 'gen_ai.client.token.usage',
      histogram: {
        aggregationTemporality: 1,
        dataPoints: [
          {
            ...at,
            count: 1,
            sum: 320,
            attributes: [
              attribute('gen_ai.token.type', 'input'),
              attribute('gen_ai.response.model', 'm-2'),
              attribute('gen_ai.provider.name', 'contoso'),
              attribute('gen_ai.conversation.id', 'c-1'),
              attribute('user_id', 'u-1'),
              attribute('firebreak.feature', 'answers'),
            ],
          },
        ],
      },
    });
    expect(placed).toMatchObject([
      {
        series: {
          name: 'gen_ai.client.token.usage.input',
          model: 'm-2',
          feature: 'answers',
          groups: { 'gen_ai.provider.name': 'contoso' },
        },
      },
    ]);
    expect(Object.keys(placed[0]!.series.groups)).toEqual(['gen_ai.provider.name']);
  });

  it('keeps quantiles of a summary as levels, and passes a point without a value over', () => {
    const { placed, counted } = read({
      name: 'wait',
      summary: {
        dataPoints: [
          {
            ...at,
            count: 4,
            sum: 8,
            quantileValues: [
              { quantile: 0.9, value: 3 },
              { quantile: 0.123, value: 1 },
            ],
          },
        ],
      },
    });
    expect(placed.map(({ series, bin }) => [series.name, series.kind, bin.sum])).toEqual([
      ['wait.p90', 'level', 3],
      ['wait.count', 'count', 4],
    ]);
    expect(counted.counted).toBe(1);
    expect(read({ name: 'g', gauge: { dataPoints: [{ ...at, asDouble: 2, flags: 1 }, { ...at }] } }).told.points).toBe(
      0,
    );
  });

  it('leaves out a bad name and a missing temporality, and says so', () => {
    expect(read({ name: '9 lives', gauge: { dataPoints: [{ ...at, asInt: 1 }] } }).counted.leftOut).toHaveLength(1);
    expect(read({ name: 's', sum: { dataPoints: [{ ...at, asInt: 1 }] } }).told).toMatchObject({
      leftOut: 1,
      points: 0,
    });
  });

  it('has a time of its own only if that can be', () => {
    const odd = { ...at, timeUnixNano: '5' };
    expect(read({ name: 'g', gauge: { dataPoints: [{ ...odd, asInt: 1 }] } }).placed[0]!.minute).toBe(
      '2026-11-20T10:00',
    );
  });
});

describe('bins', () => {
  it('merge to the same whatever the order', () => {
    const [a, b] = [new Bin(), new Bin()];
    for (const value of [1, 2, 3]) a.spread(value);
    for (const value of [9, 9]) b.spread(value);
    a.part('en', 2);
    b.part('de');
    const [left, right] = [new Bin(), new Bin()];
    for (const each of [a.data(), b.data()]) left.add(each);
    for (const each of [b.data(), a.data()]) right.add(each);
    expect({ ...left.data(), sketch: null }).toEqual({ ...right.data(), sketch: null });
    expect(left.data()).toMatchObject({ n: 8, sum: 24, low: 1, high: 9, parts: { en: 2, de: 1 } });
    expect(aspectOf(left.data(), 'p99')).toBeCloseTo(9, 0);
    expect(aspectOf(new Bin().data(), 'mean')).toBeNull();
  });

  it('hold no more categories than they may', () => {
    const bin = new Bin();
    for (let i = 0; i < 100; i++) bin.part(`k${i}`);
    expect(bin.parts!.size).toBe(MEASURE_LIMITS.parts + 1);
    expect(bin.parts!.get('other')).toBe(100 - MEASURE_LIMITS.parts);
  });

  it('have good names for what is known', () => {
    for (const name of Object.keys(KNOWN_MEASURES)) expect(name).toMatch(MEASURE_NAME);
  });
});

describe('answers', () => {
  it.each([
    ['You can cancel the order in your account and it is done at the end of the month.', 'en', false],
    ['Sie können die Bestellung in Ihrem Konto stornieren, und das ist nicht mit Kosten verbunden.', 'de', false],
    ['Vous pouvez annuler la commande dans votre compte, et cela est gratuit pour vous.', 'fr', false],
    ['Puede cancelar el pedido en su cuenta y no tiene que pagar por los gastos.', 'es', false],
    ['アカウントで注文をキャンセルできます。', 'ja', false],
    ['Вы можете отменить заказ в настройках.', 'cyrillic', false],
    ['OK.', 'short', false],
    ['I’m sorry, but I can’t help with that request.', 'en', true],
    ['I cannot provide that information because of the rules.', 'en', true],
    ['Dabei kann ich Ihnen leider nicht helfen, das ist nicht erlaubt.', 'de', true],
    ['You cannot cancel the order after that, and this is the rule for you.', 'en', false],
  ])('“%s” is %s, refusal %s', (text, language, refusal) => {
    expect(languageOf(text)).toBe(language);
    expect(readsLikeRefusal(text)).toBe(refusal);
  });
});
