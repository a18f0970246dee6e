import { channels } from '@firebreak/contract/detect/channels';
import { type ReviewItem, reviews } from '@firebreak/contract/detect/reviews';
import { type FeedbackGiven, signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

describe('the review queue', () => {
  let world: World;
  let theo: Someone;
  /** A key, since sessions end within half a day. */
  let admin: Awaited<ReturnType<World['program']>>;
  let sender: Awaited<ReturnType<World['program']>>;
  let n = 0;
  beforeAll(async () => {
    world = await openWorld();
    admin = await world.program('admin');
    theo = await world.person('Theo Lind', ['responder']);
    sender = await world.program('feedback:write', 'telemetry:write');
  });
  afterAll(() => world.close());
  let system: string;
  beforeEach(async () => {
    system = `bot-${++n}`;
    await admin.call(inventory.register, { body: { key: system, name: system, type: 'generative' } });
  });
  type Id = ReviewItem['feedback']['id'];
  const send = async (...given: Omit<FeedbackGiven, 'system'>[]): Promise<Id[]> => {
    const { ids } = await sender.call(signals.sendFeedback, { body: given.map((each) => ({ ...each, system })) });
    await world.settle();
    return ids as Id[];
  };
  const queue = async (who: Pick<Someone, 'client'> = { client: admin }) =>
    (await who.client.call(reviews.queue, { query: { system } })).items;
  const take = (feedback: Id, who: Pick<Someone, 'client'> = { client: admin }) =>
    who.client.call(reviews.take, { params: { feedback } });
  const decide = (feedback: Id[], as: string, who: Pick<Someone, 'client'> = { client: admin }, part = {}) =>
    who.client.call(reviews.decide, { body: { feedback, as: as as 'confirmed', reason: 'looked at it', ...part } });
  const own = async () => (await admin.call(reviews.figures, {})).systems.find((each) => each.system === system);
  const raised = async (kind: string) =>
    (await admin.call(signals.listSignals, { query: { system, channel: 'feedback' } })).items.filter(
      (each) => each.kind === kind,
    );

  it('holds what a person has to look at, most urgent first and then oldest, with others that say the same', async () => {
    await send({ kind: 'thumbs-down' }, { kind: 'thumbs-up' }, { kind: 'comment', text: 'Thanks, that helped!' });
    await world.advance('1s');
    await send({ kind: 'comment', text: 'It charged me $3 for calling' }, { kind: 'ticket', text: 'Wrong bill' });
    await world.advance('1s');
    await send({ kind: 'comment', text: 'it charged me $12 for calling!' }, { kind: 'abuse' });
    const items = await queue();
    expect(items.map(({ urgency, feedback }) => `${urgency} ${feedback.kind}`)).toEqual([
      'danger abuse',
      'ticket ticket',
      'said comment',
      'said comment',
      'bare thumbs-down',
    ]);
    const [, , first, second] = items;
    expect(first!.alike).toEqual([second!.feedback.id]);
    expect(items[0]!.alike).toEqual([]);
    expect(await own()).toMatchObject({ waiting: 5, overdue: 0, promisedHours: 24 });
  });

  it('is taken by one person at a time, and free again after half an hour', async () => {
    const [id] = await send({ kind: 'ticket', text: 'Wrong bill' });
    await take(id!, theo);
    expect((await queue())[0]!.taken).toMatchObject({ by: { id: theo.id } });
    await expect(take(id!)).rejects.toMatchObject({ code: 'review.taken', status: 409 });
    await expect(decide([id!], 'answered')).rejects.toMatchObject({ code: 'review.taken' });
    await world.advance('30m');
    expect((await queue())[0]!.taken).toBeNull();
    await take(id!);
    await admin.call(reviews.release, { params: { feedback: id! } });
    await decide([id!], 'answered', theo);
    expect(await queue()).toEqual([]);
    await expect(take(id!)).rejects.toMatchObject({ code: 'review.decided', status: 409 });
    const { items } = await admin.call(reviews.decided, { query: { system } });
    expect(items).toMatchObject([
      {
        id,
        as: 'answered',
        reason: 'looked at it',
        by: { id: theo.id },
        inTime: true,
        feedback: { text: 'Wrong bill' },
      },
    ]);
  });

  it('makes what is confirmed a strong signal of the same conversation', async () => {
    await sender.call(signals.sendInteractions, {
      body: [{ id: `i-${system}`, system, feature: 'bills', input: 'What do I owe?', output: 'A fee of 3 euros.' }],
    });
    await world.settle();
    const [id] = await send({ kind: 'thumbs-down', text: 'There is no such fee', interaction: `i-${system}` });
    await world.advance('6s');
    const { signals: made } = await decide([id!], 'confirmed');
    const [signal] = await raised('confirmed-feedback');
    expect(made).toEqual([signal!.id]);
    expect(signal).toMatchObject({
      evidenceClass: 'strong',
      feature: 'bills',
      text: 'There is no such fee',
      detector: 'review',
    });
    expect((await decide([id!], 'confirmed')).signals).toEqual([]);
    expect(await raised('confirmed-feedback')).toHaveLength(1);
    await world.advance('6s');
    expect((await raised('confirmed-feedback'))[0]!.candidate).not.toBeNull();
  });

  it('decides together what is alike and nothing else, and keeps what somebody else holds', async () => {
    const ids = await send(
      { kind: 'comment', text: 'It charged me $3 for calling' },
      { kind: 'comment', text: 'It charged me $4 for calling' },
      { kind: 'comment', text: 'It charged me $5 for calling' },
      { kind: 'comment', text: 'It is slow on my telephone' },
    );
    await expect(decide(ids, 'nothing-wrong')).rejects.toMatchObject({ code: 'review.mixed-shapes', status: 422 });
    await take(ids[1]!, theo);
    const answer = await decide(ids.slice(0, 3), 'nothing-wrong');
    expect(answer.decided).toEqual([ids[0], ids[2]]);
    expect(answer.leftOut).toMatchObject([{ feedback: ids[1], code: 'review.taken' }]);
    expect((await queue()).map(({ feedback }) => feedback.id)).toEqual([ids[1], ids[3]]);
    await expect(decide(['fbk_none'], 'answered')).rejects.toMatchObject({ code: 'review.unknown', status: 404 });
  });

  it('names the incident it became', async () => {
    const [id] = await send({ kind: 'abuse', text: 'It insulted my child' });
    await expect(decide([id!], 'incident')).rejects.toMatchObject({ code: 'review.incident-missing' });
    await expect(decide([id!], 'incident', { client: admin }, { incident: 'INC-1999-0001' })).rejects.toMatchObject({
      code: 'review.incident-missing',
    });
    const { incident } = await theo.client.call(incidents.declare, { body: { title: 'Insults', systems: [system] } });
    await decide([id!], 'incident', theo, { incident: incident.id });
    const { items } = await admin.call(reviews.decided, { query: { system } });
    expect(items).toMatchObject([{ as: 'incident', incident: incident.label }]);
    const viewer = await world.person(`Vera ${n}`, ['viewer']);
    await expect(take(id!, viewer)).rejects.toMatchObject({ code: 'authority.missing' });
  });

  it('breaks the promise after 24 hours, and says so once', async () => {
    const [late] = await send({ kind: 'ticket', text: 'Wrong bill' });
    await world.advance('12h');
    await send({ kind: 'thumbs-down' });
    await world.advance('11h');
    expect(await raised('review-overdue')).toEqual([]);
    await world.advance('61m');
    const [alarm, ...more] = await raised('review-overdue');
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({
      archetype: 'control-failure',
      text: expect.stringMatching(
        /was not looked at within the 24 hours that were promised: one piece, the oldest received/,
      ),
    });
    expect(await own()).toMatchObject({ waiting: 2, overdue: 1 });
    expect((await queue()).map(({ overdue }) => overdue)).toEqual([true, false]);
    await world.advance('3h');
    expect(await raised('review-overdue')).toHaveLength(1);
    await decide([late!], 'nothing-wrong');
    const { items } = await admin.call(reviews.decided, { query: { system } });
    expect(items).toMatchObject([{ inTime: false }]);
    expect(await own()).toMatchObject({ waiting: 1, overdue: 0 });
    for (let day = 0; day < 3; day++) {
      await world.advance('10h');
      await queue();
    }
    expect(await raised('review-overdue')).toHaveLength(2);
  });

  it('keeps the promise of each system', async () => {
    const promise = (hours: number, key = system) =>
      admin.call(reviews.promise, { params: { system: key }, body: { hours } });
    await promise(2);
    await expect(promise(2, 'nobody')).rejects.toMatchObject({ code: 'system.unknown' });
    const [id] = await send({ kind: 'ticket', text: 'Wrong bill' });
    await world.advance('119m');
    expect(await raised('review-overdue')).toEqual([]);
    await world.advance('3m');
    expect(await raised('review-overdue')).toMatchObject([{ rule: 'looked at within 2 h' }]);
    expect(await own()).toMatchObject({ promisedHours: 2, overdue: 1 });
    await decide([id!], 'answered');
    const { systems } = await admin.call(channels.coverage, { query: { system } });
    expect(systems[0]!.channels).toContainEqual(expect.objectContaining({ channel: 'feedback', state: 'unrouted' }));
  });
});
