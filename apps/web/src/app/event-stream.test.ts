import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEventStream, retryDelay } from './event-stream.ts';

const STREAM =
  ': hello\n\nid: 41\nevent: fact\ndata: {"seq":41}\n\nevent: ping\ndata: {}\n\nid: 42\nevent: fact\ndata: one\ndata: two\r\n\r\n';
const WHOLE = [
  { event: 'fact', data: '{"seq":41}', id: '41' },
  { event: 'ping', data: '{}', id: '41' },
  { event: 'fact', data: 'one\ntwo', id: '42' },
];

describe('the live stream', () => {
  it('reads messages, ids and comments', () => expect(readEventStream()(STREAM)).toEqual(WHOLE));

  it('reads the same however the network cuts it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 12 }), (cuts) => {
        const read = readEventStream();
        const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const got = places.slice(1).flatMap((end, i) => read(STREAM.slice(places[i], end)));
        expect(got).toEqual(WHOLE);
      }),
    );
  });

  it('holds back a message that has not ended', () => expect(readEventStream()('data: half')).toEqual([]));
  it('gives up on a message without end', () =>
    expect(() => readEventStream()(`data: ${'x'.repeat(5_000_000)}`)).toThrow(RangeError));
});

it('waits longer after every failure, but never longer than ten seconds', () => {
  expect(retryDelay(0, 1)).toBe(500);
  expect(retryDelay(3, 1)).toBe(4_000);
  expect(retryDelay(60, 1)).toBe(10_000);
  expect(retryDelay(60, 0)).toBe(5_000);
});
