import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const invented = { harm: 2, reach: 3, data: 0, regulatory: 1, autonomy: 0, control: 3 };

describe('incidents', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('is declared by anybody, with the severity its answers give', async () => {
    const sam = await world.person('Sam Reporter', ['reporter']);
    const { incident } = await sam.client.call(incidents.declare, {
      body: { title: 'Support bot invents a refund policy', axes: invented },
    });
    expect(incident).toMatchObject({
      label: 'INC-2026-0001',
      severity: 2,
      state: 'open',
      rules: ['S2.b', 'S2.f', 'S2.g'],
      declaredBy: { kind: 'person', id: sam.id },
    });
    const { incident: unsure } = await sam.client.call(incidents.declare, { body: { title: 'Something is off' } });
    expect(unsure).toMatchObject({ label: 'INC-2026-0002', severity: 2, provisional: true });
  });

  it('refuses a severity milder than the answers, and lowers only with reason and answers', async () => {
    await expect(
      world.ana.client.call(incidents.declare, {
        body: { title: 'Leak', axes: { ...invented, harm: 4 }, severity: 3 },
      }),
    ).rejects.toMatchObject({ code: 'severity.milder-than-rubric', status: 422 });
    const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'Leak' } });
    const to = (body: object) =>
      world.ana.client.call(incidents.severity, {
        params: { incident: incident.label },
        body: { axes: incident.axes, to: 3, ...body } as never,
      });
    await expect(to({})).rejects.toMatchObject({ code: 'severity.reason-missing' });
    await expect(to({ reason: 'only one user' })).rejects.toMatchObject({ code: 'severity.still-unknown' });
    await expect(
      to({ axes: { ...invented, harm: 1, reach: 1, control: 0 }, reason: 'only one user' }),
    ).resolves.toMatchObject({ incident: { severity: 3 } });
  });

  it('keeps both times of a note, refuses the future, and survives an unknown incident', async () => {
    const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'Bot leaks addresses' } });
    const params = { incident: incident.id };
    await world.advance('10m');
    const { facts } = await world.ana.client.call(warRoom.note, {
      params,
      body: { text: 'Theo saw it first at the desk', occurredAt: '2026-11-20T21:58:00+01:00' },
    });
    expect(facts[0]).toMatchObject({
      type: 'note.written',
      at: '2026-11-20T21:10:00.000Z',
      data: { text: 'Theo saw it first at the desk', occurredAt: '2026-11-20T20:58:00.000Z' },
    });
    await expect(
      world.ana.client.call(warRoom.note, { params, body: { text: 'x', occurredAt: '2027-01-01T00:00:00Z' } }),
    ).rejects.toMatchObject({ code: 'time.in-future' });
    await expect(
      world.ana.client.call(warRoom.note, { params: { incident: 'INC-1999-0001' }, body: { text: 'x' } }),
    ).rejects.toMatchObject({ code: 'incident.unknown', status: 404 });
    const sealed = await world.server.deps.db.query<{ data: { text: unknown } }>(
      "select data from fact where type = 'note.written'",
    );
    expect(sealed.rows[0]!.data.text).toEqual({ $sealed: expect.any(String) });
  });

  it('lets two people take a role and tick a step without losing either', async () => {
    const lee = await world.person('Lee Counsel', ['lead']);
    const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'Two at once' } });
    const params = { incident: incident.id };
    await Promise.all(
      [world.ana, lee].flatMap((who) =>
        Array.from({ length: 5 }, (_, i) =>
          who.client.call(warRoom.note, { params, body: { text: `${who.name} ${i}` } }),
        ),
      ),
    );
    await world.ana.client.call(incidents.takeRole, { params: { ...params, role: 'commander' }, body: {} });
    const { incident: after } = await lee.client.call(incidents.takeRole, {
      params: { ...params, role: 'legal' },
      body: {},
    });
    expect(after.roles).toEqual({ commander: world.ana.id, legal: lee.id });
    const { facts } = await lee.client.call(warRoom.facts, { params, query: {} });
    expect(facts.filter((fact) => fact.type === 'note.written')).toHaveLength(10);
    expect(facts.map((fact) => fact.version)).toEqual(facts.map((_, i) => i + 1));
  });

  it('moves on and back only with a reason, and states when it was contained', async () => {
    const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'To be closed' } });
    const move = (to: 'contained' | 'closed' | 'open', reason: string) =>
      world.ana.client.call(incidents.move, { params: { incident: incident.id }, body: { to, reason } });
    await expect(move('contained', '')).rejects.toMatchObject({ code: 'incident.reason-missing' });
    await expect(move('contained', 'no bad answer for an hour')).resolves.toMatchObject({
      incident: { state: 'contained', times: { contained: { because: 'no bad answer for an hour' } } },
    });
    await move('closed', 'done');
    await expect(
      world.ana.client.call(incidents.severity, { params: { incident: incident.id }, body: { axes: invented, to: 1 } }),
    ).rejects.toMatchObject({ code: 'incident.closed', status: 409 });
  });
});
