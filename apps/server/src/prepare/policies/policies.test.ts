import { inventory } from '@firebreak/contract/prepare/inventory';
import { policies } from '@firebreak/contract/prepare/policies';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MINUTE = 60_000;

describe('policies', () => {
  let world: World;
  let bo: Someone;
  beforeAll(async () => {
    world = await openWorld();
    bo = await world.person('Bo Lind', ['lead']);
    for (const key of ['bot', 'mailer'])
      await world.ana.client.call(inventory.register, {
        body: { key, name: `The ${key}`, features: [], type: 'agent' },
      });
  });
  afterAll(() => world.close());
  const body = (part: object = {}) => ({
    title: 'Nothing is promised in our name',
    statement: 'No AI system makes a promise that no person has approved.',
    owner: world.ana.id as `usr_${string}`,
    because: 'the board asked',
    ...part,
  });
  const stated = async (part: object = {}) =>
    (await world.ana.client.call(policies.state, { body: body(part) })).policy.id;
  const asking = (part: object = {}) => ({
    system: 'bot',
    why: 'the campaign text is not through review yet',
    compensating: 'a person reads every tenth answer',
    until: addMs(world.now(), 30 * MINUTE),
    ...part,
  });
  const asked = async (policy: `pol_${string}`, part: object = {}, who = world.ana) =>
    (await who.client.call(policies.ask, { params: { policy }, body: asking(part) })).exception;

  it('shows what nothing carries out first, and which systems are left out', async () => {
    const { client } = world.ana;
    const mapped = await stated({ title: 'A mapped', references: [{ framework: 'ISO 42001', clause: 'A.2.2' }] });
    const gap = await stated({ title: 'Z not mapped', systems: ['bot'] });
    const { policy } = await client.call(policies.map, {
      params: { policy: mapped },
      body: {
        means: [
          { kind: 'control', system: 'bot', control: 'Stop answers' },
          { kind: 'control', system: 'bot', control: 'Stop answers' },
        ],
      },
    });
    expect(policy).toMatchObject({ uncovered: ['mailer'], uncoveredCount: 1 });
    expect(policy.means).toHaveLength(1);
    const { policies: rows } = await client.call(policies.list, { query: {} });
    expect(rows.map(({ id, uncovered }) => [id, uncovered])).toEqual([
      [gap, ['bot']],
      [mapped, ['mailer']],
    ]);
    const bound = await client.call(policies.list, { query: { system: 'mailer' } });
    expect(bound.policies.map(({ id }) => id)).toEqual([mapped]);
    await client.call(policies.withdraw, { params: { policy: gap }, body: { reason: 'folded into another' } });
    expect((await client.call(policies.list, { query: {} })).policies.map(({ id }) => id)).toEqual([mapped]);
    expect((await client.call(policies.list, { query: { show: 'all' } })).policies).toHaveLength(2);
    await expect(
      client.call(policies.restate, { params: { policy: gap }, body: body({ because: 'x' }) }),
    ).rejects.toMatchObject({ code: 'policy.withdrawn', status: 409 });
  });

  it('takes an exception from asking through another person and a renewal to its end, by itself', async () => {
    const policy = await stated({ title: 'Reviewed before sending' });
    const { id: exception, state } = await asked(policy, { feature: 'policy-answers' });
    expect(state).toBe('asked');
    const params = { policy, exception };
    await expect(world.ana.client.call(policies.approve, { params, body: {} })).rejects.toMatchObject({
      code: 'exception.same-person',
      status: 403,
    });
    await expect(
      bo.client.call(policies.renew, { params, body: { until: addMs(world.now(), 90 * MINUTE), reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'exception.not-approved' });
    const before = world.now();
    await world.advance('1m');
    const approved = await bo.client.call(policies.approve, { params, body: { note: 'until the review is done' } });
    expect(approved.exception).toMatchObject({ state: 'in-force', approved: { by: { id: bo.id } } });
    await world.advance('1m');
    const until = addMs(world.now(), 40 * MINUTE);
    await bo.client.call(policies.renew, { params, body: { until, reason: 'the reviewer is ill' } });
    await world.advance('35m');
    const now = world.now();
    await world.advance('6m');
    const { client } = world.ana;
    const read = await client.call(policies.show, { params: { policy } });
    expect(read.policy.exceptions).toEqual({ asked: 0, inForce: 0, lapsed: 1 });
    // A fact, not only a reading: nobody asked between its end and now.
    expect(read.exceptions).toMatchObject([
      { state: 'lapsed', until, ended: { how: 'lapsed', by: { kind: 'system' } }, renewed: [{ until }] },
    ]);
    const known = async (at: string) =>
      (await client.call(policies.exceptions, { query: { system: 'bot', policy, at } })).exceptions.length;
    expect(await known(before)).toBe(0);
    expect(await known(now)).toBe(1);
    expect(await known(world.now())).toBe(0);
    expect(
      (await client.call(policies.exceptions, { query: { system: 'mailer', policy, at: now } })).exceptions,
    ).toEqual([]);
    await expect(client.call(policies.end, { params, body: { reason: 'x' } })).rejects.toMatchObject({
      code: 'exception.over',
      status: 409,
    });
  });

  it('is approved by no key of whoever asked, and ended by one person', async () => {
    const policy = await stated({ title: 'Kept to the region' });
    const { id: exception } = await asked(policy);
    const params = { policy, exception };
    const program = await world.program('admin');
    await expect(program.call(policies.approve, { params, body: {} })).rejects.toMatchObject({
      code: 'exception.same-person',
    });
    await bo.client.call(policies.approve, { params, body: {} });
    const { exception: ended } = await world.ana.client.call(policies.end, { params, body: { reason: 'fixed' } });
    expect(ended).toMatchObject({ state: 'ended', ended: { reason: 'fixed' } });
    const second = await asked(policy);
    const declined = await bo.client.call(policies.decline, {
      params: { policy, exception: second.id },
      body: { reason: 'not again' },
    });
    expect(declined.exception.state).toBe('declined');
  });

  it('shows one past its end as lapsed before anybody has noticed', async () => {
    const policy = await stated({ title: 'Short' });
    const { id: exception } = await asked(policy, { until: addMs(world.now(), 10_000) });
    await bo.client.call(policies.approve, { params: { policy, exception }, body: {} });
    // Less than the ticker waits between two looks, counted from the last one.
    await world.settle();
    await world.advance('11s');
    const { exceptions, policy: shown } = await world.ana.client.call(policies.show, { params: { policy } });
    expect(exceptions).toMatchObject([{ state: 'lapsed' }]);
    expect(shown.exceptions).toEqual({ asked: 0, inForce: 0, lapsed: 1 });
  });

  it('counts by month, and says nothing about the time before there was a record', async () => {
    const { trend } = await world.ana.client.call(policies.trend, {});
    expect(trend).toHaveLength(12);
    expect(trend[0]).toMatchObject({ opened: null, inForce: null, lapsed: null });
    expect(trend.reduce((sum, { opened }) => sum + (opened ?? 0), 0)).toBe(3);
    expect(trend.reduce((sum, { lapsed }) => sum + (lapsed ?? 0), 0)).toBe(2);
    expect(trend.at(-1)).toMatchObject({ inForce: 0 });
  });

  it('refuses what cannot be', async () => {
    const { client } = world.ana;
    const policy = await stated({ title: 'Binds the bot', systems: ['bot'] });
    const ask = (part: object) => client.call(policies.ask, { params: { policy }, body: asking(part) });
    await expect(ask({ until: addMs(world.now(), 366 * 1_440 * MINUTE) })).rejects.toMatchObject({
      code: 'exception.bad-expiry',
      status: 422,
    });
    await expect(ask({ until: undefined })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(ask({ system: 'mailer' })).rejects.toMatchObject({ code: 'exception.not-bound' });
    await expect(stated({ owner: 'usr_00000000000000000000000000' })).rejects.toMatchObject({
      code: 'person.unknown',
    });
    const nowhere = 'pol_00000000000000000000000000';
    await expect(client.call(policies.show, { params: { policy: nowhere } })).rejects.toMatchObject({
      code: 'policy.unknown',
      status: 404,
    });
    await expect(
      client.call(policies.approve, { params: { policy, exception: 'exc_00000000000000000000000000' }, body: {} }),
    ).rejects.toMatchObject({ code: 'exception.unknown' });
    const viewer = await world.person('Vi Ewer', ['viewer']);
    await expect(viewer.client.call(policies.ask, { params: { policy }, body: asking() })).rejects.toMatchObject({
      code: 'authority.missing',
    });
  });
});
