import { candidates } from '@firebreak/contract/detect/candidates';
import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { systemsFile } from '@firebreak/contract/prepare/systems-file';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

const register = (key: string) =>
  world.ana.client.call(inventory.register, { body: { key, name: key, type: 'agent' } });
const budget = (system: string, body: object) =>
  world.ana.client.call(systemParts.setBudget, { params: { system }, body: body as never });
const send = async (...body: object[]) => {
  await sender.call(signals.sendInteractions, { body: body as never });
  await world.settle();
};
const told = async (system: string, detector = 'session-budgets') =>
  (await sender.call(signals.listSignals, { query: { system, detector } })).items.map(
    ({ evidenceClass, text }) => `${evidenceClass}: ${text}`,
  );

it('tells once when a session passes a bound, and pages where it is the hard one', async () => {
  await register('spender');
  await budget('spender', { measure: 'tokens', soft: 1_000, hard: 5_000 });
  const say = (id: string, session: string, input: number) =>
    send({ id, system: 'spender', session, output: 'Yes.', tokens: { input, output: 100 } });
  await say('t-1', 's-1', 800);
  await say('t-2', 's-2', 800);
  expect(await told('spender')).toEqual([]);
  await say('t-3', 's-1', 300);
  expect(await told('spender')).toEqual([
    'weak: One session used 1,300 tokens, more than the soft bound of 1,000, which is worth a look.',
  ]);
  await say('t-4', 's-1', 300);
  expect(await told('spender')).toHaveLength(1);
  await say('t-5', 's-1', 9_000);
  expect(await told('spender')).toContain(
    'verified: One session used 10,800 tokens, more than the hard bound of 5,000, which must not happen.',
  );
  const { items } = await world.ana.client.call(candidates.listCandidates, {
    query: { system: 'spender', state: 'all' },
  });
  expect(items).toMatchObject([{ state: 'paged', pages: [{ cause: 'proves-itself' }] }]);
  const { heartbeats } = await world.ana.client.call(channels.heartbeats, {});
  expect(heartbeats.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['onlooker watchBudgets', 'onlooker watchContext']),
  );
});

it('counts what a second witness adds, and what it says again not twice', async () => {
  await register('twice');
  await budget('twice', { measure: 'tokens', hard: 1_000 });
  const it = { id: 'w-1', system: 'twice', session: 's', responseId: 'chatcmpl-w1' };
  await send({ ...it, output: 'Yes.', tokens: { input: 600, output: null } });
  await send({ ...it, source: 'gateway', tokens: { input: 600, output: 300 } });
  await send({ ...it, source: 'otlp', tokens: { input: 600, output: 300 } });
  expect(await told('twice')).toEqual([]);
  await send({ id: 'w-2', system: 'twice', session: 's', output: 'No.', tokens: { input: 200, output: 0 } });
  expect(await told('twice')).toEqual([
    'verified: One session used 1,100 tokens, more than the hard bound of 1,000, which must not happen.',
  ]);
});

it('keeps budgets in a file of systems, and refuses what bounds nothing', async () => {
  await register('filed');
  await budget('filed', { measure: 'spend', hard: 2, price: { input: 1, output: 4, currency: 'eur' } });
  const { systems } = await world.ana.client.call(systemsFile.show, {});
  expect(systems.find(({ key }) => key === 'filed')?.budgets).toEqual([
    { measure: 'spend', soft: null, hard: 2, price: { input: 1, output: 4, currency: 'EUR' } },
  ]);
  const apply = (budgets: object[]) =>
    world.ana.client.call(systemsFile.apply, { body: { systems: [{ key: 'filed', budgets }], dryRun: false } });
  expect(await apply([{ measure: 'calls', soft: 5, hard: 4 }])).toMatchObject({
    problems: [{ detail: 'The soft bound, 5, has to lie below the hard one, 4.' }],
  });
  expect(await apply([{ measure: 'calls', hard: 4 }])).toMatchObject({ changed: 1, problems: [] });
  for (const [body, pointer] of [
    [{ measure: 'calls' }, '/soft'],
    [{ measure: 'spend', hard: 1 }, '/price'],
    [{ measure: 'calls', hard: 1, price: { input: 1, output: 1, currency: 'EUR' } }, '/price'],
    [{ measure: 'calls', hard: -1 }, '/hard'],
  ] as const)
    await expect(budget('filed', body)).rejects.toMatchObject({ status: 400, errors: [{ pointer }] });
  const { system } = await world.ana.client.call(systemParts.removeBudget, {
    params: { system: 'filed' },
    body: { measure: 'calls' },
  });
  expect(system.budgets).toEqual([]);
});

it('knows the sessions of one person at a time, and how deep agents call one another', async () => {
  await register('crowd');
  await budget('crowd', { measure: 'sessions', soft: 2 });
  await budget('crowd', { measure: 'depth', hard: 3 });
  const ask = (session: string | null, more: object = {}) =>
    send({ id: `c-${session}-${Math.random()}`, system: 'crowd', session, subject: 'u-1', output: 'Yes.', ...more });
  await ask('s-1');
  await ask('s-2');
  await ask(null);
  await ask('s-3', { subject: 'u-2' });
  expect(await told('crowd')).toEqual([]);
  await world.advance('11m');
  await ask('s-4');
  await ask('s-5');
  expect(await told('crowd')).toEqual([]);
  await ask('s-6', { depth: 3 });
  expect(await told('crowd')).toEqual([
    'weak: One person had 3 sessions at the same time, more than the soft bound of 2, which is worth a look.',
  ]);
  await ask('s-6', { depth: 4 });
  expect(await told('crowd')).toContain(
    'verified: Agents called one another 4 deep, more than the hard bound of 3, which must not happen.',
  );
});

it('remembers a session through a restart, and forgets it after a day', async () => {
  await register('long');
  await budget('long', { measure: 'answers', soft: 2 });
  const ask = (id: string) => send({ id, system: 'long', session: 'l', output: 'Yes.' });
  await ask('l-1');
  await ask('l-2');
  await world.advance('25h');
  await ask('l-3');
  expect(await told('long')).toEqual([]);
  await ask('l-4');
  await ask('l-5');
  expect(await told('long')).toHaveLength(1);
});

it('tells of a question that hands the model far more than its session does, with tools or without', async () => {
  const ask = (input: number, n: number) =>
    send({ id: `x-${n}`, system: 'unbudgeted', session: 'x', output: 'Yes.', tokens: { input, output: 1 } });
  for (const [n, input] of [900, 1_000, 1_100].entries()) await ask(input, n);
  expect(await told('unbudgeted', 'context-size')).toEqual([]);
  await ask(90_000, 4);
  expect(await told('unbudgeted', 'context-size')).toEqual([
    'weak: The model was handed 90000 tokens, more than 5 times what is usual in this session.',
  ]);
});
