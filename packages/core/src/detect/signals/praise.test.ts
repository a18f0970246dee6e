import { expect, it } from 'vitest';
import { isPraise } from './index.ts';

it('tells thanks from complaints, and takes what it does not understand for no praise', () => {
  for (const text of ['Thanks, that helped!', 'great bot', 'Perfect, it works now', '👍'])
    expect(isPraise(text), text).toBe(true);
  for (const text of [
    'Great, another bot that lies',
    'Thanks for nothing',
    'This is not helpful',
    'It was good until it told me one device only',
    'One device per subscription',
    'Good, but is that true?',
    'xyzzy',
    '',
  ])
    expect(isPraise(text), text).toBe(false);
});
