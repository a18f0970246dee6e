import { archetypes } from '@firebreak/contract/detect/archetypes';
import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { similar } from '@firebreak/contract/detect/similar';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard } from '@firebreak/guard';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const HEAD =
  '_id,incident_id,date,reports,Alleged deployer of AI system,Alleged developer of AI system,Alleged harmed or nearly harmed parties,description,title';
const row = (id: number, title: string, description: string) =>
  `x,${id},2025-03-04,[1],"[""acme""]","[""acme""]","[""customers""]","${description}","${title}"`;
const SNAPSHOT = [
  HEAD,
  row(
    901,
    'Shop assistant invents a return policy',
    'The bot told customers of a refund rule that nobody had written.',
  ),
  row(902, 'Delivery robot blocks a tram', 'The robot stood on the rails for an hour.'),
  'x,not-a-number,2025-03-04,[1],[],[],[],d,t',
  row(903, 'Voice clone used to defraud a family', 'Criminals imitated a relative by telephone.'),
].join('\n');

describe('similar incidents', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const find = (query: { text?: string; incident?: string; candidate?: `cnd_${string}` }) =>
    world.ana.client.call(similar.findSimilar, { query: { ...query, limit: '5' } as never });

  it('takes a snapshot, names the bad row, keeps the rest, and takes nothing twice', async () => {
    const take = (text: string) => world.ana.client.call(similar.importCorpus, { body: { text } });
    await expect(take(SNAPSHOT)).resolves.toEqual({
      taken: 3,
      unchanged: 0,
      bad: [{ line: 4, why: 'incident_id “not-a-number” is no number' }],
      badRows: 1,
      public: 3,
    });
    await expect(take(SNAPSHOT)).resolves.toMatchObject({ taken: 0, unchanged: 3, public: 3 });
    await expect(take(SNAPSHOT.replace('blocks a tram', 'stops a tram'))).resolves.toMatchObject({ taken: 1 });
    await expect(take('a,b\n1,2')).rejects.toMatchObject({ code: 'corpus.unreadable', status: 422 });
    const many = [HEAD, ...Array.from({ length: 20_000 }, (_, n) => `x,${n + 1_000},,,,,,,t`)].join('\n');
    await expect(take(many)).rejects.toMatchObject({ code: 'corpus.too-large', status: 422 });
    const rae = await world.person('Rae Responder', ['responder']);
    await expect(rae.client.call(similar.importCorpus, { body: { text: SNAPSHOT } })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    const { rows } = await world.server.deps.db.query<{ data: { reports: unknown } }>(
      "select data from fact where type = 'corpus.imported'",
    );
    expect(rows[0]!.data.reports).toEqual({ $sealed: expect.any(String) });
  });

  it('finds public ones by a text, with the words they share', async () => {
    const { items, among } = await find({ text: 'Assistant invents refund rules for customers' });
    expect(items[0]).toMatchObject({
      origin: 'public',
      id: 'aiid:901',
      date: '2025-03-04',
      link: 'https://incidentdatabase.ai/cite/901',
      sameArchetype: true,
      shared: expect.arrayContaining(['refund', 'invents']),
    });
    expect(among.public).toBe(3);
    expect((await find({ text: 'a parking garage in Lisbon' })).items).toEqual([]);
  });

  it('finds an own one with what came of it, follows its facts, and never names an incident as like itself', async () => {
    const declare = (title: string, more: object = {}) =>
      world.ana.client.call(incidents.declare, { body: { title, ...more } });
    const { incident: past } = await declare('Bot invents a bereavement fare rule', {
      summary: 'It promised refunds after the flight.',
    });
    const { incident: drill } = await declare('Bot invents a bereavement fare rule, exercise', { drill: true });
    expect((await find({ incident: drill.id })).items[0]).toMatchObject({ id: past.id });
    const { incident: now } = await declare('Assistant promises bereavement refunds nobody grants');
    await expect(find({ incident: now.label })).resolves.toMatchObject({
      items: [{ origin: 'own', id: past.id, label: past.label, state: 'open', outcome: null }, { id: 'aiid:901' }],
      among: { own: 2 },
    });
    await world.ana.client.call(incidents.move, {
      params: { incident: past.id },
      body: { to: 'resolved', reason: 'the answer now quotes the fare table' },
    });
    await world.ana.client.call(incidents.retitle, {
      params: { incident: past.id },
      body: { title: 'Bot invents a bereavement refund for flights' },
    });
    const [first] = (await find({ incident: now.id })).items;
    expect(first).toMatchObject({
      id: past.id,
      title: 'Bot invents a bereavement refund for flights',
      state: 'resolved',
      outcome: 'resolved: the answer now quotes the fare table',
    });
    await expect(find({ incident: 'INC-1999-0001' })).rejects.toMatchObject({ code: 'incident.unknown' });
    await expect(find({ text: 'both', incident: now.id })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('suggests an archetype for a text, an incident and a candidate, where detectors go first', async () => {
    const suggest = (query: object) => world.ana.client.call(archetypes.suggestArchetype, { query: query as never });
    const { suggestion } = await suggest({ text: 'The coding agent deleted our database without approval' });
    expect(suggestion).toMatchObject({ verdict: 'named', archetype: 'agentic-misalignment' });
    expect(suggestion.because.map(({ word }) => word)).toContain('agent');
    const program = await world.program('telemetry:write', 'signals:write', 'read');
    await program.call(signals.sendInteractions, {
      body: {
        id: 'i-1',
        system: 'shop',
        feature: 'answers',
        input: 'May I return it?',
        output: 'Returns are limited to 3 days after purchase.',
        retrieved: [{ id: 'r', title: 'Returns', text: 'You can return goods for 30 days after purchase.' }],
      },
    });
    await world.settle();
    const [candidate] = (await program.call(candidates.listCandidates, { query: { system: 'shop' } })).items;
    await expect(suggest({ candidate: candidate!.id })).resolves.toMatchObject({ found: 'misinformation-cascade' });
    await expect(find({ candidate: candidate!.id })).resolves.toMatchObject({ among: { public: 3 } });
    const { incident } = await world.ana.client.call(incidents.declare, {
      body: { title: 'Three days only?', candidate: candidate!.id },
    });
    await expect(suggest({ incident: incident.label })).resolves.toMatchObject({ found: 'misinformation-cascade' });
    await expect(suggest({ candidate: 'cnd_nowhere' })).rejects.toMatchObject({ code: 'candidate.unknown' });
  });
});

describe('what was done about a past incident', () => {
  const title = 'Fare assistant quotes discounts of another airline';
  async function ordered(world: World, what: object) {
    const { client } = world.ana;
    await client.call(inventory.register, {
      body: { key: 'fares', name: 'Fares', type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
    });
    const { incident } = await client.call(incidents.declare, { body: { title, systems: ['fares'] } });
    await client.call(containment.order, {
      params: { incident: incident.id },
      body: { system: 'fares', what: what as { kind: 'disable' }, reason: 'wrong discounts' },
    });
  }
  const measures = async ({ ana }: World) => {
    const { items } = await ana.client.call(similar.findSimilar, { query: { text: title } });
    return { worked: items[0]?.worked, failed: items[0]?.failed };
  };

  it('did not hold where nobody was there to obey', async () => {
    const world = await openWorld();
    await ordered(world, { kind: 'route', feature: 'answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } });
    expect(await measures(world)).toEqual({ worked: [], failed: [] });
    await world.advance('2m');
    const failed = ['rerouted answers, prompt v41 → prompt v40: wrong discounts'];
    expect(await measures(world)).toEqual({ worked: [], failed });
    await world.close();
  });

  it('held where a guard obeys', async () => {
    const world = await openWorld({ listen: true });
    const { key } = await world.program('guard');
    const guard = await createGuard({ url: world.url, key, system: 'fares', bootFailMode: 'deny' });
    await ordered(world, { kind: 'disable', feature: 'answers' });
    await guard.ready();
    const worked = ['stopped answers: wrong discounts'];
    await vi.waitFor(async () => expect(await measures(world)).toEqual({ worked, failed: [] }), {
      timeout: 15_000,
      interval: 100,
    });
    guard.close();
    await world.close();
  });
});
