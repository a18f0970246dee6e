import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { channels } from '@firebreak/contract/detect/channels';
import { moderation } from '@firebreak/contract/detect/moderation';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

interface Asked {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was posted
  readonly body: any;
}

describe('moderation', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  let vendor: Server;
  let at: string;
  let asked: Asked[] = [];
  let answer: (it: Asked, response: ServerResponse) => void = () => undefined;
  let n = 0;

  const flagging = (word: string) => (it: Asked, response: ServerResponse) =>
    response.end(
      JSON.stringify({
        model: 'omni-moderation-latest',
        results: it.body.input.map((text: string) => ({
          flagged: text.includes(word),
          categories: { harassment: text.includes(word), violence: false },
          category_scores: { harassment: text.includes(word) ? 0.93 : 0.01, violence: 0.2 },
        })),
      }),
    );

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      void json(request).then((body) => {
        const it = { headers: request.headers, body };
        asked.push(it);
        answer(it, response);
      });
    });
    await new Promise<void>((done) => vendor.listen(0, '127.0.0.1', done));
    at = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1/moderations`;
    world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
    sender = await world.program('telemetry:write');
    for (const key of ['bot', 'mailer'])
      await world.ana.client.call(inventory.register, { body: { key, name: key, type: 'generative' } });
  });
  afterEach(async () => {
    const { moderators } = await world.ana.client.call(moderation.list, {});
    for (const { id } of moderators)
      await world.ana.client.call(moderation.remove, {
        params: { moderator: id },
        body: { reason: 'the test is over' },
      });
    await world.settle();
    asked = [];
  });
  afterAll(async () => {
    await world.close();
    vendor.closeAllConnections();
    vendor.close();
  });

  const describe_ = (part: object = {}) => ({
    name: `Moderation ${++n}`,
    kind: 'openai-moderation' as const,
    address: at,
    ...part,
  });
  const add = async (part: object = {}) =>
    (await world.ana.client.call(moderation.add, { body: describe_(part) })).moderator.id;
  const show = async (id: string) =>
    (await world.ana.client.call(moderation.list, {})).moderators.find((each) => each.id === id)!;
  const beatOf = async (id: string) =>
    (await world.ana.client.call(channels.heartbeats, {})).heartbeats.find(({ key }) => key === `moderator ${id}`);
  const opinions = async (id: `mdr_${string}`, show: 'all' | 'flagged' | 'none' | 'clean' = 'all') =>
    (await world.ana.client.call(moderation.opinions, { params: { moderator: id }, query: { show } })).opinions;
  const say = async (output: string, part: object = {}) => {
    const id = `say-${++n}`;
    await sender.call(signals.sendInteractions, {
      body: { id, system: 'bot', input: [{ role: 'user', content: 'Hello' }], output, ...part },
    });
    // The inspection writes a job, and the next tick does it.
    await world.settle();
    await world.settle();
  };
  const raised = async () =>
    (await world.ana.client.call(signals.listSignals, { query: { system: 'bot', channel: 'output-filter' } })).items;

  it('asks about what comes in, with the key, without secrets, and makes a signal of a flag', async () => {
    answer = flagging('idiot');
    const id = await add({ key: 'sk-test-1', name: 'OpenAI' });
    await say('You idiot, your key is ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6');
    await say('Have a nice day');
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-test-1', 'Bearer sk-test-1']);
    expect(asked[0]!.body).toEqual({ input: ['Hello\n\nYou idiot, your key is [SECRET]'] });
    const [signal] = (await raised()).filter(({ kind }) => kind === 'moderation-flag');
    expect(signal).toMatchObject({
      detector: 'moderator OpenAI',
      evidenceClass: 'weak',
      archetype: 'toxicity-abuse',
      rule: 'omni-moderation-latest harassment',
      text: 'OpenAI flags the exchange (harassment 0.93).',
    });
    expect((await opinions(id)).map(({ state, model, answer: said }) => [state, model, said])).toEqual([
      ['clean', 'omni-moderation-latest', 'Have a nice day'],
      ['flagged', 'omni-moderation-latest', 'You idiot, your key is ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'],
    ]);
    expect(await show(id)).toMatchObject({
      keyed: true,
      waiting: 0,
      lastDay: { asked: 2, flagged: 1, clean: 1, none: 0 },
      precision: { judged: 0, enough: false },
    });
    // The same words are not asked about again.
    await say('Have a nice day');
    expect(asked).toHaveLength(2);
    expect((await show(id)).lastDay.clean).toBe(2);

    const { interaction } = (await opinions(id, 'flagged'))[0]!;
    const judged = await world.ana.client.call(moderation.judge, {
      params: { moderator: id },
      body: { interaction, right: true },
    });
    expect(judged.moderator.precision).toMatchObject({ judged: 1, right: 1, enough: false });
    expect((await opinions(id, 'flagged'))[0]!.right).toBe(true);
    const clean = (await opinions(id, 'clean'))[0]!.interaction;
    await expect(
      world.ana.client.call(moderation.judge, { params: { moderator: id }, body: { interaction: clean, right: true } }),
    ).rejects.toMatchObject({ code: 'moderator.nothing-flagged' });
    await expect(
      world.ana.client.call(moderation.describe, {
        params: { moderator: id },
        body: { ...describe_(), trust: 'strong' as const },
      }),
    ).rejects.toMatchObject({ code: 'moderator.not-calibrated' });
  });

  it('has no opinion where a model hangs, leaves it alone after five failures, and never takes that for clean', async () => {
    answer = () => undefined;
    const id = await add({ timeoutMs: 100, atOnce: 1 });
    for (const word of ['one', 'two', 'three']) await say(`This is ${word}`);
    await world.advance('3s');
    await world.settle();
    const after = await show(id);
    expect(after.silent!.why).toContain('no whole answer within 0.1 seconds');
    expect(after.lastDay.clean).toBe(0);
    const before = asked.length;
    await say('While it is left alone');
    expect(asked).toHaveLength(before);
    expect((await show(id)).waiting).toBeGreaterThan(0);

    answer = flagging('alone');
    await world.advance('31s');
    await world.settle();
    await world.advance('3s');
    await world.settle();
    const heard = await show(id);
    expect(heard).toMatchObject({ silent: null, waiting: 0 });
    expect(heard.lastDay.flagged).toBe(1);
    for (const { state, why } of await opinions(id, 'none')) {
      expect(state).toBe('none');
      expect(why).toContain('no whole answer');
    }
  });

  it('tells whom it was told to when one falls silent: nobody, its systems, or somebody who is paged', async () => {
    answer = () => undefined;
    const quiet = { timeoutMs: 100, atOnce: 1, systems: ['bot'] };
    await add({ ...quiet, name: 'Shown', whenSilent: 'show' });
    await add({ ...quiet, name: 'Told', whenSilent: 'tell' });
    await add({ ...quiet, name: 'Paging', whenSilent: 'page', systems: [] });
    for (const word of ['uno', 'due', 'tre']) await say(`Questo e ${word}`);
    await world.advance('3s');
    await world.settle();
    await world.advance('6m');
    await world.settle();
    const { items } = await world.ana.client.call(signals.listSignals, {
      query: { system: 'bot', channel: 'telemetry' },
    });
    const silences = items.filter(({ kind }) => kind === 'silence');
    const about = (name: string) => silences.filter(({ text }) => text.includes(`“${name}”`));
    expect(about('Shown')).toEqual([]);
    expect(about('Told')).toMatchObject([{ evidenceClass: 'weak', archetype: 'control-failure' }]);
    expect(about('Told')[0]).not.toHaveProperty('pagesAlone');
    expect(about('Paging')).toMatchObject([{ pagesAlone: { as: 'duty' } }]);
  });

  it('heeds a request to wait without spending the question, and gives up after ten minutes', async () => {
    answer = (_, response) => response.writeHead(429, { 'retry-after': '60' }).end('{}');
    const id = await add();
    await say('Wait for me');
    expect(asked).toHaveLength(1);
    await world.advance('30s');
    await world.settle();
    expect(asked).toHaveLength(1);
    expect((await show(id)).silent!.why).toContain('429');
    expect(await beatOf(id)).toMatchObject({ kind: 'moderator', state: 'heard' });
    await world.advance('4m');
    expect(await beatOf(id)).toMatchObject({ state: 'silent', name: expect.stringMatching(/^Moderator “Moderation/) });
    for (let i = 0; i < 12; i++) {
      await world.advance('1m');
      await world.settle();
    }
    expect(await opinions(id)).toMatchObject([{ state: 'none', why: 'it was not asked within ten minutes' }]);
    expect((await show(id)).lastDay).toMatchObject({ none: 1, clean: 0 });
  });

  it('asks about a part, one system, so many a day, and counts what it does not ask', async () => {
    answer = flagging('never');
    const id = await add({ aDay: 2, systems: ['bot'], side: 'output' });
    await say('First of three');
    await say('Second of three');
    await say('Third of three');
    await say('Of another system', { system: 'mailer' });
    await say('', { output: undefined });
    expect(asked.map(({ body }) => body.input)).toEqual([['First of three'], ['Second of three']]);
    expect((await show(id)).lastDay).toMatchObject({ asked: 2, notAsked: 1 });
  });

  it('speaks to Llama Guard and to a webhook, and shows a trial before it is saved', async () => {
    answer = (_, response) =>
      response.end(JSON.stringify({ model: 'llama-guard3', choices: [{ message: { content: 'unsafe\nS11' } }] }));
    const guard = await add({ kind: 'llama-guard', model: 'llama-guard3' });
    await say('You should end it all');
    expect(asked[0]!.body.messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'You should end it all' },
    ]);
    expect((await opinions(guard))[0]!.said!.categories).toEqual([{ name: 'self-harm', score: null }]);

    answer = (it, response) =>
      response.end(
        JSON.stringify({
          results: it.body.items.map(({ id }: { id: string }) => ({ id, flagged: true, reason: 'House rule 3' })),
        }),
      );
    const { trial } = await world.ana.client.call(moderation.test, {
      body: { ...describe_({ kind: 'webhook' as const }), text: 'Hello' },
    });
    expect(trial).toMatchObject({
      status: 200,
      fault: null,
      counts: true,
      said: { flagged: true, reason: 'House rule 3' },
    });
    answer = (_, response) => response.end('<html>');
    const broken = await world.ana.client.call(moderation.test, { body: { ...describe_(), text: 'Hello' } });
    expect(broken.trial).toMatchObject({ fault: 'it answers a web page (HTML)', said: null, counts: false });
  });

  it('sends a stored key nowhere but where it was meant to go', async () => {
    answer = flagging('never');
    const id = await add({ key: 'sk-mine' });
    const trial = (address: string) =>
      world.ana.client.call(moderation.test, { body: { ...describe_(), address, moderator: id, text: 'Hello' } });
    await trial(at);
    await trial(`${at}/elsewhere`);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-mine', undefined]);
    const { moderator } = await world.ana.client.call(moderation.key, {
      params: { moderator: id },
      body: { key: null },
    });
    expect(moderator.keyed).toBe(false);
    await trial(at);
    expect(asked[2]!.headers.authorization).toBeUndefined();
  });

  it('refuses a private address, an unknown system and a moderator that is gone', async () => {
    const refused = (part: object) =>
      add(part).then(
        () => null,
        (error) => error.code,
      );
    expect(await refused({ address: 'http://10.0.0.1/v1' })).toBe('moderator.bad-address');
    expect(await refused({ systems: ['nobody'] })).toBe('system.unknown');
    await expect(
      world.ana.client.call(moderation.pause, { params: { moderator: 'mdr_1' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'moderator.unknown' });
    await expect(
      world.ana.client.call(moderation.test, { body: { ...describe_(), moderator: 'mdr_1', text: 'Hello' } }),
    ).rejects.toMatchObject({ code: 'moderator.unknown' });
  });

  it('is not asked while it is paused', async () => {
    answer = flagging('never');
    const id = await add();
    await world.ana.client.call(moderation.pause, { params: { moderator: id }, body: { reason: 'too dear' } });
    await say('Nobody reads this');
    expect(asked).toHaveLength(0);
    await world.ana.client.call(moderation.resume, { params: { moderator: id } });
    await say('Somebody reads this');
    expect(asked).toHaveLength(1);
  });
});
