import { inventory } from '@firebreak/contract/prepare/inventory';
import { capsules } from '@firebreak/contract/respond/capsules';
import { containment } from '@firebreak/contract/respond/containment';
import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let ben: Someone;
let cem: Someone;
const ANSWERS = { kind: 'disable', feature: 'answers' } as const;
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

beforeAll(async () => {
  world = await openWorld();
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  cem = await world.person('Cem Responder', ['responder']);
});
afterAll(() => world.close());

async function made(key: string, what: readonly object[] = [ANSWERS]) {
  await ana.client.call(inventory.register, {
    body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
  const body = { name: 'Stop', what } as never;
  const { capsule, file } = await ana.client.call(capsules.make, { params: { system: key }, body });
  return { key, file, params: { system: key, capsule: capsule.capsule } };
}
const row = async (key: string) => (await cem.client.call(capsules.list, { params: { system: key } })).capsules[0]!;
/** As an instance that polls tells it; it is answered before that is recorded. */
async function report(key: string, capsule: string, instance = 'bot-1') {
  const guard = await world.program('guard');
  await guard.call(guardChannel.ack, { body: { system: key, instance, host: 'a', capsules: [capsule] } });
  const told = await row(key);
  if (told.capsule === capsule)
    await expect
      .poll(async () => (await row(key)).applied.map((each) => each.instance), { timeout: 10_000 })
      .toContain(instance);
  return guard;
}
const snapshot = async (guard: Awaited<ReturnType<typeof report>>, system: string) =>
  JSON.parse((await guard.call(guardChannel.snapshot, { query: { system } })).payload);

describe('a capsule', () => {
  it('is signed as what guards obey is, and comes out the same again', async () => {
    const { key, file, params } = await made('made-bot');
    const { keys } = await cem.client.call(guardChannel.keys, {});
    expect(file.key).toBe(keys[0]?.key);
    expect(JSON.parse(file.payload)).toMatchObject({ schema: 'capsule-1', system: key, holds: [{ what: ANSWERS }] });
    expect(await ben.client.call(capsules.file, { params })).toEqual(file);
    expect(await code(cem.client.call(capsules.file, { params }))).toBe('authority.missing');
    const make = (body: object) => ana.client.call(capsules.make, { params: { system: key }, body: body as never });
    expect(await code(make({ name: 'x', controls: ['ctl_none'] }))).toBe('control.unknown');
    expect(await code(make({ name: 'x', what: [{ kind: 'settings', temperature: 0 }] }))).toBe('capsule.loosens');
    expect(await code(make({ name: 'x' }))).toBe('capsule.loosens');
  });

  it('that an instance obeys is a fact, once for each, and is told to all until somebody answers', async () => {
    const { key, params } = await made('applied-bot');
    expect((await row(key)).state).toBe('ready');
    await report(key, params.capsule);
    await report(key, params.capsule);
    await report(key, params.capsule, 'bot-2');
    await report(key, 'cap_nobody-knows');
    expect(await row(key)).toMatchObject({ state: 'applied', applied: [{ instance: 'bot-1' }, { instance: 'bot-2' }] });
    const { capsules: rows } = await cem.client.call(capsules.applied, {});
    expect(rows.map(({ capsule }) => capsule)).toContain(params.capsule);
  });

  it('is adopted by a responder without asking twice for what holds already; then instances let go of it', async () => {
    const { key, params } = await made('adopted-bot', [{ kind: 'disable' }, ANSWERS]);
    await ana.client.call(decisionRights.set, {
      params: { system: key, of: 'wide' },
      body: { rule: { ...SHIPPED.wide, second: { when: 'before', minutes: 10 } }, reason: 'four eyes' },
    });
    const guard = await report(key, params.capsule);
    const adopt = (incident: string) =>
      cem.client.call(capsules.adopt, { params, body: { incident, reason: 'it lies' } });
    expect(await code(adopt('INC-1999-0001'))).toBe('incident.unknown');
    const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it lies', systems: [key] } });
    expect(await adopt(incident.label)).toMatchObject({ state: 'ended', ended: { incident: incident.id } });
    const { holds } = await cem.client.call(containment.listHolds, { query: { system: key } });
    expect(holds.map(({ says, expiry }) => [says, expiry.mode])).toEqual([
      ['disable answers', 'until-lifted'],
      ['disable the whole system', 'until-lifted'],
    ]);
    expect(await snapshot(guard, key)).toMatchObject({ ended: [params.capsule], holds: [{}, {}] });
    expect(await code(adopt(incident.label))).toBe('capsule.over');
    expect(await code(ben.client.call(capsules.file, { params }))).toBe('capsule.over');
  });

  it('is ended by somebody who could before it was applied, and did not make it', async () => {
    const { key, params } = await made('ended-bot');
    const guard = await report(key, params.capsule);
    await world.advance('1m');
    const end = (by: Someone) => by.client.call(capsules.end, { params, body: { reason: 'over' } });
    const dia = await world.person('Dia Late', ['lead']);
    expect(await code(end(ana))).toBe('capsule.same-person');
    expect(await code(end(cem))).toBe('authority.missing');
    expect(await code(end(dia))).toBe('right.granted-late');
    expect((await end(ben)).state).toBe('ended');
    expect((await snapshot(guard, key)).ended).toEqual([params.capsule]);
    expect(
      await code(ben.client.call(capsules.end, { params: { ...params, capsule: 'cap_x' }, body: { reason: 'r' } })),
    ).toBe('capsule.unknown');
  });
});
