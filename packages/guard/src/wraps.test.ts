import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf, until } from '../../../conformance/stand-in-control-plane.ts';

let open: Guarded;
beforeEach(async () => {
  open = await openGuarded();
});
afterEach(() => open.close());

it('keeps a function from being called by an agent, and ends a call that is running', async () => {
  const calls: string[] = [];
  let finish: () => void = () => undefined;
  const pay = open.guard.tool(
    async (to: string) => {
      calls.push(to);
      if (to === 'slowly') await new Promise<void>((resolve) => (finish = resolve));
      return `paid ${to}`;
    },
    { tool: 'pay', agent: 'clerk' },
  );
  expect(await pay('ann')).toBe('paid ann');
  const running = pay('slowly');
  running.catch(() => undefined);
  await until('running', () => calls.length === 2);
  await open.order(holdOf({ kind: 'revoke', agent: 'clerk' }));
  await expect(running).rejects.toMatchObject({ name: 'ContainedError' });
  await expect(pay('bob')).rejects.toMatchObject({ name: 'ContainedError' });
  finish();
  expect(calls).toEqual(['ann', 'slowly']);
  expect(open.guard.stats().inFlight).toBe(0);
});

it('asks once more after a person has approved: what was stopped meanwhile stays stopped', async () => {
  const calls: string[] = [];
  const pay = open.guard.tool(async (to: string) => calls.push(to), { tool: 'pay', waitForReview: true });
  await open.order(holdOf({ kind: 'review', tools: ['pay'] }));
  const waiting = pay('ann');
  waiting.catch(() => undefined);
  await until('asked', () => open.server.heard.some(({ type }) => type === 'review'));
  await open.order(holdOf({ kind: 'disable' }));
  open.server.decisions.set('rvw_1', { state: 'approved' });
  await expect(waiting).rejects.toMatchObject({ name: 'ContainedError' });
  expect(calls).toEqual([]);
});

it('counts no answer of a person as no', async () => {
  expect(await open.guard.review({ text: 'x' }, { timeoutMs: 0 })).toEqual({ state: 'timed-out', review: 'rvw_1' });
  await open.server.close();
  await expect(open.guard.review({ text: 'x' })).rejects.toThrow();
});

it('starts nothing that is paused, and finds nothing in an index that is off', async () => {
  let runs = 0;
  const nightly = open.guard.trigger(async (by: number) => (runs += by), { trigger: 'nightly' });
  const found = open.guard.retriever(async () => ['a page'], { index: 'handbook' });
  expect([await nightly(2), await found()]).toEqual([2, ['a page']]);
  await open.order(holdOf({ kind: 'pause', trigger: 'nightly' }), holdOf({ kind: 'retrieval', index: 'handbook' }));
  expect([await nightly(2), await found(), runs]).toEqual([undefined, [], 2]);
  expect(() => open.guard.tool({}, { tool: 'x' })).toThrow(/execute, invoke/);
});

it('tells the application its own settings', async () => {
  await open.order(holdOf({ kind: 'settings', values: { answer_threshold: 0.9 } }));
  expect(open.guard.settings()).toEqual({ values: { answer_threshold: 0.9 } });
});

it('tries whether what is in force is enforced, without counting it', async () => {
  const holds = [
    holdOf({ kind: 'disable', feature: 'answers' }),
    holdOf({ kind: 'route', feature: 'b', from: { model: 'm2' }, to: { model: 'm1' } }),
    holdOf({ kind: 'fence', feature: 'c', countries: { mode: 'allow', list: ['DE'] } }),
    holdOf({ kind: 'block', feature: 'd', phrases: ['two devices'], direction: 'output' }),
    holdOf({ kind: 'block', feature: 'd', patterns: ['a+'] }),
    holdOf({ kind: 'input', feature: 'e', maxCharacters: 5 }),
    holdOf({ kind: 'input', feature: 'e', attachments: 'refuse' }),
    holdOf({ kind: 'retrieval', feature: 'f', index: 'handbook' }),
    holdOf({ kind: 'review', feature: 'g', tools: ['pay'] }),
    holdOf({ kind: 'revoke', feature: 'h', agent: 'clerk' }),
    holdOf({ kind: 'pause', feature: 'i' }),
    holdOf({ kind: 'limit', feature: 'j', requests: 1, seconds: 1, per: 'subject' }),
    holdOf({ kind: 'settings', feature: 'k', maxTokens: 5 }),
    holdOf({ kind: 'of-tomorrow', feature: 'l' }),
  ];
  await open.order(...holds);
  const states = (await open.guard.selfCheck()).map(({ state }) => state);
  expect(states).toEqual(
    holds.map(({ what }) =>
      what.kind === 'of-tomorrow' ? 'unsupported' : 'patterns' in what ? 'unknown' : 'effective',
    ),
  );
  expect(open.guard.stats().refused).toBe(0);
});
