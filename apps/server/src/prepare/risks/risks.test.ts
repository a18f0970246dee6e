import { risks } from '@firebreak/contract/prepare/risks';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the risk register', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const body = (part: object = {}) => ({
    title: 'Invents rules',
    owner: world.ana.id as `usr_${string}`,
    inherent: { likelihood: 4, impact: 4 },
    because: 'INC-2026-0001',
    ...part,
  });

  it('keeps risks gravest first by what is left, with every reason', async () => {
    const { client } = world.ana;
    const { risk } = await client.call(risks.register, { body: body({ systems: ['support-bot'] }) });
    await client.call(risks.register, { body: body({ title: 'Leaks', inherent: { likelihood: 3, impact: 3 } }) });
    const listed = async (query: object = {}) => (await client.call(risks.list, { query })).risks.map((it) => it.title);
    expect(await listed()).toEqual(['Invents rules', 'Leaks']);
    const { risk: treated } = await client.call(risks.describe, {
      params: { risk: risk.id },
      body: body({
        systems: ['support-bot'],
        treatment: 'reduce',
        residual: { likelihood: 1, impact: 4 },
        reviewBy: '2026-01-01',
        because: 'grounding check is in place',
      }),
    });
    expect(treated).toMatchObject({
      overdue: true,
      because: [{ text: 'INC-2026-0001' }, { text: 'grounding check is in place' }],
    });
    expect(await listed()).toEqual(['Leaks', 'Invents rules']);
    expect(await listed({ system: 'support-bot' })).toEqual(['Invents rules']);
    await client.call(risks.close, { params: { risk: risk.id }, body: { reason: 'the bot is retired' } });
    expect(await listed()).toEqual(['Leaks']);
    expect(await listed({ show: 'all' })).toEqual(['Leaks', 'Invents rules']);
    await expect(client.call(risks.describe, { params: { risk: risk.id }, body: body() })).rejects.toMatchObject({
      code: 'risk.closed',
      status: 409,
    });
  });

  it('refuses what cannot be', async () => {
    const { client } = world.ana;
    const wrong = (part: object) => client.call(risks.register, { body: body(part) });
    await expect(wrong({ residual: { likelihood: 5, impact: 1 } })).rejects.toMatchObject({
      code: 'risk.residual-worse',
    });
    await expect(wrong({ treatment: 'accept' })).rejects.toMatchObject({ code: 'risk.acceptance-open-ended' });
    await expect(wrong({ owner: 'usr_00000000000000000000000000' })).rejects.toMatchObject({ code: 'person.unknown' });
    await expect(
      client.call(risks.close, { params: { risk: 'rsk_00000000000000000000000000' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'risk.unknown', status: 404 });
  });
});
