import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { breakGlass } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let ben: Someone;
let cem: Someone;
let dia: Someone;
let pager: Server;
const paged: { type: string; data: Record<string, unknown> }[] = [];

const ANSWERS = { kind: 'disable', feature: 'answers' } as const;
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

beforeAll(async () => {
  pager = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      paged.push(JSON.parse(String(Buffer.concat(parts))));
      response.end();
    });
  });
  await new Promise<void>((done) => pager.listen(0, '127.0.0.1', done));
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  cem = await world.person('Cem Lead', ['lead']);
  dia = await world.person('Dia Lead', ['lead']);
  await ana.client.call(roleDirectory.seat, {
    params: { role: 'commander' },
    body: { primary: ben.id as never, secondary: null },
  });
});
afterAll(async () => {
  await world.close();
  await new Promise((done) => pager.close(done));
});

async function held(key: string) {
  await ana.client.call(inventory.register, {
    body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it lies', systems: [key] } });
  const { hold } = await ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { system: key, what: ANSWERS, reason: 'lies' },
  });
  return { key, params: { incident: incident.id, hold } };
}
type At = Awaited<ReturnType<typeof held>>['params'];
const breakIt = (by: Pick<Someone, 'client'>, params: At) =>
  by.client.call(breakGlass.break, { params, body: { reason: 'patients wait for answers' } });
const agree = (
  by: Someone,
  glass: { incident: `inc_${string}`; glass: `gls_${string}`; change: string },
  change = glass.change,
) => by.client.call(breakGlass.approve, { params: glass, body: { change } });
const fresh = (by: Someone) => by.client.call(people.confirm, { body: { password: by.password } });
const holdRow = (hold: `hld_${string}`) => ana.client.call(containment.showHold, { params: { hold } });
const types = async (incident: string) =>
  (await ana.client.call(warRoom.facts, { params: { incident }, query: {} })).facts.map(({ type }) => type);

describe('breaking the glass', () => {
  it('lets everybody go as guards see it, pages all, and the hold comes back after an hour as a fact by Firebreak', async () => {
    const body = {
      name: 'pager',
      url: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/`,
      events: ['candidate.paged'],
    };
    await ana.client.call(links.subscribe, { body } as never);
    const { key, params } = await held('urgent-bot');
    await world.advance('6m');
    expect(await code(breakIt(ben, params))).toBe('session.stale');
    await fresh(ben);
    const glass = await breakIt(ben, params);
    expect(glass).toMatchObject({ state: 'open', needed: 2, approved: [], overdue: false, says: 'disable answers' });
    expect(Date.parse(glass.until) - Date.parse(glass.brokenAt)).toBe(3_600_000);
    expect(await holdRow(params.hold)).toMatchObject({
      state: 'active',
      glass: glass.glass,
      release: { percent: 100 },
    });
    const guard = await world.program('guard');
    const signed = async () =>
      JSON.parse((await guard.call(guardChannel.snapshot, { query: { system: key } })).payload).holds[0].release;
    expect(await signed()).toMatchObject({ percent: 100 });
    expect(await code(breakIt(ben, params))).toBe('glass.open');

    await world.settle();
    // That nobody obeyed the order, as no guard runs here, was told before.
    expect(paged.filter(({ type }) => type !== 'containment.unproven')).toMatchObject([
      { type: 'glass.broken', data: { system: key, hold: expect.stringMatching(/^HLD-/), reason: glass.reason } },
    ]);
    const { glasses } = await cem.client.call(breakGlass.list, { query: {} });
    expect(glasses).toMatchObject([{ glass: glass.glass, paged: { to: [{ name: 'pager' }] } }]);

    await world.advance('59m');
    expect((await holdRow(params.hold)).glass).toBe(glass.glass);
    await world.advance('1m');
    expect(await holdRow(params.hold)).toMatchObject({ state: 'active', glass: null, release: { percent: 0 } });
    expect(await signed()).toMatchObject({ percent: 0 });
    const { facts } = await ana.client.call(warRoom.facts, { params, query: {} });
    const ended = facts.find(({ type }) => type === 'glass.ended');
    expect(ended).toMatchObject({ by: { kind: 'system', id: 'break-glass' }, data: { early: false } });
    expect((await types(params.incident)).filter((type) => type.startsWith('glass.'))).toEqual([
      'glass.broken',
      'glass.paged',
      'glass.ended',
    ]);
  });

  it('is for who is named, from before the incident, signed in', async () => {
    const { params } = await held('named-bot');
    await fresh(cem);
    expect(await code(breakIt(cem, params))).toBe('right.missing');
    await world.advance('1m');
    await ana.client.call(roleDirectory.seat, {
      params: { role: 'executive-sponsor' },
      body: { primary: cem.id as never, secondary: null },
    });
    expect(await code(breakIt(cem, params))).toBe('right.granted-late');
    expect(await code(breakIt({ client: await world.program('admin') }, params))).toBe('session.stale');
    expect(await code(breakIt({ client: await world.program('respond') }, params))).toBe('authority.missing');
  });

  it('ends before its time by whoever may restrict, and says who was not told', async () => {
    const { params } = await held('ended-bot');
    await fresh(ben);
    const glass = await breakIt(ben, params);
    const end = (by: Someone) =>
      by.client.call(breakGlass.end, { params: { ...params, glass: glass.glass }, body: { reason: 'it lies again' } });
    expect(await end(dia)).toMatchObject({ state: 'ended', ended: { early: true } });
    expect(await code(end(dia))).toBe('glass.over');
    expect((await holdRow(params.hold)).release?.percent).toBe(0);
  });

  it('is no way to go on for ever', async () => {
    const { params } = await held('often-bot');
    for (let count = 0; count < 50; count += 1) {
      await fresh(ben).catch(() => undefined);
      const glass = await breakIt(ben, params);
      await ben.client.call(breakGlass.end, { params: { ...params, glass: glass.glass }, body: { reason: 'r' } });
      if (count % 8 === 7) await world.advance('61s');
    }
    expect(await code(breakIt(ben, params))).toBe('glass.too-many');
  });

  it('waits for two others, is overdue after a day, and is agreed to late as well', async () => {
    const { params } = await held('unagreed-bot');
    await fresh(ben);
    const glass = await breakIt(ben, params);
    expect(await code(agree(ben, glass))).toBe('glass.same-person');
    expect(await code(agree(cem, glass, 'sha256:something-else'))).toBe('glass.changed');
    expect(await code(agree(cem, { ...glass, glass: 'gls_none' }))).toBe('glass.unknown');
    expect((await agree(cem, glass)).approved).toHaveLength(1);
    expect(await code(agree(cem, glass))).toBe('glass.same-person');
    const waiting = async (by: Someone) =>
      (await by.client.call(breakGlass.waiting, { query: { incident: params.incident } })).items;
    expect(await waiting(dia)).toMatchObject([
      { kind: 'break-glass', id: glass.glass, given: 1, needed: 2, overdue: false, blocked: null },
    ]);
    expect(await waiting(cem)).toMatchObject([{ blocked: expect.any(String) }]);
    // A day later nobody's session lasts; Ana's key acts for her.
    const late = { ...ana, client: await world.program('admin') };
    await world.advance('24h');
    expect(await waiting(late)).toMatchObject([{ overdue: true, given: 1 }]);
    expect((await agree(late, glass)).approved).toHaveLength(2);
    expect(await waiting(late)).toEqual([]);
    const { facts } = await late.client.call(warRoom.facts, { params, query: {} });
    expect(facts.filter(({ type }) => type === 'glass.overdue')).toHaveLength(1);
  });
});
