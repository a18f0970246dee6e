import { deflateSync, gzipSync } from 'node:zlib';
import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateOf, WAITING_LIMIT } from './state.ts';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'signals:write', 'feedback:write', 'read');
});
afterAll(() => world.close());

type Headers = Record<string, string>;
const post = async (path: string, body: string | Uint8Array, headers: Headers = {}) => {
  const answer = await world.send('POST', path, {
    headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers };
};
const send = (value: unknown, headers?: Headers) => post('/api/v1/interactions', JSON.stringify(value), headers);
const list = (query: Record<string, string> = {}) => sender.call(signals.listInteractions, { query });

const CLAIM = 'Each subscription is limited to one device.';
const HELP = [{ id: 'devices', title: 'Devices', text: 'You can use up to five devices with one subscription.' }];
const asked = (more: object = {}) => ({
  system: 'support-bot',
  feature: 'policy-answers',
  versions: { model: 'm-1', prompt: 'v41' },
  input: 'How many devices?',
  output: CLAIM,
  retrieved: HELP,
  ...more,
});

describe('interactions', () => {
  it('come in one or many, as JSON or lines, and are found again', async () => {
    const one = await send(asked({ id: 'a-1', output: 'Five.', subject: 'u-1' }));
    expect(one).toMatchObject({ status: 200, body: { accepted: 1, duplicate: 0, rejected: [] } });
    const many = await post(
      '/api/v1/interactions',
      '{"system":"order-bot","output":"On its way."}\n\n{"system":"order-bot","output":"Arrived 100%."}\n',
      {
        'content-type': 'application/x-ndjson',
      },
    );
    expect(many).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect((await list({ system: 'order-bot' })).items.map((i) => i.answer)).toEqual(['Arrived 100%.', 'On its way.']);
    expect((await list({ text: '100%' })).items).toHaveLength(1);
    expect((await list({ text: 'n its' })).items).toHaveLength(1);
    await send({
      id: 'words',
      system: 'words-bot',
      input: [{ role: 'user', content: 'He said "now" on line 1\nand left.' }],
      output: 'Done.',
      retrieved: [{ id: 'p', title: 'Returns in May', text: 'Within 14 days.' }],
      toolCalls: [{ name: 'refund', arguments: '{"order":"A-17","sum":40}', result: '{"paid":true}' }],
      error: 'the till did not answer',
    });
    const named = async (text: string) => (await list({ text, system: 'words-bot' })).items.length;
    for (const text of [
      'said "now"',
      '1\nand',
      'in may',
      '14 days',
      'refund',
      '"order":"A-17"',
      '"paid":true',
      'the till',
    ])
      expect([text, await named(text)]).toEqual([text, 1]);
    for (const text of ['role', '"content"', 'words-bot', 'p"']) expect([text, await named(text)]).toEqual([text, 0]);
    expect((await list({ prompt: 'v41', feature: 'policy-answers' })).items[0]).toMatchObject({
      question: 'How many devices?',
      versions: { prompt: 'v41' },
    });
    const page = await list({ system: 'order-bot', limit: '1' });
    expect((await list({ system: 'order-bot', limit: '1', before: page.next! })).items.map((i) => i.answer)).toEqual([
      'On its way.',
    ]);
    const { interaction } = await sender.call(signals.readInteraction, { params: { interaction: one.body.ids[0] } });
    expect(interaction).toMatchObject({
      givenId: 'a-1',
      retrieved: HELP,
      toolCalls: null,
      tokens: { input: null, output: null },
    });
    await expect(sender.call(signals.readInteraction, { params: { interaction: 'int_nobody' } })).rejects.toMatchObject(
      { code: 'interaction.unknown' },
    );
  });

  it('sent again change nothing, and a second witness fills in what was not known', async () => {
    const first = await send({
      system: 'twice',
      id: 't-1',
      responseId: 'chatcmpl-9',
      output: 'Hello',
      source: 'gateway',
      verdict: { action: 'allow' },
    });
    const again = await send({
      system: 'twice',
      id: 't-1',
      responseId: 'chatcmpl-9',
      output: 'Hello',
      source: 'gateway',
      verdict: { action: 'allow' },
    });
    expect(again.body).toMatchObject({ accepted: 0, duplicate: 1, ids: first.body.ids });
    const other = await send([
      { system: 'twice', responseId: 'chatcmpl-9', output: 'other words', input: 'Hi?', retrieved: [] },
      { system: 'twice', responseId: 'chatcmpl-9', session: 's-1' },
    ]);
    expect(other.body).toMatchObject({ accepted: 0, duplicate: 2, ids: [first.body.ids[0], first.body.ids[0]] });
    const { interaction } = await sender.call(signals.readInteraction, { params: { interaction: first.body.ids[0] } });
    expect(interaction).toMatchObject({
      output: 'Hello',
      input: [{ role: 'user', content: 'Hi?' }],
      retrieved: [],
      session: 's-1',
      sources: ['api', 'gateway'],
    });
    expect((await list({ system: 'twice' })).items).toHaveLength(1);
  });

  it('sent by several at the same moment are kept once, whoever comes first', async () => {
    const batch = (from: number) =>
      Array.from({ length: 40 }, (_, i) => ({ system: 'at-once', id: `o-${from + i}`, output: `Answer ${from + i}` }));
    const answers = await Promise.all([0, 0, 20, 20, 0].map((from) => send(batch(from))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const sum = (name: 'accepted' | 'duplicate') => answers.reduce((all, { body }) => all + body[name], 0);
    expect([sum('accepted'), sum('duplicate')]).toEqual([60, 140]);
    expect(answers[1]!.body.ids).toEqual(answers[0]!.body.ids);
    expect(answers[2]!.body.ids.slice(0, 20)).toEqual(answers[0]!.body.ids.slice(20));
    const { rows } = await world.server.deps.db.query<{ requests: number; received: number }>(
      `select (select sum(requests)::int from traffic where system = 'at-once') as requests,
         (select count(*)::int from interaction i join telemetry_intake t on t.id = i.intake and t.ids ? i.id
          where i.system = 'at-once') as received`,
    );
    expect(rows).toEqual([{ requests: 60, received: 60 }]);
  });

  it('name each bad member and keep the good ones', async () => {
    const mixed = await send([
      { system: 'mix', output: 'good' },
      { system: 'Bad Name' },
      { system: 'mix', retrieved: [{ id: 'x' }] },
      'nothing',
      { system: 'mix', at: 'yesterday' },
    ]);
    expect(mixed.status).toBe(207);
    expect(mixed.body.accepted).toBe(1);
    expect(mixed.body.rejected.map((r: { index: number; pointer: string }) => [r.index, r.pointer])).toEqual([
      [1, '/1/system'],
      [2, '/2/retrieved/0/text'],
      [3, '/3'],
      [4, '/4/at'],
    ]);
    expect(mixed.body.ids.map((id: string | null) => id !== null)).toEqual([true, false, false, false, false]);
    const lines = await post('/api/v1/interactions', '{"system":"mix"}\n{oops\n', {
      'content-type': 'application/x-ndjson',
    });
    expect(lines).toMatchObject({ status: 207, body: { accepted: 1, rejected: [{ index: 1 }] } });
    const none = await send([{ system: '' }, { system: '!' }]);
    expect(none).toMatchObject({
      status: 400,
      body: { type: '/problems/telemetry.batch-refused', errors: [{ pointer: '/0/system' }, { pointer: '/1/system' }] },
    });
  });

  it('are refused in words where the body is no batch', async () => {
    expect(await post('/api/v1/interactions', '{"system":')).toMatchObject({
      status: 400,
      body: { type: '/problems/request.not-json' },
    });
    expect(await post('/api/v1/interactions', '[]')).toMatchObject({
      status: 400,
      body: { type: '/problems/request.invalid' },
    });
    expect(await send(Array.from({ length: 1_001 }, () => ({ system: 'x1' })))).toMatchObject({
      status: 413,
      body: { type: '/problems/telemetry.too-large' },
    });
    expect(await post('/api/v1/interactions', 'x'.repeat(8 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { type: '/problems/request.too-large' },
    });
    expect(await post('/api/v1/interactions', '{}', { 'content-encoding': 'br' })).toMatchObject({ status: 415 });
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect((await post('/api/v1/interactions', deep)).status).toBe(400);
    expect((await post('/api/v1/interactions', `{"system":"deep","output":"x","extra":${deep}}`)).status).toBe(200);
  });

  it('come compressed, and a bomb is stopped while it is inflated', async () => {
    const body = JSON.stringify({ system: 'packed', output: 'small' });
    expect((await post('/api/v1/interactions', gzipSync(body), { 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await post('/api/v1/interactions', deflateSync(body), { 'content-encoding': 'deflate' })).status).toBe(200);
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(await post('/api/v1/interactions', bomb, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
      body: { type: '/problems/telemetry.too-large' },
    });
    expect(await post('/api/v1/interactions', 'not gzip', { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { type: '/problems/telemetry.unreadable' },
    });
  });

  it('keep what no database can: half characters and NUL become a replacement', async () => {
    const odd = await post('/api/v1/interactions', '{"system":"odd","id":"o\\u0000","output":"a\\u0000b\\ud800c"}');
    expect(odd.status).toBe(200);
    expect((await list({ system: 'odd' })).items[0]?.answer).toBe('a\uFFFDb\uFFFDc');
  });

  it('need a key with the right scope', async () => {
    const reader = await world.program('read');
    const body = JSON.stringify({ system: 'x1' });
    const headers = { 'content-type': 'application/json' };
    expect((await world.send('POST', '/api/v1/interactions', { headers, body })).status).toBe(401);
    expect(
      (
        await world.send('POST', '/api/v1/interactions', {
          headers: { ...headers, authorization: `Bearer ${reader.key}` },
          body,
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await world.send('POST', '/v1/traces', {
          headers: { ...headers, authorization: 'Bearer fbk_wrong' },
          body: '{}',
        })
      ).status,
    ).toBe(401);
  });
});

describe('detectors', () => {
  it('look at what came in, once, and again when a witness adds something', async () => {
    const sent = await send(asked({ system: 'claims', id: 'c-1', subject: 'u-9', retrieved: null }));
    await world.settle();
    const found = () => sender.call(signals.listSignals, { query: { system: 'claims' } });
    expect((await found()).items).toEqual([]);
    await send(asked({ system: 'claims', id: 'c-1' }));
    await world.settle();
    await send(asked({ system: 'claims', id: 'c-1' }));
    await world.settle();
    const { items } = await found();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      detector: 'ungrounded-claim',
      evidenceClass: 'strong',
      interaction: sent.body.ids[0],
      versions: { prompt: 'v41' },
      quotes: [{ field: 'output', text: CLAIM }],
    });
    expect(items[0]?.subjectHash).toMatch(/^[\w-]{22}$/);
    const whole = await sender.call(signals.readInteraction, { params: { interaction: 'c-1' } });
    expect(whole.signals).toHaveLength(1);
    expect(await sender.call(signals.readSignal, { params: { signal: items[0]!.id } })).toMatchObject({
      id: items[0]!.id,
    });
    await expect(sender.call(signals.readSignal, { params: { signal: 'sig_x' } })).rejects.toMatchObject({
      code: 'signal.unknown',
    });
  });
});

describe('feedback', () => {
  it('becomes a signal about the interaction it speaks of, even one that comes later', async () => {
    const body = (id: string, more: object) => ({
      id,
      system: 'felt',
      kind: 'comment',
      text: 'that is wrong',
      ...more,
    });
    const sent = await post(
      '/api/v1/feedback',
      JSON.stringify([
        body('f-1', { responseId: 'late-1', subject: 'u-3' }),
        body('f-2', { interaction: 'x-2' }),
        { system: 'felt', kind: 'thumbs-up' },
      ]),
    );
    expect(sent).toMatchObject({ status: 200, body: { accepted: 3 } });
    expect((await post('/api/v1/feedback', JSON.stringify(body('f-1', { responseId: 'late-1' })))).body).toMatchObject({
      accepted: 0,
      duplicate: 1,
      ids: [sent.body.ids[0]],
    });
    await world.settle();
    const raised = async () => (await sender.call(signals.listSignals, { query: { system: 'felt' } })).items;
    expect(await raised()).toEqual([]);
    const late = await send({
      system: 'felt',
      responseId: 'late-1',
      feature: 'policy-answers',
      output: 'x',
      versions: { prompt: 'v7' },
    });
    await world.advance('5s');
    expect(await raised()).toMatchObject([
      {
        kind: 'comment',
        feature: 'policy-answers',
        versions: { prompt: 'v7' },
        interaction: late.body.ids[0],
        evidenceClass: 'weak',
      },
    ]);
    await world.advance('40s');
    expect(await raised()).toHaveLength(2);
    const { items } = await sender.call(signals.listFeedback, { query: { system: 'felt' } });
    expect(items.map((f) => [f.kind, f.interaction])).toContainEqual(['comment', late.body.ids[0]]);
    expect(await post('/api/v1/feedback', '{"system":"felt","kind":"shout"}')).toMatchObject({ status: 400 });
  });
});

describe('signals from outside', () => {
  const read = async (system: string) => (await sender.call(signals.listSignals, { query: { system } })).items;

  it('come as JSON, and once', async () => {
    const it_ = {
      id: 's-1',
      system: 'outer',
      kind: 'monitor-alert',
      text: 'Answers got longer',
      severityHint: 3,
      archetype: 'quality-drift',
    };
    expect((await post('/api/v1/signals', JSON.stringify([it_, it_]))).body).toMatchObject({
      accepted: 1,
      duplicate: 1,
    });
    expect((await post('/api/v1/signals', JSON.stringify(it_))).body).toMatchObject({ accepted: 0, duplicate: 1 });
    expect(await read('outer')).toMatchObject([
      { kind: 'monitor-alert', channel: 'external', evidenceClass: 'weak', severityHint: 3 },
    ]);
  });

  it('come as CloudEvents: structured, batched and binary', async () => {
    const event = (id: string) => ({
      specversion: '1.0',
      id,
      source: '/monitor',
      type: 'example.alert',
      time: '2026-11-20T20:00:00Z',
      data: { system: 'clouds', text: `alert ${id}` },
    });
    expect(
      (
        await post('/api/v1/signals', JSON.stringify(event('1')), {
          'content-type': 'application/cloudevents+json; charset=utf-8',
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await post('/api/v1/signals', JSON.stringify([event('2'), { ...event('3'), specversion: '0.3' }]), {
          'content-type': 'application/cloudevents-batch+json',
        })
      ).status,
    ).toBe(207);
    const binary = await post('/api/v1/signals', JSON.stringify({ system: 'clouds', text: 'alert 4' }), {
      'ce-specversion': '1.0',
      'ce-id': '4',
      'ce-source': '/monitor%20two',
      'ce-type': 'example.alert',
    });
    expect(binary.status).toBe(200);
    const found = await read('clouds');
    expect(found.map((s) => s.text).sort()).toEqual(['alert 1', 'alert 2', 'alert 4']);
    expect(found.find((s) => s.text === 'alert 1')).toMatchObject({
      kind: 'example.alert',
      detector: '/monitor',
      at: '2026-11-20T20:00:00.000Z',
    });
    expect(found.find((s) => s.text === 'alert 4')?.detector).toBe('/monitor two');
    const two = await post('/api/v1/signals', '[{},{}]', {
      'ce-specversion': '1.0',
      'ce-id': '5',
      'ce-source': 's',
      'ce-type': 't',
    });
    expect(two).toMatchObject({ status: 400, body: { type: '/problems/signal.bad-cloudevent' } });
  });

  it('take version and feature from the interaction they name', async () => {
    const sent = await send({
      system: 'named',
      id: 'n-1',
      feature: 'greeting',
      versions: { model: 'm-2' },
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
    });
    await post(
      '/api/v1/signals',
      JSON.stringify({ system: 'named', kind: 'k', text: 'odd', traceId: 'AB'.repeat(16) }),
    );
    expect(await read('named')).toMatchObject([
      { feature: 'greeting', versions: { model: 'm-2' }, interaction: sent.body.ids[0] },
    ]);
  });
});

describe('OTLP', () => {
  const span = (more: object = {}) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'chat m-1',
    startTimeUnixNano: '1795180000000000000',
    endTimeUnixNano: '1795180000250000000',
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: 'm-1' } },
    ],
    ...more,
  });
  const traces = (spans: object[]) => ({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'Trace Bot' } }] },
        scopeSpans: [{ spans }],
      },
    ],
  });

  it('comes as JSON; a bad span is named and its neighbours kept', async () => {
    expect(await post('/v1/traces', JSON.stringify(traces([span()])))).toMatchObject({ status: 200, body: {} });
    const partly = await post(
      '/v1/traces',
      JSON.stringify(traces([span({ spanId: 'b7ad6b7169203332' }), span({ name: 3 })])),
    );
    expect(partly).toMatchObject({
      status: 200,
      body: {
        partialSuccess: {
          rejectedSpans: '1',
          errorMessage: expect.stringContaining('/resourceSpans/0/scopeSpans/0/spans/1'),
        },
      },
    });
    expect((await list({ system: 'trace-bot' })).items).toHaveLength(2);
    expect((await list({ trace: '0AF7651916CD43DD8448EB211C80319C' })).items).toHaveLength(2);
  });

  it('of ten megabytes is named and left out, and its neighbour kept', async () => {
    const long = { key: 'gen_ai.completion.0.content', value: { stringValue: 'It is yours. '.repeat(800_000) } };
    const [big, small] = [span({ attributes: [long] }), span({ spanId: 'c7ad6b7169203334' })];
    const had = (await list({ system: 'trace-bot' })).items.length;
    const body = gzipSync(JSON.stringify(traces([big, small])));
    expect(await post('/v1/traces', body, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 200,
      body: {
        partialSuccess: {
          rejectedSpans: '1',
          errorMessage: '/resourceSpans/0/scopeSpans/0/spans/0: `stringValue` is longer than 1048576 characters',
        },
      },
    });
    expect((await list({ system: 'trace-bot' })).items).toHaveLength(had + 1);
  });

  it('of a wrong clock keeps the time it says, and stands where it came', async () => {
    const at = (year: number) => `${BigInt(Date.UTC(year, 5, 1)) * 1_000_000n}`;
    const of = (spanId: string, began: string) => span({ spanId, startTimeUnixNano: began, endTimeUnixNano: began });
    for (const [spanId, began] of [
      ['d7ad6b7169203332', at(2099)],
      ['d7ad6b7169203331', at(1999)],
      ['d7ad6b7169203333', '0'],
    ] as const)
      expect(await post('/v1/traces', JSON.stringify(traces([of(spanId, began)])))).toMatchObject({ status: 200 });
    const { items } = await list({ system: 'trace-bot' });
    const now = world.server.deps.now();
    expect(items.slice(0, 3).map((it) => it.at)).toEqual([now, '1999-06-01T00:00:00.000Z', '2099-06-01T00:00:00.000Z']);
  });

  it('is refused in words where it cannot be read', async () => {
    expect(await post('/v1/traces', '{"resourceSpans":7}')).toMatchObject({
      status: 400,
      body: { type: '/problems/telemetry.unreadable' },
    });
    expect(
      await post('/v1/traces', Uint8Array.of(10, 200, 1, 1), { 'content-type': 'application/x-protobuf' }),
    ).toMatchObject({ status: 400, body: { type: '/problems/telemetry.unreadable' } });
    expect(await post('/v1/traces', 'x', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  });

  it('answers a protobuf sender in protobuf', async () => {
    const empty = await world.send('POST', '/v1/traces', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(),
    });
    expect([empty.status, empty.headers.get('content-type'), (await empty.arrayBuffer()).byteLength]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ]);
  });
});

it('seals what came in and can say where each record is', async () => {
  const sent = await send({ system: 'sealed', id: 'z-1', output: 'kept' });
  await world.advance('3s');
  const { sealed } = await sender.call(signals.readInteraction, { params: { interaction: sent.body.ids[0] } });
  expect(sealed).toMatchObject({
    batch: expect.any(Number),
    count: expect.any(Number),
    leaf: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const state = await sender.call(signals.telemetryState, {});
  expect(state.sealed.records).toBeGreaterThan(10);
  expect(state.waiting).toBe(0);
  expect(state.systems.find((s) => s.system === 'support-bot')?.lastHour[0]).toMatchObject({
    feature: 'policy-answers',
    requests: 1,
  });
});

it('deletes what is older than it is kept, and says so', async () => {
  const before = await sender.call(signals.telemetryState, {});
  await world.advance('31d');
  await send({ system: 'fresh', output: 'new' });
  await world.advance('20m');
  const after = await sender.call(signals.telemetryState, {});
  expect((await list()).items.map((i) => i.system)).toEqual(['fresh']);
  expect(before.deleted.records).toBe(0);
  expect(after.deleted.records).toBeGreaterThan(10);
});

it('asks senders to come back while too much waits, and loses nothing that is in', async () => {
  const state = stateOf(world.server.deps);
  const waiting = state.waiting;
  state.waiting = WAITING_LIMIT;
  const busy = await send({ system: 'busy', output: 'x' });
  expect(busy).toMatchObject({ status: 429, body: { type: '/problems/telemetry.too-busy' } });
  expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
  state.waiting = waiting;
  expect((await send({ system: 'busy', output: 'x' })).status).toBe(200);
});
