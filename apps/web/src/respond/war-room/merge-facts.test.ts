import type { Instant, Recorded } from '@firebreak/core/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeFacts } from './merge-facts.ts';

const STREAM = 'inc_1';
const fact = (version: number): Recorded => ({
  seq: 100 + version * 3,
  stream: STREAM,
  version,
  type: 'note.written',
  at: '2026-11-20T23:21:04.000Z' as Instant,
  by: { kind: 'person', id: 'usr_1' },
  data: {},
});
const LOG = Array.from({ length: 12 }, (_, i) => fact(i + 1));

describe('facts that arrive by two ways', () => {
  it('end in one order, each once, however they arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(LOG, { minLength: 12 }), fc.nat(12), (heard, at) => {
        const one = mergeFacts([], heard.slice(0, at), STREAM);
        const two = mergeFacts(one.facts, [...heard.slice(at), ...heard.slice(0, 3)], STREAM);
        expect(two).toEqual({ facts: LOG, gap: false });
      }),
    );
  });
  it('notices one that was never heard', () => {
    expect(mergeFacts(LOG.slice(0, 3), LOG.slice(4), STREAM).gap).toBe(true);
    expect(mergeFacts(LOG.slice(0, 3), LOG.slice(3, 5), STREAM).gap).toBe(false);
  });
  it('does not ask other streams to be whole', () => {
    expect(mergeFacts(LOG, [{ ...fact(7), seq: 900, stream: 'cnd_1' }], STREAM)).toMatchObject({ gap: false });
  });
  it('keeps the same list when nothing is new, so that nothing is drawn again', () =>
    expect(mergeFacts(LOG, [LOG[2]!], STREAM).facts).toBe(LOG));
});
