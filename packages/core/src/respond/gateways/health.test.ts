import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterOutcome,
  asked,
  type Health,
  mayAsk,
  type Outcome,
  orderOf,
  outcomeOf,
  retryAfterMs,
  stateOf,
  WELL,
  withdrawn,
} from './index.ts';

const POLICY = { failures: 3, ejectMs: 1_000, mostEjectMs: 5_000 };
const through = (outcomes: readonly Outcome[], now = 0, from: Health = WELL) =>
  outcomes.reduce((health, outcome) => afterOutcome(health, outcome, now, POLICY), from);

describe('an upstream', () => {
  const table: [string, readonly Outcome[], ReturnType<typeof stateOf>][] = [
    ['is well at first', [], 'well'],
    ['is well after two failures', ['failed', 'failed'], 'well'],
    ['is left out after three', ['failed', 'limited', 'failed'], 'out'],
    ['is forgiven what lies before an answer', ['failed', 'failed', 'answered', 'failed', 'failed'], 'well'],
  ];
  it.each(table)('%s', (_, outcomes, state) => {
    expect(stateOf(through(outcomes), 0)).toBe(state);
  });

  it('is asked once when its time is over, and by nobody else until that one is back', () => {
    const out = through(['failed', 'failed', 'failed']);
    expect([mayAsk(out, 999), mayAsk(out, 1_000)]).toEqual([false, true]);
    const probing = asked(out, 1_000);
    expect(mayAsk(probing, 1_001)).toBe(false);
    expect(mayAsk(withdrawn(probing), 1_001)).toBe(true);
    expect(mayAsk(probing, 62_000)).toBe(true);
    expect(afterOutcome(probing, 'answered', 1_200, POLICY)).toEqual(WELL);
    const again = afterOutcome(probing, 'failed', 1_200, POLICY);
    expect(again.until).toBe(1_200 + 2_000);
  });

  it('is not left out longer by failures that were under way already', () => {
    const out = through(['failed', 'failed', 'failed']);
    expect(through(['failed', 'failed'], 500, out).until).toBe(out.until);
  });

  it('is left out as long as it asks for, within the bound', () => {
    const two = through(['failed', 'failed']);
    expect(afterOutcome(two, 'limited', 0, POLICY, 3_000).until).toBe(3_000);
    expect(afterOutcome(two, 'limited', 0, POLICY, 99_000).until).toBe(5_000);
  });

  it('is never left out longer than the bound, whatever happens', () => {
    const outcomes = fc.array(
      fc.record({ outcome: fc.constantFrom<Outcome>('answered', 'limited', 'failed'), wait: fc.nat(9_000) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(outcomes, (list) => {
        let now = 1;
        let health = WELL;
        for (const { outcome, wait } of list) {
          now += wait;
          health = afterOutcome(asked(health, now), outcome, now, POLICY, wait * 10);
          expect(health.until).toBeLessThanOrEqual(now + POLICY.mostEjectMs);
          expect(mayAsk(withdrawn(health), now + POLICY.mostEjectMs)).toBe(true);
        }
      }),
    );
  });

  it.each([
    [200, false, 'answered'],
    [400, true, 'answered'],
    [401, false, 'answered'],
    [401, true, 'failed'],
    [403, true, 'answered'],
    [408, false, 'failed'],
    [429, false, 'limited'],
    [500, false, 'failed'],
    [529, true, 'failed'],
  ] as const)('that says %i (credential held: %s) has %s', (status, held, outcome) => {
    expect(outcomeOf(status, held)).toBe(outcome);
  });

  it.each([
    [undefined, 0],
    ['7', 7_000],
    ['Thu, 01 Jan 1970 00:00:09 GMT', 8_000],
    ['soon', 0],
  ] as const)('asks by Retry-After %s for %i ms', (header, ms) => {
    expect(retryAfterMs(header, 1_000)).toBe(ms);
  });
});

describe('the order of upstreams', () => {
  const list = [
    { name: 'openai', provider: 'openai' },
    { name: 'openai-eu', provider: 'openai' },
    { name: 'azure', provider: 'azure' },
  ];
  const out: Health = { failures: 3, ejections: 1, until: 500, probingSince: 0 };
  const names = (down: readonly string[], ordered?: string, of = list) =>
    orderOf(of, ({ name }) => (down.includes(name) ? out : WELL), 100, ordered).map(({ name }) => name);

  const table: [string, readonly string[], string | undefined, readonly string[]][] = [
    ['is that of the configuration', [], undefined, ['openai', 'openai-eu', 'azure']],
    ['leaves out who is out', ['openai'], undefined, ['openai-eu', 'azure']],
    ['is empty when nobody is well', ['openai', 'openai-eu', 'azure'], undefined, []],
    ['is the ordered vendor alone', [], 'openai', ['openai', 'openai-eu']],
    ['is the ordered upstream alone', [], 'azure', ['azure']],
    ['keeps an ordered vendor that has no alternative', ['azure'], 'azure', ['azure']],
    ['never brings back what was withdrawn', ['openai', 'openai-eu'], 'openai', []],
    ['is empty for a vendor nobody has', [], 'mistral', []],
  ];
  it.each(table)('%s', (_, down, ordered, order) => {
    expect(names(down, ordered)).toEqual(order);
  });

  it('never leaves out the only one', () => {
    expect(names(['openai'], undefined, [list[0]!])).toEqual(['openai']);
  });
});
