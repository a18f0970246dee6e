import { expect, it } from 'vitest';
import { type Instance, obeys } from './roster.ts';

const newest = { generation: 2, epochOf: () => 50 };
const hold = { hold: 'hld_1', order: 40 } as const;

it.each([
  ['what was ordered', {}, true],
  ['the newest there is', { epoch: 50 }, true],
  ['less than was ordered', { epoch: 39 }, false],
  ['what was never given', { epoch: 51 }, false],
  ['another generation', { generation: 3 }, false],
  ['it, without knowing the kind', { unsupported: ['hld_1'] }, false],
])('an instance that says it holds %s', (_, said, expected) => {
  const instance = {
    system: 'bot',
    generation: 2,
    epoch: 40,
    unsupported: [] as string[],
    ...said,
  } as unknown as Instance;
  expect(obeys(instance, hold, newest)).toBe(expected);
});
