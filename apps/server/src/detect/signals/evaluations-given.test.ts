import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

const post = async (path: string, body: string, type = 'application/json', key = sender.key) => {
  const response = await world.send('POST', path, {
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    body,
  });
  return { status: response.status, body: await response.json() };
};
const evaluate = (body: object | readonly object[]) => post('/api/v1/evaluations', JSON.stringify(body));
const answer = (body: object | readonly object[]) => post('/api/v1/interactions', JSON.stringify(body));
const read = (interaction: string) => sender.call(signals.readInteraction, { params: { interaction } });
const raised = async (system: string) => (await sender.call(signals.listSignals, { query: { system } })).items;

describe('an evaluation sent by itself', () => {
  it('stands with the answer it names, by any of its names, and raises the failure once', async () => {
    const traceId = 'a'.repeat(32);
    const spanId = 'b'.repeat(16);
    const sent = await answer([
      { system: 'shop', id: 'q-1', output: 'x' },
      { system: 'shop', id: 'q-2', responseId: 'r-2', output: 'x' },
      { system: 'shop', id: 'q-3', traceId, spanId, output: 'x' },
      { system: 'other', id: 'q-1', output: 'x' },
    ]);
    const judged = { system: 'shop', name: 'Relevance', score: 0.1 };
    const { status, body } = await evaluate([
      { ...judged, interaction: 'q-1', label: 'not_relevant', explanation: 'Off topic.' },
      { ...judged, interaction: sent.body.ids[0], name: 'Correctness', label: 'correct' },
      { ...judged, responseId: 'r-2', threshold: 0.5 },
      { ...judged, traceId: traceId.toUpperCase(), spanId, passed: false, grave: true },
      { ...judged, interaction: 'q-1', name: 'Tone', score: 4, threshold: 3, direction: 'decrease' },
      { ...judged, interaction: 'q-1', name: 'Cost', error: 'timeout', score: null },
    ]);
    expect([status, body.accepted, body.ids.length]).toEqual([200, 6, 6]);
    await world.advance('3s');
    const first = await read(sent.body.ids[0]);
    expect(first.evaluations.map(({ name, outcome, explanation }) => [name, outcome, explanation])).toEqual([
      ['Relevance', 'failed', 'Off topic.'],
      ['Correctness', 'passed', null],
      ['Tone', 'failed', null],
      ['Cost', 'broken', 'timeout'],
    ]);
    expect(first.evaluations[0]!.id).toBe(body.ids[0]);
    expect(first.signals.map(({ rule, evidenceClass }) => [rule, evidenceClass]).sort()).toEqual([
      ['Relevance', 'weak'],
      ['Tone', 'weak'],
    ]);
    expect((await read('q-2')).evaluations).toMatchObject([{ outcome: 'failed', responseId: 'r-2' }]);
    expect((await read('q-3')).evaluations).toMatchObject([{ outcome: 'failed', grave: true, spanId }]);
    expect((await read('q-3')).signals).toMatchObject([{ evidenceClass: 'strong' }]);
    expect((await read(sent.body.ids[3])).evaluations).toEqual([]);
    const { items } = await sender.call(signals.listInteractions, { query: { system: 'shop', with: 'failed' } });
    expect(items).toHaveLength(3);
  });

  it('sent again changes nothing, by its id and name, or by what it says', async () => {
    await answer({ system: 'twice', id: 'q-1', output: 'x' });
    const said = { system: 'twice', interaction: 'q-1', name: 'Safety', label: 'unsafe' };
    const first = await evaluate([{ ...said, id: 'row-1' }, { ...said, id: 'row-1', name: 'Tone' }, said]);
    expect(first.body).toMatchObject({ accepted: 3, duplicate: 0 });
    const again = await evaluate([{ ...said, id: 'row-1', label: 'safe' }, said, said, { ...said, score: 1 }]);
    expect(again.body).toMatchObject({ accepted: 1, duplicate: 3 });
    expect(again.body.ids.slice(0, 3)).toEqual([first.body.ids[0], first.body.ids[2], first.body.ids[2]]);
    await world.advance('3s');
    expect((await raised('twice')).map(({ rule }) => rule).sort()).toEqual(['Safety', 'Tone']);
  });

  it('waits for an answer that comes later, tells its failure meanwhile, and is put there once', async () => {
    const said = { system: 'early', interaction: 'q-late', name: 'Safety', label: 'unsafe' };
    await evaluate(said);
    await world.advance('20s');
    expect(await raised('early')).toEqual([]);
    await world.advance('20s');
    expect(await raised('early')).toMatchObject([
      { interaction: null, text: expect.stringContaining('an answer that is not known here') },
    ]);
    await answer({ system: 'early', id: 'q-late', output: 'x', evaluations: [{ ...said, score: 0 }] });
    await world.advance('3s');
    await world.advance('3m');
    const { evaluations, signals: own } = await read('q-late');
    expect([evaluations.length, own.length]).toEqual([2, 1]);
    expect(await raised('early')).toHaveLength(1);
  });

  it('never goes to another answer of the trace than the one it names', async () => {
    const traceId = 'c'.repeat(32);
    await answer({ system: 'named', id: 'q-1', traceId, spanId: 'd'.repeat(16), output: 'x' });
    await evaluate({ system: 'named', interaction: 'q-0', traceId, name: 'Safety', label: 'unsafe' });
    await world.advance('2m');
    expect((await read('q-1')).evaluations).toEqual([]);
    expect(await raised('named')).toMatchObject([{ interaction: null }]);
  });

  it('that is wrong is named with what is wrong, and the others are kept', async () => {
    const good = { system: 'mixed', interaction: 'q-1', name: 'Safety', label: 'safe' };
    const { label: _, ...mute } = good;
    const { interaction: __, ...about } = good;
    const lines = [good, mute, about, { ...good, name: '' }, { ...good, spanId: 'x', traceId: 'y' }];
    const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nno json`;
    const mixed = await post('/api/v1/evaluations', body, 'application/x-ndjson');
    expect(mixed).toMatchObject({ status: 207, body: { accepted: 1 } });
    expect(mixed.body.ids.map((id: string | null) => id !== null)).toEqual([true, false, false, false, false, false]);
    expect(mixed.body.rejected.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/1/score',
      '/2/interaction',
      '/3/name',
      '/4/traceId',
      '/5',
    ]);
    const bad = await evaluate(mute);
    expect([bad.status, bad.body.type]).toEqual([400, expect.stringContaining('telemetry.batch-refused')]);
    const many = await evaluate(Array.from({ length: 1_001 }, () => good));
    expect(many.body.type).toContain('telemetry.too-large');
    const stranger = await world.program('read');
    expect((await post('/api/v1/evaluations', JSON.stringify(good), undefined, stranger.key)).status).toBe(403);
  });

  it('is stored without what the rule of its system takes out', async () => {
    await world.ana.client.call(inventory.register, {
      body: { key: 'private', name: 'Private', type: 'generative', owner: 'Support', features: [] },
    });
    await world.ana.client.call(records.rule, {
      params: { system: 'private' },
      body: { keptDays: null, takesOut: ['EMAIL_ADDRESS'], sentShare: null, reason: 'Data protection' },
    });
    const explanation = 'It wrote to jo@customer.example.';
    await answer({ system: 'private', id: 'q-1', output: 'x' });
    await evaluate({ system: 'private', interaction: 'q-1', name: 'Tone', explanation, score: 1 });
    await world.advance('3s');
    expect((await read('q-1')).evaluations).toMatchObject([
      { explanation: 'It wrote to [EMAIL_ADDRESS taken out].', outcome: 'unsaid' },
    ]);
  });
});

describe('evaluations sent with their interaction', () => {
  it('stand with it, whatever it is recognised by, and once', async () => {
    const evaluations = [
      { name: 'Toxicity', label: 'high', score: 0.9 },
      { name: 'Relevance', label: 'teal' },
    ];
    const nameless = await answer([
      { system: 'inline', output: 'x', evaluations },
      { system: 'inline', output: 'y' },
    ]);
    const sent = await answer({ system: 'inline', responseId: 'r-1', output: 'x', evaluations });
    const again = await answer({ system: 'inline', responseId: 'r-1', output: 'x', evaluations });
    expect(again.body).toMatchObject({ accepted: 0, duplicate: 1, ids: sent.body.ids });
    await world.advance('3s');
    for (const id of [nameless.body.ids[0], sent.body.ids[0]])
      expect((await read(id)).evaluations.map(({ name, outcome }) => [name, outcome])).toEqual([
        ['Toxicity', 'failed'],
        ['Relevance', 'unsaid'],
      ]);
    expect((await read(nameless.body.ids[1])).evaluations).toEqual([]);
    expect(await raised('inline')).toHaveLength(2);
  });

  it('refuse it where they say nothing, or are too many', async () => {
    const mute = await answer({ system: 'inline', output: 'x', evaluations: [{ name: 'Tone' }] });
    expect(mute).toMatchObject({ status: 400, body: { errors: [{ pointer: '/evaluations/0/score' }] } });
    const many = Array.from({ length: 51 }, (_, i) => ({ name: `Tone ${i}`, score: 1 }));
    expect((await answer({ system: 'inline', output: 'x', evaluations: many })).status).toBe(400);
  });
});
