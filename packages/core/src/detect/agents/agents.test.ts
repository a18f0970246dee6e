import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMs, instant } from '../../kernel/index.ts';
import type { Tool, ToolManifest } from '../../prepare/inventory/index.ts';
import type { ToolCall } from '../signals/index.ts';
import { type Checked, checkCalls, NEW_SESSION, type Session } from './index.ts';

const AT = instant('2026-11-28T10:00:00Z');
const tool = (name: string, manifest?: Partial<ToolManifest>): Tool => ({
  name,
  permissions: [],
  note: '',
  ...(manifest && { manifest: { effect: 'reads', reads: 'nothing', limits: [], ...manifest } }),
});
const call = (name: string, given: unknown = {}): ToolCall => ({
  id: null,
  name,
  arguments: typeof given === 'string' ? given : JSON.stringify(given),
  result: null,
});
const check = (calls: ToolCall[], tools: Tool[], session: Session = NEW_SESSION, at = AT): Checked =>
  checkCalls(calls, tools, session, at, (text) => text);
const kinds = ({ findings }: Checked) => findings.map(({ kind, evidenceClass }) => `${kind} ${evidenceClass}`);

describe('a call', () => {
  const refund = tool('refund', {
    effect: 'pays',
    limits: [
      { argument: 'amount', most: 50, among: [] },
      { argument: 'to.account', most: null, among: ['own'] },
    ],
  });
  it.each([
    ['granted', call('refund', { amount: 50 }), []],
    ['never granted', call('wire_money'), ['tool-outside-manifest verified']],
    ['beyond a number', call('refund', { amount: 50.01 }), ['argument-beyond-limit verified']],
    ['beyond a number as text', call('refund', { amount: '900' }), ['argument-beyond-limit verified']],
    ['with what is no number', call('refund', { amount: 'all of it' }), ['argument-beyond-limit verified']],
    [
      'with a value that is not allowed',
      call('refund', { to: { account: 'evil' } }),
      ['argument-beyond-limit verified'],
    ],
    ['with an allowed one', call('refund', { amount: 1, to: { account: 'own' } }), []],
    ['whose arguments cannot be read', call('refund', '{broken'), []],
    ['with arguments that are no object', call('refund', '"__proto__"'), []],
  ])('%s', (_, made, wants) => {
    expect(kinds(check([made], [refund]))).toEqual(wants);
  });

  it('of a system that declared no tools is outside of nothing', () => {
    expect(kinds(check([call('anything')], []))).toEqual([]);
  });

  it('that destroys is told once in a session, by what is declared or by its name', () => {
    const { session, ...first } = check(
      [call('delete_user'), call('clean', {})],
      [tool('delete_user'), tool('clean', { effect: 'destroys' })],
    );
    expect(kinds({ session, ...first })).toEqual(['destructive-action weak', 'destructive-action weak']);
    expect(kinds(check([call('delete_user')], [tool('delete_user')], session))).toEqual([]);
    expect(kinds(check([call('delete_user')], [tool('delete_user', { effect: 'writes' })]))).toEqual([]);
  });
});

describe('a session', () => {
  const tools = [
    tool('read_mail', { reads: 'untrusted' }),
    tool('find_customer', { reads: 'private' }),
    tool('send_mail', { effect: 'sends' }),
  ];
  const [mail, customer, send] = ['read_mail', 'find_customer', 'send_mail'].map((name) => call(name)) as [
    ToolCall,
    ToolCall,
    ToolCall,
  ];
  it.each([
    ['in this order', [mail, customer, send], ['untrusted-private-send strong']],
    ['private before untrusted', [customer, mail, send], []],
    ['nothing untrusted', [customer, send], []],
    ['sent before', [send, mail, customer], []],
    ['sent twice', [mail, customer, send, send], ['untrusted-private-send strong']],
  ])('that reads untrusted text, then private data, and then sends: %s', (_, calls, wants) => {
    expect(kinds(check(calls, tools))).toEqual(wants);
  });

  it('is remembered between interactions', () => {
    const first = check([mail], tools);
    const second = check([customer], tools, first.session);
    expect(kinds(check([send], tools, second.session))).toEqual(['untrusted-private-send strong']);
  });

  it('that makes the same call five times in ten minutes runs in a circle; in an hour it does not', () => {
    let session = NEW_SESSION;
    const seen: string[] = [];
    for (let i = 0; i < 7; i++) {
      const checked = check([call('poll', { id: 1 })], [tool('poll')], session, addMs(AT, i * 60_000));
      session = checked.session;
      seen.push(...kinds(checked));
    }
    expect(seen).toEqual(['call-loop strong']);
    session = NEW_SESSION;
    for (let i = 0; i < 7; i++) {
      const checked = check([call('poll', { id: 1 })], [tool('poll')], session, addMs(AT, i * 180_000));
      session = checked.session;
      expect(kinds(checked)).toEqual([]);
    }
    for (let i = 0; i < 7; i++) expect(kinds(check([call('poll', { page: i })], [tool('poll')], session))).toEqual([]);
  });

  it('keeps a bounded memory whatever is called', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.json()), { maxLength: 300 }), (calls) => {
        const { session } = check(
          calls.map(([name, given]) => call(name, given)),
          tools,
        );
        expect(Object.keys(session.calls).length).toBeLessThanOrEqual(40);
        expect(session.told.length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 30 },
    );
  });
});
