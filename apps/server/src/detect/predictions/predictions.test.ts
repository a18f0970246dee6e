import { predictions } from '@firebreak/contract/detect/predictions';
import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('predictions', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'read');
  });
  afterAll(() => world.close());

  const row = (id: string, i: number, part: object = {}) => ({
    id,
    system: 'loan-desk',
    score: (i % 10) / 10,
    positive: i % 10 >= 5,
    groups: { sex: Math.floor(i / 10) % 2 ? 'f' : 'm' },
    features: { income: (i * 37) % 1_000, region: i % 3 ? 'north' : 'south' },
    ...part,
  });
  const send = (body: object[]) => sender.call(predictions.send, { body: body as never });
  const assessed = async () =>
    (await world.ana.client.call(predictions.assessments, { query: { system: 'loan-desk' } })).assessments[0]!;
  const told = async () =>
    (await sender.call(signals.listSignals, { query: { system: 'loan-desk', detector: 'predictions' } })).items;

  it('come in once, take their outcome later, and bad ones are named', async () => {
    const before = Array.from({ length: 600 }, (_, i) => row(`b${i}`, i));
    expect(await send(before)).toMatchObject({ accepted: 600, duplicate: 0 });
    expect(await send(before.slice(0, 10))).toMatchObject({ accepted: 0, duplicate: 10 });
    const outcomes = before.map(({ id, system, positive }) => ({ id, system, actual: positive }));
    expect(await send(outcomes)).toMatchObject({ accepted: 600 });
    expect(await send(outcomes.slice(0, 5).map((each) => ({ ...each, actual: !each.actual })))).toMatchObject({
      accepted: 0,
      duplicate: 5,
    });
    const answer = await world.send('POST', '/api/v1/predictions', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify([row('ok', 1, { actual: false }), { id: 'x', system: 'loan-desk', score: 3 }]),
    });
    expect(answer.status).toBe(207);
    expect(await answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1, pointer: '/1/score' }] });
    expect(await assessed()).toMatchObject({ performance: [{ which: 'live', worse: false }], calibration: { n: 601 } });
    await world.advance('11m');
    expect(await told()).toEqual([]);
  });

  it('tell of drift, of being right less often, and of gaps between groups, once a day', async () => {
    await world.advance('1m');
    await send(
      Array.from({ length: 300 }, (_, i) =>
        row(`n${i}`, i, {
          score: 0.9,
          positive: i % 2 === 0,
          actual: i % 3 === 0,
          groups: { sex: i % 2 ? 'f' : 'm' },
          features: { income: 900 + (i % 90), region: 'north' },
        }),
      ),
    );
    const found = await assessed();
    expect(found.drift.filter(({ moved }) => moved).map(({ name }) => name)).toEqual(['score', 'income', 'region']);
    expect(found.performance).toMatchObject([{ worse: true }]);
    await world.advance('11m');
    const kinds = (await told()).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['data-drift', 'performance-drop', 'group-gap']));
    expect((await told()).find(({ kind }) => kind === 'group-gap')).toMatchObject({
      archetype: 'unsafe-automated-decision',
      text: expect.stringContaining('A gap is a question, not a verdict'),
    });
    await world.advance('11m');
    expect((await told()).length).toBe(kinds.length);
  });
});
