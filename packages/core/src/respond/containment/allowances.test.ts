import { describe, expect, it } from 'vitest';
import { Allowances, type LimitInForce } from './index.ts';

const each: LimitInForce = { hold: 'hld_a', requests: 2, seconds: 10, per: 'subject' };
const all: LimitInForce = { hold: 'hld_b', requests: 3, seconds: 60, per: 'everyone' };

describe('allowances', () => {
  it('are full at first, empty after so many, and fill again with time', () => {
    const allowances = new Allowances();
    expect(allowances.take([each], 'ann', 0)).toBeUndefined();
    expect(allowances.take([each], 'ann', 0)).toBeUndefined();
    expect(allowances.take([each], 'ann', 0)).toEqual({ limit: each, retryAfterMs: 5_000 });
    expect(allowances.take([each], 'ann', 4_000)).toMatchObject({ retryAfterMs: 1_000 });
    expect(allowances.take([each], 'ann', 5_000)).toBeUndefined();
    expect(allowances.take([each], 'ann', 5_000)).toBeDefined();
  });

  it('are one for each subject; who names none shares one', () => {
    const allowances = new Allowances();
    for (const subject of ['ann', 'bob', undefined, undefined, 'ann', 'bob'])
      expect(allowances.take([each], subject, 0)).toBeUndefined();
    expect(allowances.take([each], undefined, 0)).toBeDefined();
  });

  it('take from none where one is empty', () => {
    const allowances = new Allowances();
    expect(allowances.take([each, all], 'ann', 0)).toBeUndefined();
    expect(allowances.take([each, all], 'ann', 0)).toBeUndefined();
    expect(allowances.take([each, all], 'ann', 0)?.limit).toBe(each);
    expect(allowances.take([each, all], 'bob', 0)).toBeUndefined();
    expect(allowances.take([each, all], 'cem', 0)?.limit).toBe(all);
  });

  it('do not fill when a clock goes back', () => {
    const allowances = new Allowances();
    allowances.take([each], 'ann', 1_000);
    allowances.take([each], 'ann', 1_000);
    expect(allowances.take([each], 'ann', 0)).toBeDefined();
    expect(allowances.take([each], 'ann', 500)).toBeDefined();
  });
});
