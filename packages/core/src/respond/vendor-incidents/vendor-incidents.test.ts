import { expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { type CountedIncident, frequencyOf } from './index.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');
const incident = (part: Partial<CountedIncident> = {}): CountedIncident => ({
  systems: ['bot'],
  state: 'closed',
  kind: 'normal',
  declaredAt: instant('2026-11-01T10:00:00.000Z'),
  ...part,
});

it('counts an incident once, near misses apart, and says how many are of the last year', () => {
  const all = [
    incident({ systems: ['bot', 'mailer'], state: 'open' }),
    incident({ state: 'contained' }),
    incident({ declaredAt: instant('2025-11-20T10:00:00.000Z') }),
    incident({ declaredAt: instant('2025-11-20T10:00:00.001Z') }),
    incident({ kind: 'near-miss', state: 'open' }),
    incident({ systems: ['other'] }),
    incident({ systems: [] }),
  ];
  expect(frequencyOf(all, new Set(['bot', 'mailer']), NOW)).toEqual({ total: 4, lastYear: 3, open: 2, nearMisses: 1 });
  expect(frequencyOf(all, new Set(), NOW)).toEqual({ total: 0, lastYear: 0, open: 0, nearMisses: 0 });
});
