import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { heldAnswers } from '@firebreak/contract/respond/held-answers';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

describe('a call that a person has to agree to', () => {
  let made = 0;
  const pay = async (given: object, over: object = {}, result: string | null = 'paid') => {
    await sender.call(signals.sendInteractions, {
      body: {
        id: `pay-${++made}`,
        system: 'payer',
        session: 's-pay',
        toolCalls: [{ name: 'pay', arguments: JSON.stringify(given), result }],
        ...over,
      },
    } as never);
    await world.settle();
    const { items } = await sender.call(signals.listSignals, { query: { system: 'payer', detector: 'agent-calls' } });
    return items.filter(({ kind }) => kind === 'approval-missing').length;
  };
  it('is told where it was carried out and nobody did, and not where somebody agreed to this very call', async () => {
    await world.ana.client.call(inventory.register, { body: { key: 'payer', name: 'Payer', type: 'agent' } });
    await world.ana.client.call(systemParts.grantTool, {
      params: { system: 'payer' },
      body: { name: 'pay', manifest: { effect: 'pays', approval: true } } as never,
    });
    expect(await pay({ amount: 1 }, {}, null)).toBe(0);
    expect(await pay({ amount: 2 }, { verdict: { action: 'review' } })).toBe(0);
    const app = await world.program('guard');
    const { review } = await app.call(heldAnswers.submit, {
      body: { system: 'payer', instance: 'payer-1', tool: 'pay', arguments: { to: 'x', amount: 3 } },
    });
    await world.ana.client.call(heldAnswers.decide, { params: { held: review }, body: { as: 'approved' } });
    expect(await pay({ amount: 3, to: 'x' })).toBe(0);
    expect(await pay({ amount: 300, to: 'x' })).toBe(1);
    const before = world.now();
    await world.advance('2h');
    // Told late of a call of then, and of one of now.
    expect(await pay({ amount: 3, to: 'x' }, { at: before })).toBe(1);
    expect(await pay({ amount: 3, to: 'x' })).toBe(2);
  });

  it('is looked at again when a witness says what came of it', async () => {
    const one = { responseId: 'chatcmpl-pay' };
    expect(await pay({ amount: 7 }, one, null)).toBe(2);
    expect(await pay({ amount: 7 }, one)).toBe(3);
  });
});

it('tells of a call that was carried out after it had been stopped, and of none before', async () => {
  await world.ana.client.call(inventory.register, { body: { key: 'stopped', name: 'Stopped', type: 'agent' } });
  let n = 0;
  const call = async (name: string, result: string | null = 'done') => {
    await sender.call(signals.sendInteractions, {
      body: {
        id: `stop-${++n}`,
        system: 'stopped',
        session: 's',
        toolCalls: [{ name, arguments: `{"n":${n}}`, result }],
      },
    } as never);
    await world.settle();
    const { items } = await sender.call(signals.listSignals, { query: { system: 'stopped', detector: 'agent-calls' } });
    return items.filter(({ kind }) => kind === 'call-after-stop');
  };
  expect(await call('wire')).toEqual([]);
  const { incident } = await world.ana.client.call(incidents.declare, {
    body: { title: 'it wires money', systems: ['stopped'] },
  });
  await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { system: 'stopped', what: { kind: 'revoke', tools: ['wire'] }, reason: 'stop it' } as never,
  });
  await world.advance('10s');
  expect(await call('look')).toEqual([]);
  expect(await call('wire', null)).toEqual([]);
  expect(await call('wire')).toMatchObject([
    { evidenceClass: 'verified', text: expect.stringMatching(/HLD-\d+ \(revoke wire\)/) },
  ]);
});

it('counts how many calls are usual, and nothing that was made on purpose', async () => {
  const counted = async () =>
    (
      await world.server.deps.db.query<{ n: number }>(
        "select coalesce(sum((data->>'count')::int), 0)::int as n from agent_pace where system = 'agent'",
      )
    ).rows[0]!.n;
  const before = await counted();
  await sender.call(signals.sendInteractions, {
    body: { id: 'drill:x/1', system: 'agent', output: 'Done.', toolCalls: [{ name: 'read_mail' }] },
  } as never);
  await world.settle();
  expect(await counted()).toBe(before);
  await calls('s-5', 'read_mail');
  expect(await counted()).toBeGreaterThan(0);
});

it('forgets a session after a day', async () => {
  const count = async () =>
    (await world.server.deps.db.query<{ n: number }>('select count(*)::int as n from agent_session')).rows[0]!.n;
  expect(await count()).toBeGreaterThan(3);
  await world.advance('25h');
  await world.settle();
  expect(await count()).toBe(0);
});
