import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantTool, reversalOf, type Tool, type ToolManifest, undoOf } from './index.ts';
import { breachesOf } from './permission.ts';

const tool = (name: string, manifest?: Partial<ToolManifest>): Tool => ({
  name,
  permissions: [],
  note: '',
  ...(manifest && { manifest: { effect: 'writes', reads: 'nothing', limits: [], ...manifest } }),
});
const limit = (argument: string, over: object) => ({ argument, most: null, among: [], ...over });
const rules = (tools: Tool[], call: Parameters<typeof breachesOf>[1]) =>
  breachesOf(tools, call).map(({ rule }) => rule);

describe('an argument', () => {
  it.each([
    ['at most', limit('n', { most: 5 }), { n: 5 }, true],
    ['above', limit('n', { most: 5 }), { n: 5.01 }, false],
    ['above, as text', limit('n', { most: 5 }), { n: '6' }, false],
    ['above, in a list', limit('n', { most: 5 }), { n: [1, 9] }, false],
    ['below', limit('n', { least: 1 }), { n: -3 }, false],
    ['not a number', limit('n', { least: 1 }), { n: 'all' }, false],
    ['among', limit('n', { among: ['a', 'b'] }), { n: 'a' }, true],
    ['not among', limit('n', { among: ['a', 'b'] }), { n: 'c' }, false],
    ['among, hidden in a list', limit('n', { among: ['a'] }), { n: ['a'] }, false],
    ['short enough', limit('n', { longest: 3 }), { n: 'abc' }, true],
    ['too long', limit('n', { longest: 3 }), { n: 'abcd' }, false],
    ['too many', limit('n', { longest: 1 }), { n: [1, 2] }, false],
    ['too long as an object', limit('n', { longest: 3 }), { n: { a: 'aaaaaaa' } }, false],
    ['fits', limit('n', { pattern: '^ORD-\\d+$' }), { n: 'ORD-12' }, true],
    ['does not fit', limit('n', { pattern: '^ORD-\\d+$' }), { n: 'ORD-12; drop' }, false],
    ['no text to fit', limit('n', { pattern: '^1$' }), { n: 1 }, false],
    ['under a pattern nobody can read', limit('n', { pattern: '(?=x)' }), { n: 'x' }, false],
    ['inside a member', limit('to.account', { among: ['own'] }), { to: { account: 'evil' } }, false],
    ['of the prototype', limit('constructor', { longest: 1 }), {}, true],
    ['not there', limit('n', { most: 5 }), {}, true],
  ])('%s', (_, given, args, within) => {
    const found = rules([tool('pay', { limits: [given] })], { tool: 'pay', arguments: args });
    expect(found).toEqual(within ? [] : ['argument-beyond-limit']);
  });

  it('never takes the rule down, whatever it is', () => {
    const tools = [tool('pay', { limits: [limit('a.b', { most: 1, longest: 2, pattern: '^x', among: ['x'] })] })];
    fc.assert(fc.property(fc.jsonValue(), (args) => void breachesOf(tools, { tool: 'pay', arguments: { a: args } })));
  });
});

describe('a tool', () => {
  const tools = [tool('pay', { server: 'shop', agents: ['clerk'] }), tool('read')];
  it.each([
    ['granted', { tool: 'read' }, []],
    ['never granted', { tool: 'wipe' }, ['not-granted']],
    ['of another server', { tool: 'pay', server: 'other', agent: 'clerk' }, ['not-granted']],
    ['of a server nobody names', { tool: 'pay', agent: 'clerk' }, []],
    ['of another agent', { tool: 'pay', server: 'shop', agent: 'intern' }, ['other-agent']],
    ['of an agent that does not say which', { tool: 'pay', server: 'shop' }, ['other-agent']],
  ])('%s', (_, call, wants) => expect(rules(tools, call)).toEqual(wants));

  it('is outside of nothing where nobody granted any', () => expect(rules([], { tool: 'wipe' })).toEqual([]));

  it('is refused with limits that cannot be used', () => {
    const state = { retired: false, tools: [] } as never;
    const refusal = (given: object) => grantTool(state, tool('pay', { limits: [limit('n', given)] }));
    expect(refusal({ pattern: '(?<=x)y' })).toMatchObject({ refused: 'tool.bad-limit', pointer: '/manifest/limits/0' });
    expect(refusal({ least: 9, most: 1 })).toMatchObject({ refused: 'tool.bad-limit' });
    expect(refusal({ pattern: '^y' })).toMatchObject([{ type: 'tool.granted' }]);
  });
});

describe('undoing', () => {
  it.each([
    ['unknown where nobody said', tool('a'), 'unknown'],
    ['nothing to undo of a look', tool('a', { effect: 'reads', reversible: 'no' }), 'nothing'],
    ['as said', tool('a', { reversible: 'no' }), 'irreversible'],
    ['possible where it is said how', tool('a', { undo: { tool: 'b', arguments: {}, instruction: '' } }), 'reversible'],
    ['unknown of an effect alone', tool('a', { effect: 'destroys' }), 'unknown'],
    ['unknown of no tool', undefined, 'unknown'],
  ])('is %s', (_, given, wants) => expect(reversalOf(given)).toBe(wants));

  it('takes its arguments from the call and its answer, and names those it does not find', () => {
    const undo = {
      tool: 'cancel_refund',
      arguments: { id: 'result.id', order: 'arguments.order.id', why: '=agent was hijacked', lost: 'result.none' },
      instruction: 'Tell the customer.',
    };
    const call = { arguments: { order: { id: 7 } }, result: { id: 'r1' } };
    expect(undoOf(tool('refund', { undo }), call)).toEqual({
      tool: 'cancel_refund',
      arguments: { id: 'r1', order: 7, why: 'agent was hijacked' },
      missing: ['lost'],
      instruction: 'Tell the customer.',
    });
    expect(undoOf(tool('refund'), call)).toBeNull();
  });
});
