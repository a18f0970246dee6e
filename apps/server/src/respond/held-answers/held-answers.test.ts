import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { heldAnswers } from '@firebreak/contract/respond/held-answers';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { MOST_WAITING } from '@firebreak/core/respond/held-answers';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let app: Awaited<ReturnType<World['program']>>;
let rae: Someone;
beforeAll(async () => {
  world = await openWorld();
  app = await world.program('guard');
  rae = await world.person('Rae Okafor', ['responder']);
  for (const key of ['bot', 'busy'])
    await world.ana.client.call(inventory.register, { body: { key, name: key, type: 'generative' } });
});
afterAll(() => world.close());

const submit = (over: object = {}) =>
  app.call(heldAnswers.submit, {
    body: { system: 'bot', instance: 'bot-1', question: 'May I return it?', text: 'Within 90 days.', ...over },
  });
const wait = (review: `hda_${string}`) => app.call(heldAnswers.wait, { params: { review }, query: {} });
const decide = (held: `hda_${string}`, body: object) =>
  rae.client.call(heldAnswers.decide, { params: { held }, body: body as { as: 'approved' } });
const list = async (show: 'waiting' | 'decided' = 'waiting') =>
  (await rae.client.call(heldAnswers.list, { query: { show, system: 'bot' } })).items;

describe('an answer that a hold keeps for a person', () => {
  it('is shown with its question and its incident, and leaves as the person decides', async () => {
    const { incident } = await rae.client.call(incidents.declare, {
      body: { title: 'Invented return rules', systems: ['bot'] },
    });
    const { hold } = await rae.client.call(containment.order, {
      params: { incident: incident.id },
      body: { system: 'bot', what: { kind: 'review' }, reason: 'Look at every answer', typed: 'bot' },
    });
    const { review, state } = await submit({ hold, feature: 'returns' });
    expect(state).toBe('pending');
    expect(await wait(review)).toEqual({ review, state: 'pending' });
    expect(await list()).toMatchObject([
      { held: review, question: 'May I return it?', text: 'Within 90 days.', hold: { label: incident.label } },
    ]);
    await decide(review, { as: 'edited', text: 'Within 30 days.', reason: 'the policy says 30' });
    expect(await wait(review)).toEqual({
      review,
      state: 'edited',
      text: 'Within 30 days.',
      reason: 'the policy says 30',
    });
    expect(await list()).toEqual([]);
    expect((await list('decided'))[0]).toMatchObject({ held: review, state: 'edited', decidedBy: { id: rae.id } });
  });

  it('is a call with its arguments as well', async () => {
    const { review } = await submit({ text: undefined, tool: 'refund', arguments: { amount: 40 } });
    expect((await list())[0]).toMatchObject({ tool: 'refund', arguments: '{"amount":40}', text: null });
    await decide(review, { as: 'declined', reason: 'no receipt' });
    expect(await wait(review)).toMatchObject({ state: 'declined', reason: 'no receipt' });
  });

  it('is decided once', async () => {
    const { review } = await submit();
    await decide(review, { as: 'approved' });
    await expect(decide(review, { as: 'declined' })).rejects.toMatchObject({ code: 'held-answer.decided' });
    expect(await wait(review)).toMatchObject({ state: 'approved' });
  });

  it('lapses when the application no longer waits, and not before', async () => {
    const { review } = await submit();
    for (let i = 0; i < 3; i++) {
      await world.advance('40s');
      expect(await wait(review)).toMatchObject({ state: 'pending' });
    }
    await world.advance('61s');
    expect(await wait(review)).toMatchObject({ state: 'timed-out' });
    await expect(decide(review, { as: 'approved' })).rejects.toMatchObject({ code: 'held-answer.decided' });
  });

  it.each([
    ['guard.unknown-system', { system: 'nobody' }],
    ['held-answer.empty', { text: undefined }],
    ['held-answer.too-long', { text: undefined, tool: 'note', arguments: 'x'.repeat(50_001) }],
  ])('is refused with %s', async (code, over) => {
    await expect(submit(over)).rejects.toMatchObject({ code });
  });

  it('cannot be edited without words, and is not decided by who may only look', async () => {
    const { review } = await submit();
    await expect(decide(review, { as: 'edited' })).rejects.toMatchObject({ code: 'held-answer.cannot-edit' });
    const vic = await world.person('Vic Viewer', ['viewer']);
    await expect(
      vic.client.call(heldAnswers.decide, { params: { held: review }, body: { as: 'approved' } }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(wait('hda_01hzzzzzzzzzzzzzzzzzzzzzzz')).rejects.toMatchObject({ code: 'held-answer.unknown' });
  });

  it('is refused at once when too many wait', async () => {
    const many = Array.from({ length: MOST_WAITING }, () => submit({ system: 'busy' }));
    await Promise.all(many);
    await expect(submit({ system: 'busy' })).rejects.toMatchObject({ code: 'held-answer.full', status: 429 });
  });
});

it('that waits too long, or is given up undecided, is told to whoever is paged, once in a while', async () => {
  await world.ana.client.call(inventory.register, {
    body: { key: 'late', name: 'Late', type: 'generative', owner: 'Claims' },
  });
  await world.ana.client.call(links.subscribe, {
    body: { name: 'Pager', url: 'https://pager.example.com/in', events: ['candidate.paged'] },
  });
  const told = async () =>
    (await world.ana.client.call(links.deliveries, { query: {} })).deliveries.filter(
      ({ event, about }) => event === 'answers.waiting' && about === 'late',
    ).length;
  const { review } = await submit({ system: 'late' });
  const { review: second } = await submit({ system: 'late' });
  const pass = async (count: number, ...waited: `hda_${string}`[]) => {
    for (let n = 0; n < count; n++) {
      await world.advance('30s');
      for (const each of waited) await wait(each);
    }
  };
  await pass(3, review, second);
  expect(await told()).toBe(0);
  await pass(2, review, second);
  expect(await told()).toBe(1);
  // Another one that comes now tells nobody again so soon; what was given up meanwhile is told in its time.
  await submit({ system: 'late' });
  await decide(review, { as: 'approved' });
  await pass(6, second);
  expect(await told()).toBe(1);
  await decide(second, { as: 'approved' });
  await pass(28);
  expect(await told()).toBe(2);
  await world.advance('30m');
  expect(await told()).toBe(2);
});

it('that came while nothing was late yet is told of in its own time', async () => {
  await world.ana.client.call(inventory.register, { body: { key: 'second', name: 'Second', type: 'generative' } });
  const told = async () =>
    (await world.ana.client.call(links.deliveries, { query: {} })).deliveries.filter(
      ({ event, about }) => event === 'answers.waiting' && about === 'second',
    ).length;
  const pass = async (count: number, waited?: `hda_${string}`) => {
    for (let n = 0; n < count; n++) {
      await world.advance('30s');
      if (waited !== undefined) await wait(waited);
    }
  };
  const { review: first } = await submit({ system: 'second' });
  await pass(2, first);
  await decide(first, { as: 'approved' });
  const { review: second } = await submit({ system: 'second' });
  // The look that the first one asked for finds nothing that is late.
  await pass(3, second);
  expect(await told()).toBe(0);
  await pass(4, second);
  expect(await told()).toBe(1);
});

it('is waited for over one request by the guard itself, which hears the decision at once', async () => {
  const real = await openWorld({ listen: true });
  try {
    await real.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
    const { key } = await real.program('guard');
    const { createGuard } = await import('@firebreak/guard');
    const guard = await createGuard({ url: real.url, key, system: 'bot', instance: 'bot-1', bootFailMode: 'deny' });
    try {
      const decision = guard.review({ question: 'May I?', text: 'Yes.' }, { timeoutMs: 30_000 });
      const waiting = async () => (await real.ana.client.call(heldAnswers.list, { query: {} })).items[0];
      let item = await waiting();
      for (let tries = 0; item === undefined && tries < 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        item = await waiting();
      }
      await real.ana.client.call(heldAnswers.decide, {
        params: { held: item!.held },
        body: { as: 'edited', text: 'No.' },
      });
      expect(await decision).toMatchObject({ state: 'edited', text: 'No.', review: item!.held });
    } finally {
      guard.close();
    }
  } finally {
    await real.close();
  }
});
