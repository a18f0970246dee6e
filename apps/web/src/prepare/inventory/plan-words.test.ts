import { describe, expect, it } from 'vitest';
import { planLine, shortValue } from './plan-words.ts';

const plan = { dryRun: true, created: 0, changed: 0, same: 0, rows: [], problems: [] };
const problem = { row: 1, key: null, pointer: '/key', detail: 'bad' };

describe('what a file of systems does', () => {
  it.each([
    [{ same: 3 }, 'No difference: 3 systems as they are.'],
    [
      { created: 9_997, problems: [problem, problem, problem] },
      'Nothing is changed yet: 9,997 new, 3 rows cannot be taken.',
    ],
    [{ dryRun: false, changed: 1, same: 2 }, 'Applied: 1 changed, 2 as they are.'],
    [{ problems: [problem] }, 'Nothing is changed yet: 1 row cannot be taken.'],
  ])('%#', (part, says) => expect(planLine({ ...plan, ...part })).toBe(says));

  it.each([
    ['', 'nothing'],
    [[], 'none'],
    [['DE', 'FR'], 'DE, FR'],
    [[{ name: 'mail', permissions: ['send'] }], 'mail'],
    [[{ direction: 'up', on: 'crm' }], 'crm'],
    [[{ channel: 'feedback', to: '' }], 'feedback → nobody'],
    ['x'.repeat(300), `${'x'.repeat(99)}…`],
  ])('says %j in a line', (value, says) => expect(shortValue(value)).toBe(says));
});
