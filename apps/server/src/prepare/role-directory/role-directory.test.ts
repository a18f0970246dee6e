import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the role directory', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('names who holds a role and who steps in, and shows what is missing', async () => {
    const { ana } = world;
    const bo = await world.person('Bo Lead', ['lead']);
    const before = await ana.client.call(roleDirectory.show, {});
    expect(before.gaps).toHaveLength(9);
    const after = await bo.client.call(roleDirectory.seat, {
      params: { role: 'commander' },
      body: { primary: ana.id as `usr_${string}`, secondary: bo.id as `usr_${string}` },
    });
    expect(after.roles[0]).toEqual({
      role: 'commander',
      primary: { id: ana.id, name: ana.name },
      secondary: { id: bo.id, name: 'Bo Lead' },
    });
    expect(after.gaps).toHaveLength(8);
    expect(after.rights.find((it) => it.right === 'speak-publicly')!.roles).toEqual(['communications-lead']);
    const granted = await ana.client.call(roleDirectory.grant, {
      params: { right: 'speak-publicly' },
      body: { roles: ['executive-sponsor', 'communications-lead'] },
    });
    expect(granted.rights[0]!.roles).toEqual(['communications-lead', 'executive-sponsor']);
  });

  it('refuses strangers, one person twice, a second without a first, and a decision nobody may make', async () => {
    const { ana } = world;
    const me = ana.id as `usr_${string}`;
    const seat = (primary: `usr_${string}` | null, secondary: `usr_${string}` | null) =>
      ana.client.call(roleDirectory.seat, { params: { role: 'legal' }, body: { primary, secondary } });
    await expect(seat('usr_00000000000000000000000000', null)).rejects.toMatchObject({ code: 'person.unknown' });
    await expect(seat(me, me)).rejects.toMatchObject({ code: 'role.same-person-twice', status: 422 });
    await expect(seat(null, me)).rejects.toMatchObject({ code: 'role.no-primary', status: 422 });
    await expect(
      ana.client.call(roleDirectory.grant, { params: { right: 'contain' }, body: { roles: [] } }),
    ).rejects.toMatchObject({ code: 'role.right-without-role', status: 422 });
    const rae = await world.person('Rae Responder', ['responder']);
    await expect(
      rae.client.call(roleDirectory.seat, { params: { role: 'legal' }, body: { primary: me } }),
    ).rejects.toMatchObject({ code: 'authority.missing' });
  });
});
