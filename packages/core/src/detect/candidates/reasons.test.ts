import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptReasons } from './reasons.ts';

const AGAIN = 'same prompt version v41, 3 s apart, the same again: “One device.”';
const BOTH = 'same prompt version v41, 14 min apart, both say “device policy”';

describe('reasons that are kept', () => {
  it.each<[string, string[], string[], string[]]>([
    ['nothing', [], [], []],
    ['the first signal, while it is alone', ['first signal'], [], ['first signal']],
    ['no first signal beside another', [BOTH], ['first signal'], [BOTH]],
    ['what joins different words first', [AGAIN], [BOTH], [BOTH, AGAIN]],
    ['the newest of what differs in time alone', [BOTH], [BOTH.replace('14 min', '2 h')], [BOTH]],
    ['a repetition once, whatever the time', [AGAIN], [AGAIN.replace('3 s', 'under 1 s')], [AGAIN]],
    [
      'two repetitions at most',
      [AGAIN],
      [AGAIN.replace('One', 'Two'), AGAIN.replace('One', 'Three')],
      [AGAIN, AGAIN.replace('One', 'Two')],
    ],
    ['what a person said', ['merged by hand: the same bot'], [AGAIN], ['merged by hand: the same bot', AGAIN]],
  ])('%s', (_, newest, held, wants) => {
    expect(keptReasons(newest, held)).toEqual(wants);
  });

  it('are few, and never push out the newest that tells something', () => {
    const reason = fc.oneof(
      fc.integer({ max: 99 }).map((n) => `same model m, ${n} s apart, the same again: “${n}”`),
      fc.integer({ max: 99 }).map((n) => `same model m, ${n} s apart, both say “${n % 20}”`),
    );
    fc.assert(
      fc.property(fc.array(reason, { maxLength: 60 }), (came) => {
        const held = came.reduce<string[]>((state, each) => keptReasons([each], state), []);
        expect(held.length).toBeLessThanOrEqual(8);
        const last = came.findLast((each) => each.includes('both say'));
        if (last !== undefined) expect(held[0]).toBe(last);
      }),
    );
  });
});
