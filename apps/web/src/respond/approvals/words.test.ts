import { WAITING_KINDS } from '@firebreak/contract/respond/break-glass';
import { expect, it } from 'vitest';
import { WAITING_WORDS } from './words.ts';

it('every kind of thing that waits reads as a sentence and is answered with one press', () => {
  expect(
    WAITING_KINDS.map((kind) => `${WAITING_WORDS[kind].asks('Ana')} disable answers [${WAITING_WORDS[kind].press}]`),
  ).toEqual([
    'Ana wants to disable answers [Agree and order]',
    'Ana ordered: disable answers [Adopt it]',
    'Ana asks to end: disable answers [Agree to let go]',
    'Ana broke the glass on: disable answers [Agree that it was right]',
  ]);
});
