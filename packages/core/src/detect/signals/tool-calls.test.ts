import { describe, expect, it } from 'vitest';
import { mergedCalls, placeCall, type ToolCall } from './tool-calls.ts';

const call = (
  id: string | null,
  name: string,
  given: string | null = null,
  result: string | null = null,
): ToolCall => ({
  id,
  name,
  arguments: given,
  result,
});

describe('calls as two witnesses tell of them', () => {
  it.each([
    ['nothing said', [call('a', 'x')], null, [call('a', 'x')]],
    ['nothing held', null, [call('a', 'x')], [call('a', 'x')]],
    ['an answer that was missing', [call('a', 'x')], [call('a', 'x', '{}', 'ok')], [call('a', 'x', '{}', 'ok')]],
    ['what is known', [call('a', 'x', '1', 'ok')], [call('a', 'x', '2', 'no')], [call('a', 'x', '1', 'ok')]],
    ['one more with an id', [call('a', 'x')], [call('b', 'y')], [call('a', 'x'), call('b', 'y')]],
    ['one more where one has no id', [call(null, 'x')], [call('b', 'y')], [call(null, 'x')]],
    ['one more without an id', [call('a', 'x')], [call(null, 'y')], [call('a', 'x')]],
    [
      'the same by place and arguments',
      [call(null, 'x', '{"a":1,"b":2}')],
      [call('a', 'x', '{"b":2, "a":1}', 'ok')],
      [call('a', 'x', '{"a":1,"b":2}', 'ok')],
    ],
    [
      'others by arguments',
      [call(null, 'x', '{"a":1}')],
      [call(null, 'x', '{"a":2}', 'ok')],
      [call(null, 'x', '{"a":1}')],
    ],
  ])('%s', (_, held, said, wants) => {
    expect(mergedCalls(held, said)).toEqual(wants);
  });

  it('is the same list where nothing is new', () => {
    const held = [call('a', 'x', '{}', 'ok')];
    expect(mergedCalls(held, [call('a', 'x')])).toBe(held);
  });

  it('keeps a bound', () => {
    const many = Array.from({ length: 150 }, (_, i) => call(`a${i}`, 'x'));
    const others = Array.from({ length: 150 }, (_, i) => call(`b${i}`, 'x'));
    expect(mergedCalls(many, others)).toHaveLength(200);
  });
});

describe('the interaction that asked for a call', () => {
  const first = { toolCalls: [call('a', 'x')], endMs: 10 };
  const second = { toolCalls: [call(null, 'x', '{"n":2}')], endMs: 20 };
  const unsaid = { toolCalls: null, endMs: 15 };
  it.each([
    ['by id, whenever it ended', call('a', 'x', null, 'ok'), 5, [first, second], 0],
    ['by name, the newest before it', call(null, 'x', null, 'ok'), 25, [first, second], 1],
    ['by name, not one that ended later', call(null, 'x', null, 'ok'), 12, [first, second], 0],
    ['of which nobody captured what it asked for', call('z', 'y'), 25, [first, unsaid, second], 1],
    ['of which somebody did, and it is another tool', call(null, 'y'), 25, [first, second], null],
    ['with another id', call('z', 'x'), 12, [first], null],
    [
      'that has this answer already',
      call(null, 'x', '{}', 'ok'),
      25,
      [{ toolCalls: [call('a', 'x', '{}', 'ok')], endMs: 9 }],
      0,
    ],
    ['none', call('a', 'x'), 25, [], null],
  ])('%s', (_, made, began, askers, wants) => {
    expect(placeCall(made, began, askers)?.asker ?? null).toBe(wants);
  });
});
