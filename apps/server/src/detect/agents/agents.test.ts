import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
const grant = (name: string, manifest?: object) =>
  world.ana.client.call(systemParts.grantTool, {
    params: { system: 'agent' },
    body: { name, ...(manifest && { manifest }) } as never,
  });
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
  await world.ana.client.call(inventory.register, { body: { key: 'agent', name: 'Agent', type: 'agent' } });
  await grant('refund', { effect: 'pays', limits: [{ argument: 'amount', most: 50 }] });
  await grant('read_mail', { reads: 'untrusted' });
  await grant('find_customer', { reads: 'private' });
  await grant('send_mail', { effect: 'sends' });
});
afterAll(() => world.close());

let n = 0;
async function calls(session: string, name: string, given: object = {}): Promise<void> {
  await sender.call(signals.sendInteractions, {
    body: {
      id: `act-${++n}`,
      system: 'agent',
      session,
      output: 'Done.',
      toolCalls: [{ name, arguments: JSON.stringify(given), result: null }],
    },
  });
  await world.settle();
}
const told = async (kind: string) =>
  (await sender.call(signals.listSignals, { query: { system: 'agent', detector: 'agent-calls' } })).items.filter(
    (it) => it.kind === kind,
  );

it('tells of tools nobody granted and arguments beyond their limit, and verifies it', async () => {
  await calls('s-1', 'refund', { amount: 20 });
  expect(await told('argument-beyond-limit')).toEqual([]);
  await calls('s-1', 'refund', { amount: 2_000 });
  await calls('s-1', 'wire_money', { amount: 1 });
  expect(await told('argument-beyond-limit')).toMatchObject([
    { evidenceClass: 'verified', archetype: 'agentic-misalignment', text: expect.stringContaining('at most 50') },
  ]);
  expect(await told('tool-outside-manifest')).toMatchObject([
    { evidenceClass: 'verified', text: 'The agent called “wire_money”, a tool it was never granted.' },
  ]);
});

it('reads sessions whose names run over lines, two of them at once', async () => {
  const one = (session: string) => ({
    id: `lines-${++n}`,
    system: 'agent',
    session,
    output: 'Done.',
    toolCalls: [{ name: 'read_mail', arguments: '{}', result: null }],
  });
  await sender.call(signals.sendInteractions, { body: ['a', 'a\n1', 'a\n2'].map(one) });
  await world.settle();
  const { rows } = await world.server.deps.db.query<{ session: string }>(
    "delete from agent_session where session like 'a%' returning session",
  );
  expect(rows.map(({ session }) => session).sort()).toEqual(['a', 'a\n1', 'a\n2']);
  expect((await world.ana.client.call(signals.telemetryState, {})).waiting).toBe(0);
});

it('stops nobody else where it cannot look', async () => {
  const { db } = world.server.deps;
  await db.query('alter table agent_session rename to agent_session_away');
  await calls('away', 'wire_money', { amount: 1 }).catch(() => undefined);
  for (let tries = 0; tries < 5; tries++) await world.advance('10s').catch(() => undefined);
  expect((await world.ana.client.call(signals.telemetryState, {})).waiting).toBe(0);
  const beat = async () =>
    (await world.ana.client.call(channels.heartbeats, {})).heartbeats.find(({ key }) => key === 'onlooker watchCalls');
  expect(await beat()).toMatchObject({
    name: 'Reading the calls of agents',
    kind: 'onlooker',
    detector: { result: 'failed', missed: 1, failed: 1, why: expect.stringContaining('agent_session') },
  });
  for (const id of ['away-2', 'away-3']) {
    await calls(id, 'wire_money', { amount: 1 }).catch(() => undefined);
    for (let tries = 0; tries < 3; tries++) await world.advance('10s').catch(() => undefined);
  }
  for (let minute = 0; minute < 5; minute++) await world.advance('1m').catch(() => undefined);
  expect(await beat()).toMatchObject({
    state: 'silent',
    signal: expect.stringMatching(/^sig_/),
    detector: { missed: 3 },
  });
  await db.query('alter table agent_session_away rename to agent_session');
  await calls('back', 'find_customer');
  const { rows } = await db.query("delete from agent_session where session = 'back' returning 1 as one");
  expect(rows).toHaveLength(1);
  await world.advance('11s');
  expect(await beat()).toMatchObject({ state: 'heard', detector: { result: 'nothing', missed: 0 } });
});

it('follows a session over its interactions, also through a restart, and keeps sessions apart', async () => {
  await calls('s-2', 'read_mail');
  await calls('s-3', 'find_customer');
  await calls('s-3', 'send_mail');
  await calls('s-2', 'find_customer');
  expect(await told('untrusted-private-send')).toEqual([]);
  await calls('s-2', 'send_mail');
  await calls('s-2', 'send_mail', { again: true });
  expect(await told('untrusted-private-send')).toMatchObject([{ evidenceClass: 'strong' }]);
  for (let i = 0; i < 5; i++) await calls('s-4', 'read_mail', { folder: 'inbox' });
  expect(await told('call-loop')).toHaveLength(1);
});

it('forgets a session after a day', async () => {
  const count = async () =>
    (await world.server.deps.db.query<{ n: number }>('select count(*)::int as n from agent_session')).rows[0]!.n;
  expect(await count()).toBe(4);
  await world.advance('25h');
  await world.settle();
  expect(await count()).toBe(0);
});
