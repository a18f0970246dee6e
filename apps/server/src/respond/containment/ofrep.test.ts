import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { ofrep } from '@firebreak/contract/respond/ofrep';
import { createGuard } from '@firebreak/guard';
import { openWorld, type World } from '@firebreak/world';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let key: string;
let flags: Client;
let hold: { hold: `hld_${string}`; incident: `inc_${string}` };

beforeAll(async () => {
  world = await openWorld({ listen: true });
  key = (await world.program('flags')).key;
  const features = ['answers', 'a/b c'].map((name) => ({ key: name === 'answers' ? name : 'a-b', name }));
  await world.ana.client.call(inventory.register, {
    body: { key: 'support.bot', name: 'Bot', type: 'generative', features },
  });
  await world.ana.client.call(inventory.register, {
    body: { key: 'support', name: 'Other', type: 'generative', features: [{ key: 'bottle', name: 'Bottle' }] },
  });
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: world.url, headers: [['authorization', `Bearer ${key}`]] }),
  );
  flags = OpenFeature.getClient();
});
afterAll(async () => {
  await OpenFeature.close();
  await world.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  world.send('POST', path, {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const ask = (flag: string, context: object = {}) => post(`/ofrep/v1/evaluate/flags/${flag}`, { context });

async function order(what: object) {
  const incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
  return world.ana.client.call(containment.order, {
    params: { incident },
    body: { system: 'support.bot', what: what as { kind: 'disable' }, reason: 'it invents', typed: 'support.bot' },
  });
}

/** What a web provider keeps in the browser, and answers from while it is offline. */
let keptByABrowser: string;

describe('the OpenFeature SDK with its own OFREP provider', () => {
  it('is allowed while nothing is in force', async () => {
    keptByABrowser = await (await post(ofrep.evaluateAll.path, { context: { system: 'support.bot' } })).text();
    expect(await flags.getBooleanValue('contain.support.bot.answers.allowed', false, { targetingKey: 'u1' })).toBe(
      true,
    );
  });

  it('is told no, by which hold and why, and the model to use instead', async () => {
    hold = await order({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' });
    const details = await flags.getBooleanDetails('contain.support.bot.answers.allowed', true);
    expect(details).toMatchObject({ value: false, variant: 'contained', reason: 'TARGETING_MATCH' });
    expect(details.flagMetadata).toMatchObject({
      hold: hold.hold,
      incident: hold.incident,
      message: 'Answers are paused.',
    });
    expect(await flags.getBooleanValue('contain.support.bot.a-b.allowed', false)).toBe(true);
    expect(await flags.getBooleanValue('contain.support.bot.allowed', true)).toBe(false);

    await order({ kind: 'route', feature: 'a-b', from: { model: 'm2' }, to: { model: 'm1' } });
    const model = (context: Record<string, string>) =>
      flags.getStringValue('contain.support.bot.a-b.model', 'm0', context);
    expect(await model({ model: 'm2' })).toBe('m1');
    expect(await model({ model: 'm3' })).toBe('m3');
  });

  it('falls back on its code for a feature nobody registered, unless something is in force for it', async () => {
    const ben = await world.person('Ben Lead', ['lead']);
    const misspelt = () => flags.getBooleanDetails('contain.support.botle.allowed', false);
    expect(await misspelt()).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
    const limits = () => flags.getObjectDetails('contain.support.botle.limits', {});
    expect(await limits()).toMatchObject({ value: {}, errorCode: 'FLAG_NOT_FOUND' });
    const incident = (await world.ana.client.call(incidents.declare, { body: { title: 'too much' } })).incident.id;
    const what = { kind: 'limit', requests: 5, seconds: 60, per: 'everyone' } as never;
    const body = { system: 'support', what, reason: 'too much', typed: 'support' };
    const limit = await world.ana.client.call(containment.order, { params: { incident }, body });
    expect((await misspelt()).errorCode).toBeUndefined();
    expect(await limits()).toMatchObject({ value: { limits: [{ hold: limit.hold, requests: 5 }] } });
    const lifted = { reason: 'mended' };
    await ben.client.call(containment.lift, { params: { incident, hold: limit.hold }, body: lifted });
    expect(await misspelt()).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
  });

  it('falls back on its code for a flag nobody knows', async () => {
    const details = await flags.getBooleanDetails('contain.no-such-bot.answers.allowed', false);
    expect(details).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
  });
});

describe('the protocol by hand', () => {
  it('answers with no context, and none at all', async () => {
    expect((await ask('contain.support.bot.a-b.allowed')).status).toBe(200);
    const answer = await world.send('POST', '/ofrep/v1/evaluate/flags/contain.support.allowed', {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ value: true, reason: 'STATIC' });
  });

  it('takes the longest system that fits, and keys with the slash raw or encoded', async () => {
    expect(await (await ask('contain.support.bot.answers.allowed')).json()).toMatchObject({ value: false });
    expect(await (await ask('contain.support.bottle.allowed')).json()).toMatchObject({ value: true });
    expect((await ask('tools/a%20b')).status).toBe(404);
    expect(await (await ask('tools%2Fa%20b')).json()).toMatchObject({ key: 'tools/a b', errorCode: 'FLAG_NOT_FOUND' });
  });

  it('leaves the value out where the code of the caller decides', async () => {
    const answer = await (await ask('contain.support.bot.a-b.prompt')).json();
    expect(answer).not.toHaveProperty('value');
    expect(answer).toMatchObject({ variant: 'code-default' });
  });

  it('gives all flags at once, and 304 until something changes', async () => {
    const context = { targetingKey: 'u1', system: 'support.bot' };
    const first = await post(ofrep.evaluateAll.path, { context });
    const body = await first.json();
    expect(
      body.flags.find(({ key: flag }: { key: string }) => flag === 'contain.support.bot.answers.allowed').value,
    ).toBe(false);
    // The Python provider fails on an answer without one of them.
    for (const flag of body.flags)
      expect(flag).toMatchObject({ reason: expect.any(String), variant: expect.any(String) });
    expect(body.eventStreams).toEqual([
      { type: 'sse', endpoint: { requestUri: expect.stringMatching(/^\/ofrep\/v1\/events\?ticket=key_/) } },
    ]);
    const etag = first.headers.get('etag')!;
    expect((await post(ofrep.evaluateAll.path, { context }, { 'if-none-match': etag })).status).toBe(304);
    const other = { ...context, country: 'DE' };
    expect((await post(ofrep.evaluateAll.path, { context: other }, { 'if-none-match': etag })).status).toBe(200);
    await order({ kind: 'fence', countries: { mode: 'deny', list: ['DE'] } });
    expect((await post(ofrep.evaluateAll.path, { context }, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is no brake in a browser, which goes on by what it kept: the application behind it refuses', async () => {
    const guardKey = (await world.program('guard')).key;
    const guard = await createGuard({ url: world.url, key: guardKey, system: 'support.bot', bootFailMode: 'deny' });
    try {
      await guard.ready();
      const flags: { key: string; value: unknown }[] = JSON.parse(keptByABrowser).flags;
      const shown = flags.find(({ key: flag }) => flag === 'contain.support.bot.answers.allowed')!.value;
      const application = () => (guard.check({ feature: 'answers' }).action === 'deny' ? 'refused' : 'answered');
      expect({ shown, asked: application() }).toEqual({ shown: true, asked: 'refused' });
    } finally {
      guard.close();
    }
  });

  it('refuses a wrong key and a body that is no object', async () => {
    expect((await post(ofrep.evaluateAll.path, {}, { authorization: 'Bearer fbk_wrong' })).status).toBe(401);
    expect((await post(ofrep.evaluateAll.path, { context: 'u1' })).status).toBe(400);
  });

  it('tells streams to ask again: on every connect, and on every change', async () => {
    const controller = new AbortController();
    const stream = await fetch(`${world.url}${ofrep.eventsPath}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: controller.signal,
    });
    const reader = stream.body!.getReader();
    const next = async () => Buffer.from((await reader.read()).value!).toString();
    expect(await next()).toMatch(/^retry: \d+\nid: \d+\nevent: message\ndata: {"type":"refetchEvaluation"/);
    await order({ kind: 'disable', feature: 'late' });
    expect(await next()).toContain('refetchEvaluation');
    controller.abort();
  });
});
