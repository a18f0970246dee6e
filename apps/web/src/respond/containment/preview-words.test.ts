import type { Preview } from '@firebreak/contract/respond/containment';
import { describe, expect, it } from 'vitest';
import { aroundLine, dryRunWords, othersWords, partLines, previewWords } from './preview-words.ts';

const up = (instance: string, live = true) => ({ instance, host: 'h', live });
const reach: NonNullable<Preview['reach']> = {
  minutes: 60,
  perMinute: 6.9,
  requests: 980,
  touched: 412,
  unsaid: 0,
  benign: 400,
  nameless: 0,
  people: 180,
  sessions: 200,
  looked: 980,
  sampled: false,
  parts: {},
};
const two = {
  live: 2,
  instances: [up('a'), up('b'), up('c', false)],
  unable: [],
  lastHour: [
    { feature: 'policy-answers', requests: 412, touched: true },
    { feature: 'order-status', requests: 568, touched: false },
  ],
  reach,
};

describe('what an order would touch', () => {
  it('counts who obeys, whom it meets, and what goes on', () => {
    expect(previewWords(two, 'support-bot')).toEqual({
      title: '2 live instances will obey; 1 is silent and obeys on its return.',
      detail:
        'It would have met 412 of 980 requests of the last hour, 42 %: 7 a minute. 180 people. 12 of them had a signal; the rest looked benign. order-status goes on.',
      tone: 'blue',
    });
  });
  it('says what is scaled up, and what nobody can say', () => {
    const { detail } = previewWords(
      { ...two, reach: { ...reach, sampled: true, unsaid: 20, benign: 412, nameless: 1 }, lastHour: [] },
      'x',
    );
    expect(detail).toContain('about 412 of 980');
    expect(detail).toContain('At least 180 people, and 1 request that names nobody.');
    expect(detail).toContain('None of them had a signal');
    expect(detail).toContain('For 20 more nobody can say');
  });
  it('warns when nobody is there to obey, or somebody cannot', () => {
    expect(
      previewWords({ ...two, live: 0, instances: [], reach: { ...reach, requests: 0 } }, 'support-bot'),
    ).toMatchObject({
      tone: 'amber',
      detail: 'No request was recorded in the last hour.',
    });
    expect(previewWords({ ...two, unable: [{ instance: 'b', host: 'h', why: 'old' }] }, 'x')).toMatchObject({
      tone: 'amber',
      title: '1 live instance will obey; 1 cannot; 1 is silent and obeys on its return.',
    });
  });
  it('does not read unrecorded traffic as none', () => {
    expect(previewWords({ ...two, lastHour: null, reach: null }, 'x').detail).toBe(
      'No traffic of this system is recorded, so the reach is unknown.',
    );
  });
  it('opens what it is made of', () => {
    const parts = {
      country: [
        { name: 'DE', requests: 30, touched: 30 },
        { name: null, requests: 2, touched: 0 },
      ],
    };
    expect(partLines({ parts })).toEqual([{ by: 'country', says: 'DE 30 of 30, not captured 0 of 2' }]);
    expect(aroundLine({ id: 'shop', name: 'Shop', how: 'needs', depth: 2, via: 'service:app' })).toBe(
      'Shop relies on it, through app',
    );
    const other = { hold: 'hld_1', label: 'HLD-1', incident: 'inc_1', incidentLabel: 'INC-12', says: '' } as const;
    expect(othersWords([other])).toBe('HLD-1 of INC-12');
    expect(
      dryRunWords({ tried: 300, hits: 4, benign: 3, benignTried: 290, secondLook: true, examples: [], tookMs: 2.6 }),
    ).toBe('Tried on 300 stored requests in 3 ms: 4 hits, 3 of which looked benign.');
  });
});
