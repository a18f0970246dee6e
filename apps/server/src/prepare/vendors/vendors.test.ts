import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('vendors', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    const register = (key: string, vendor = '') =>
      world.ana.client.call(inventory.register, {
        body: { key, name: `The ${key}`, vendor, type: 'generative', features: [] },
      });
    await register('bot', 'northwind models');
    await register('mailer');
    await register('sorter', 'Contoso AI');
    await world.ana.client.call(inventory.deploy, {
      params: { system: 'mailer' },
      body: { versions: { model: 'nw-large-3' } },
    });
    await world.ana.client.call(systemParts.declareDependency, {
      params: { system: 'sorter' },
      body: { direction: 'up', kind: 'system', on: 'bot' },
    });
  });
  afterAll(() => world.close());
  const body = (part: object = {}) => ({
    name: 'Northwind Models',
    aliases: ['azure.ai.northwind'],
    supplies: [{ kind: 'model' as const, name: 'nw-large-3' }],
    owner: world.ana.id as `usr_${string}`,
    statusPage: 'https://status.northwind.example',
    ...part,
  });
  const contact = {
    name: 'Mira Okafor, duty desk',
    how: 'phone' as const,
    address: '+49 30 1234567',
    hours: '24/7',
    answerMinutes: 30,
    contract: 'MSA 2026, 8.2',
  };

  it('are found by any of their names, with who depends on them and what would fail', async () => {
    const { client } = world.ana;
    expect((await client.call(vendors.list, { query: {} })).unrecorded).toEqual([
      { name: 'northwind models', systems: ['bot'] },
      { name: 'Contoso AI', systems: ['sorter'] },
    ]);
    const { vendor } = await client.call(vendors.register, { body: body() });
    expect(vendor.dependants).toEqual([
      { system: 'bot', name: 'The bot', because: { kind: 'named' } },
      { system: 'mailer', name: 'The mailer', because: { kind: 'model', model: 'nw-large-3' } },
      { system: 'sorter', name: 'The sorter', because: { kind: 'through', system: 'bot' } },
    ]);
    expect(vendor.gaps.filter(({ kind }) => kind !== 'unanswered')).toEqual([
      { kind: 'no-contact' },
      ...['detection', 'logging', 'containment', 'notification', 'investigation', 'user-communication'].map((duty) => ({
        kind: 'duty',
        duty,
        why: 'unsaid',
      })),
    ]);
    for (const named of [vendor.id, 'NORTHWIND models', 'Azure AI Northwind'])
      expect((await client.call(vendors.show, { params: { vendor: named } })).vendor.id).toBe(vendor.id);
    expect((await client.call(vendors.list, { query: {} })).unrecorded).toEqual([
      { name: 'Contoso AI', systems: ['sorter'] },
    ]);
  });

  it('have a path to call, in order, which the log holds as a digest and no list shows', async () => {
    const { client } = world.ana;
    const { vendor } = await client.call(vendors.show, { params: { vendor: 'northwind-models' } });
    const second = { ...contact, name: 'Portal', how: 'portal' as const, address: 'https://help.example' };
    const params = { vendor: vendor.id };
    const set = await client.call(vendors.setEscalation, { params, body: { contacts: [contact, second] } });
    expect(set.vendor.contacts).toEqual([contact, second]);
    expect(set.vendor.gaps.some(({ kind }) => kind === 'no-contact')).toBe(false);
    const { rows } = await world.server.deps.db.query<{ data: object }>(
      "select data from fact where type = 'escalation.set'",
    );
    expect(rows[0]!.data).toEqual({ contacts: { $sealed: expect.any(String) } });
    const board = await world.server.deps.db.query<{ row: string }>('select v::text as row from vendor_board v');
    expect(JSON.stringify(board.rows)).not.toContain('Okafor');
    const listed = await client.call(vendors.list, { query: {} });
    expect(listed.vendors[0]).toMatchObject({ contactCount: 2 });
    expect(listed.vendors[0]!.gaps).toEqual(set.vendor.gaps);
    expect(JSON.stringify(listed)).not.toContain('Okafor');
  });

  it('are asked what an incident taught, and shown who does nothing', async () => {
    const { client } = world.ana;
    const { vendor } = await client.call(vendors.show, { params: { vendor: 'northwind models' } });
    const params = { vendor: vendor.id };
    const { questions } = await client.call(vendors.addQuestion, {
      body: { text: 'Do you pin versions?', why: 'a model changed overnight', incident: 'INC-2026-0001' },
    });
    const added = questions.at(-1)!;
    expect(added).toMatchObject({ incident: 'INC-2026-0001', addedAt: world.now() });
    await expect(
      client.call(vendors.addQuestion, { body: { text: ' do you pin versions? ', why: 'again' } }),
    ).rejects.toMatchObject({ code: 'vendor.question-there', status: 409 });
    const good = { question: added.id, enough: 'no' as const, text: 'only on request', answeredOn: '2026-11-20' };
    const answered = await client.call(vendors.answerQuestion, { params, body: good });
    expect(answered.vendor.gaps).toContainEqual({ kind: 'not-enough', question: added.id });
    expect(answered.vendor.questions.at(-1)).toMatchObject({ answer: { text: 'only on request', enough: 'no' } });
    const { vendor: matrix } = await client.call(vendors.setResponsibilities, {
      params,
      body: {
        responsibilities: [
          { duty: 'logging', who: 'nobody', note: 'not in the contract' },
          { duty: 'detection', who: 'us' },
        ],
      },
    });
    expect(matrix.gaps).toContainEqual({ kind: 'duty', duty: 'logging', why: 'nobody' });
    expect(matrix.gaps.some(({ duty }) => duty === 'detection')).toBe(false);
    const dropped = await client.call(vendors.dropQuestion, {
      params: { question: added.id },
      body: { reason: 'every vendor pins by now' },
    });
    expect(dropped.questions.some(({ id }) => id === added.id)).toBe(false);
    await expect(client.call(vendors.answerQuestion, { params, body: good })).rejects.toMatchObject({
      code: 'vendor.unknown-question',
    });
    await expect(
      client.call(vendors.answerQuestion, {
        params,
        body: { ...good, question: 'region', reviewBy: '2026-11-20' },
      }),
    ).rejects.toMatchObject({ code: 'vendor.bad-review' });
    await expect(
      client.call(vendors.answerQuestion, { params, body: { ...good, question: 'region', answeredOn: '2027-01-01' } }),
    ).rejects.toMatchObject({ code: 'time.in-future' });
  });

  it('share no name, and give it back when retired', async () => {
    const { client } = world.ana;
    const again = () => client.call(vendors.register, { body: body({ name: 'Other', aliases: ['northwind_models'] }) });
    await expect(again()).rejects.toMatchObject({ code: 'vendor.name-taken', status: 409 });
    const { vendor } = await client.call(vendors.show, { params: { vendor: 'Northwind Models' } });
    const params = { vendor: vendor.id };
    await client.call(vendors.describe, { params, body: body({ note: 'one more word' }) });
    await client.call(vendors.retire, { params, body: { reason: 'moved away' } });
    await expect(client.call(vendors.describe, { params, body: body() })).rejects.toMatchObject({
      code: 'vendor.retired',
      status: 409,
    });
    const { vendor: other } = await again();
    expect((await client.call(vendors.show, { params: { vendor: 'northwind models' } })).vendor.id).toBe(other.id);
    expect((await client.call(vendors.list, { query: {} })).vendors.map(({ name }) => name)).toEqual(['Other']);
    expect((await client.call(vendors.list, { query: { show: 'all' } })).vendors).toHaveLength(2);
  });

  it('refuse what cannot be', async () => {
    const { client } = world.ana;
    await expect(client.call(vendors.show, { params: { vendor: 'nobody' } })).rejects.toMatchObject({
      code: 'vendor.unknown',
      status: 404,
    });
    await expect(
      client.call(vendors.register, { body: body({ name: 'New', aliases: [], owner: 'usr_000000000000' }) }),
    ).rejects.toMatchObject({ code: 'person.unknown' });
    await expect(
      client.call(vendors.register, { body: body({ name: 'New', statusPage: 'javascript:alert(1)' }) }),
    ).rejects.toMatchObject({ code: 'request.invalid' });
    for (let i = 0; i < 191; i++)
      await client.call(vendors.addQuestion, { body: { text: `Question ${i}?`, why: 'to fill the list' } });
    await expect(
      client.call(vendors.addQuestion, { body: { text: 'One more?', why: 'too many' } }),
    ).rejects.toMatchObject({ code: 'vendor.too-many-questions' });
  });
});
