import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { evidence } from '@firebreak/contract/prove/evidence';
import { actionAudit } from '@firebreak/contract/respond/action-audit';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { toolPermissions } from '@firebreak/contract/respond/tool-permissions';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let sender: Awaited<ReturnType<World['program']>>;
let params: { incident: `inc_${string}` };

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );
const grant = (name: string, manifest?: object) =>
  ana.client.call(systemParts.grantTool, {
    params: { system: 'clerk-bot' },
    body: { name, ...(manifest && { manifest }) } as never,
  });

beforeAll(async () => {
  world = await openWorld();
  ana = world.ana;
  sender = await world.program('telemetry:write', 'guard');
  await ana.client.call(inventory.register, { body: { key: 'clerk-bot', name: 'Clerk', type: 'agent' } });
  const undo = { tool: 'cancel_refund', arguments: { id: 'result.structuredContent.id' }, instruction: 'Tell them.' };
  await grant('refund', { effect: 'pays', limits: [{ argument: 'amount', most: 50 }], undo });
  await grant('find_order', { effect: 'reads' });
  await grant('send_mail', { effect: 'sends', reversible: 'no' });
  await world.advance('1m');
});
afterAll(() => world.close());

let n = 0;
const made = (name: string, over: object = {}, call: object = {}) =>
  sender.call(signals.sendInteractions, {
    body: {
      id: `call-${++n}`,
      system: 'clerk-bot',
      agent: 'clerk',
      provider: 'mcp:desk',
      source: 'gateway',
      verdict: { action: 'allow' },
      toolCalls: [{ name, arguments: '{}', result: '{"structuredContent":{"id":"rf_1"}}', ...call }],
      ...over,
    },
  } as never);
const list = (query: object = {}) => ana.client.call(actionAudit.list, { params, query } as never);

describe('the audit of what agents did', () => {
  it('is made by itself after a revocation: in or out of permission, and how each is undone', async () => {
    await made('refund', {}, { arguments: '{"amount":20}' });
    await made('refund', {}, { arguments: '{"amount":900}' });
    await made('send_mail');
    await made('find_order');
    await made('wipe', { verdict: { action: 'deny' }, error: 'not permitted (not-granted): no' }, { result: null });
    await made('refund', { verdict: { action: 'deny' }, error: 'revoked while it ran; …' }, { result: null });
    await world.settle();
    const { incident } = await ana.client.call(incidents.declare, {
      body: { title: 'it was hijacked', systems: ['clerk-bot'] },
    });
    params = { incident: incident.id };
    expect(await list()).toMatchObject({ looked: null, actions: [] });
    await ana.client.call(containment.order, {
      params,
      body: { system: 'clerk-bot', what: { kind: 'revoke', agent: 'clerk' }, reason: 'hijacked' } as never,
    });
    await world.advance('10s');
    await world.settle();
    const { counts, actions, looked } = await list();
    expect(looked).toMatchObject({ more: false });
    expect(counts).toMatchObject({
      calls: 6,
      executed: 4,
      refused: 1,
      uncertain: 1,
      outside: 2,
      reversible: 3,
      irreversible: 1,
      unknown: 0,
      open: 4,
    });
    expect(
      actions.map(({ tool, outcome, permission, rule, reversal }) => [tool, outcome, permission, rule, reversal]),
    ).toEqual([
      ['refund', 'executed', 'inside', null, 'reversible'],
      ['refund', 'executed', 'outside', 'argument-beyond-limit', 'reversible'],
      ['send_mail', 'executed', 'inside', null, 'irreversible'],
      ['find_order', 'executed', 'inside', null, 'nothing'],
      ['wipe', 'refused', 'outside', 'not-granted', 'unknown'],
      ['refund', 'uncertain', 'inside', null, 'reversible'],
    ]);
    expect(actions[0]).toMatchObject({
      agent: 'clerk',
      server: 'desk',
      undo: { tool: 'cancel_refund', arguments: { id: 'rf_1' }, missing: [], instruction: 'Tell them.' },
    });
    expect(actions[5]!.undo).toMatchObject({ missing: ['id'] });
  });

  it('is answered for, call by call, by people, and says who is left', async () => {
    const { actions } = await list({ show: 'open' });
    const settle = (calls: string[], as: string, note = 'looked at it') =>
      ana.client.call(actionAudit.settle, { params, body: { calls, as, note } as never });
    expect(await code(settle(['int_none/0'], 'undone'))).toBe('action.unknown');
    const [wiped] = (await list({ show: 'refused' })).actions;
    expect(await code(settle([wiped!.call], 'undone'))).toBe('action.not-made');
    expect((await settle([actions[0]!.call, actions[1]!.call], 'undone', 'cancelled')).counts).toMatchObject({
      undone: 2,
      open: 2,
    });
    expect((await settle([actions[2]!.call], 'cannot-be-undone')).counts).toMatchObject({ open: 1, cannotBeUndone: 1 });
    expect((await settle([actions[1]!.call], 'accepted')).counts).toMatchObject({ undone: 1, accepted: 1, open: 1 });
    expect((await list({ show: 'open' })).actions.map(({ call }) => call)).toEqual([actions[3]!.call]);
    expect((await list()).actions[0]).toMatchObject({
      settled: { as: 'undone', note: 'cancelled', by: { id: ana.id } },
    });
    const viewer = await world.person('Vera Viewer', ['viewer']);
    expect(
      await code(
        viewer.client.call(actionAudit.settle, {
          params,
          body: { calls: [actions[3]!.call], as: 'undone', note: 'x' },
        }),
      ),
    ).toBe('authority.missing');
  });

  it('holds a call against what was granted when it was made, and looking twice records nothing', async () => {
    await ana.client.call(systemParts.withdrawTool, { params: { system: 'clerk-bot' }, body: { name: 'send_mail' } });
    await world.advance('1m');
    await made('send_mail');
    await world.settle();
    const facts = async () =>
      (await world.server.deps.db.query<{ n: number }>('select count(*)::int as n from fact')).rows[0]!.n;
    const looked = await ana.client.call(actionAudit.look, { params, body: {} });
    expect(looked.counts).toMatchObject({ calls: 7, outside: 3 });
    expect((await list({ show: 'outside' })).actions.map(({ tool }) => tool)).toEqual(['refund', 'wipe', 'send_mail']);
    const before = await facts();
    await ana.client.call(actionAudit.look, { params, body: {} });
    expect(await facts()).toBe(before);
    const future = { since: '2040-01-01T00:00:00Z' };
    expect(await code(ana.client.call(actionAudit.look, { params, body: future }))).toBe('time.in-future');
    expect(await code(ana.client.call(actionAudit.list, { params: { incident: 'INC-0000-999' } } as never))).toBe(
      'incident.unknown',
    );
  });

  it('is read in pages, each call once', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 2, ...(after !== undefined && { after }) });
      seen.push(...page.actions.map(({ call }) => call));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it('is a part of the evidence of the incident, and its arguments are values that can be erased', async () => {
    const facts = await world.server.deps.db.query<{ type: string; stream: string; data: Record<string, unknown> }>(
      "select type, stream, data from fact where type like 'action%' order by seq",
    );
    expect(new Set(facts.rows.map(({ type }) => type))).toEqual(
      new Set(['actions.found', 'actions.looked', 'action.settled']),
    );
    const found = facts.rows.find(({ type }) => type === 'actions.found')!;
    expect(JSON.stringify(found.data)).not.toContain('900');
    const response = await world.send('GET', evidence.bundlePath(params.incident), { headers: { cookie: ana.cookie } });
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const held = strFromU8(files['facts.jsonl']!);
    expect(held).toContain('actions.found');
    expect(held).toContain('action.settled');
  });
});

describe('what was granted, for those who enforce it', () => {
  it('is signed, has an ETag, and is of no system that is not registered', async () => {
    const signed = await sender.call(toolPermissions.state, { query: { system: 'clerk-bot' } });
    const state = JSON.parse(signed.payload);
    expect(Object.keys(state.permissions)).toEqual(['clerk-bot']);
    expect(state.permissions['clerk-bot'].map(({ name }: { name: string }) => name).sort()).toEqual([
      'find_order',
      'refund',
    ]);
    const { keys } = await sender.call(guardChannel.keys, {});
    expect(keys.map(({ key }) => key)).toContain(signed.key);
    await grant('send_mail', { effect: 'sends' });
    const later = JSON.parse((await sender.call(toolPermissions.state, { query: { system: '*' } })).payload);
    expect(later.epoch).toBeGreaterThan(state.epoch);
    expect(later.permissions['clerk-bot']).toHaveLength(3);
    expect(await code(sender.call(toolPermissions.state, { query: { system: 'nobody' } }))).toBe(
      'guard.unknown-system',
    );
    expect(await code(ana.client.call(toolPermissions.state, { query: { system: '*' } }).then(() => undefined))).toBe(
      'nothing was refused',
    );
  });

  it('refuses limits that nobody could keep', async () => {
    const limits = [{ argument: 'order', pattern: '(?=x)y' }];
    expect(await code(grant('refund', { limits }))).toBe('tool.bad-limit');
  });
});
