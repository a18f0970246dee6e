import { describe, expect, it } from 'vitest';
import { previewWords } from './preview-words.ts';

const up = (instance: string, live = true) => ({ instance, host: 'h', live });

describe('what an order would touch', () => {
  it('counts who obeys and what goes on', () => {
    const words = previewWords(
      {
        live: 2,
        instances: [up('a'), up('b'), up('c', false)],
        lastHour: [
          { feature: 'policy-answers', requests: 412, touched: true },
          { feature: 'order-status', requests: 568, touched: false },
        ],
      },
      'support-bot',
    );
    expect(words).toEqual({
      title: '2 live instances will obey; 1 is silent and obeys on its return.',
      detail: 'It would have met 412 of 980 requests of the last hour. order-status goes on.',
      tone: 'blue',
    });
  });
  it('warns when nobody is there to obey', () => {
    expect(previewWords({ live: 0, instances: [], lastHour: [] }, 'support-bot')).toMatchObject({
      tone: 'amber',
      detail: 'No request was recorded in the last hour.',
    });
  });
  it('does not read unrecorded traffic as none', () => {
    expect(previewWords({ live: 1, instances: [up('a')], lastHour: null }, 'x').detail).toBe(
      'No traffic of this system is recorded, so the reach is unknown.',
    );
  });
});
