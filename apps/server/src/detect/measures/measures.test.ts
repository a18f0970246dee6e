import { measures } from '@firebreak/contract/detect/measures';
import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collapseAll } from './collapse.ts';

describe('measures', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'feedback:write', 'read');
  });
  afterAll(() => world.close());

  const list = async (system: string) =>
    Object.fromEntries(
      (await world.ana.client.call(measures.list, { query: { system } })).measures.map((it) => [it.name, it]),
    );
  const given = (id: string, system: string, part: object = {}) => ({
    id,
    system,
    feature: 'answers',
    versions: { model: 'm1', prompt: 'v1' },
    input: 'How do I cancel?',
    output: 'You can cancel in the settings of your account, and it is done at the end of the month.',
    latencyMs: 1_200,
    tokens: { input: 300, output: 40 },
    ...part,
  });
  const send = (body: object[]) => sender.call(signals.sendInteractions, { body: body as never });

  it('are counted from interactions and feedback that come in anyway', async () => {
    await send([
      given('a1', 'bot'),
      given('a2', 'bot', { error: 'timeout', output: null, latencyMs: 9_000, tokens: null }),
      given('a3', 'bot', { verdict: { action: 'deny', hold: null }, output: null, latencyMs: null, tokens: null }),
      given('a4', 'bot', { output: 'I’m sorry, but I can’t help with that.', versions: { model: 'm1', prompt: 'v2' } }),
      // What a drill sends counts nowhere.
      given('drill:drl_1/1', 'bot', { error: 'as if' }),
    ]);
    await sender.call(signals.sendFeedback, {
      body: [
        { id: 'f1', system: 'bot', kind: 'thumbs-up', interaction: 'a1' },
        { id: 'simulated:sim_1/1', system: 'bot', kind: 'thumbs-down' },
        { id: 'f2', system: 'bot', kind: 'thumbs-down', interaction: 'a4' },
        { id: 'f3', system: 'bot', kind: 'ticket', text: 'It told me nonsense about the fee', interaction: 'a4' },
      ],
    });
    await world.advance('6s');
    await world.advance('6s');
    const found = await list('bot');
    expect(found).toMatchObject({
      requests: { kind: 'count', last: 4, lastN: 4 },
      errors: { kind: 'rate', last: 1 / 4, lastN: 4 },
      blocked: { last: 1 / 4, lastN: 4 },
      refusals: { last: 1 / 2, lastN: 2 },
      'thumbs-down': { last: 1 / 2, lastN: 2 },
      complaints: { last: 1 / 4, lastN: 4 },
      latency: { kind: 'spread', unit: 's', lastN: 3 },
      'tokens.output': { last: expect.closeTo(40, 0), lastN: 2 },
      'output.length': { lastN: 2 },
      language: { kind: 'mix', lastN: 2 },
    });
    expect(found.latency!.last).toBeGreaterThan(1.1);
    const split = await world.ana.client.call(measures.show, {
      params: { system: 'bot', measure: 'refusals' },
      query: { split: 'prompt', range: '3h' },
    });
    expect(split.lines.map(({ label, points }) => [label, points[0]!.value]).sort()).toEqual([
      ['v1', 0],
      ['v2', 1],
    ]);
    const language = await world.ana.client.call(measures.show, {
      params: { system: 'bot', measure: 'language' },
      query: {},
    });
    expect(language.parts).toEqual([{ name: 'en', share: 1 }]);
    await expect(
      world.ana.client.call(measures.show, { params: { system: 'bot', measure: 'nothing' }, query: {} }),
    ).rejects.toMatchObject({ code: 'measure.unknown' });
  });

  it('count an interaction once that two witnesses tell of, with what each of them knew', async () => {
    const about = { responseId: 'chatcmpl-1', latencyMs: null, tokens: null, output: null };
    await send([given('w1', 'twice', about)]);
    await world.advance('6s');
    await send([given('w2', 'twice', { ...about, latencyMs: 2_000, tokens: { input: 10, output: 5 } })]);
    await world.advance('6s');
    await send([given('w2', 'twice', { ...about, latencyMs: 2_000, tokens: { input: 10, output: 5 } })]);
    await world.advance('6s');
    expect(await list('twice')).toMatchObject({
      requests: { last: 1 },
      errors: { lastN: 1 },
      latency: { lastN: 1, last: expect.closeTo(2, 1) },
      'tokens.input': { lastN: 1 },
    });
    // Both before anybody looked: the record is merged, and counted as one.
    await send([given('x1', 'both', { responseId: 'chatcmpl-2', latencyMs: null })]);
    await send([given('x2', 'both', { responseId: 'chatcmpl-2' })]);
    await world.advance('6s');
    await world.advance('6s');
    expect(await list('both')).toMatchObject({ requests: { last: 1 }, latency: { lastN: 1 } });
  });

  it('count exactly once whenever the process dies', async () => {
    const { deps } = world.server;
    for (let i = 0; i < 5; i++) await send(Array.from({ length: 20 }, (_, n) => given(`k${i}-${n}`, 'killed')));
    await world.settle();
    // Dies after each of its statements in turn; what was not committed is as if it had never begun.
    for (let after = 1; after <= 8; after++) {
      let left = after;
      const dying = {
        ...deps,
        db: {
          ...deps.db,
          transaction: (work: (tx: unknown) => Promise<unknown>, kind: never) =>
            deps.db.transaction(
              (tx) =>
                work({
                  query: (text: string, values?: unknown[]) => {
                    if (left-- <= 0) throw new Error('killed');
                    return tx.query(text, values as never);
                  },
                }),
              kind,
            ),
        },
      };
      await collapseAll(dying as never).catch((error) => expect(String(error)).toContain('killed'));
    }
    await world.advance('6s');
    await world.advance('6s');
    expect(await list('killed')).toMatchObject({
      requests: { last: 100 },
      latency: { lastN: 100 },
      complaints: { lastN: 100 },
    });
  });

  const post = (body: object | string, type = 'application/json') =>
    world.send('POST', '/api/v1/measures', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('take business numbers, each once, and name the ones that make no sense', async () => {
    const at = world.now();
    const batch = [
      { system: 'desk', name: 'review-backlog', value: 40, at, groups: { team: 'claims' } },
      { id: 'd-1', system: 'desk', name: 'loans-declined', count: 30, of: 100, at },
      { system: 'desk', name: 'complaints-by-phone', count: 3 },
      { system: 'desk', name: 'loans-declined', count: 3, of: 2 },
      { system: 'desk', name: 'errors', value: 1 },
      { system: 'desk', name: 'nothing' },
      { system: 'desk', name: 'review-backlog', count: 4 },
    ];
    const answer = await post(batch);
    expect(answer.status).toBe(207);
    const body = await answer.json();
    expect(body).toMatchObject({ accepted: 3, duplicate: 0 });
    expect(body.rejected.map(({ index, pointer }: { index: number; pointer: string }) => [index, pointer])).toEqual([
      [3, '/3/of'],
      [4, '/4/name'],
      [5, '/5/value'],
      [6, '/6/value'],
    ]);
    await world.advance('6s');
    expect(await (await post(batch.slice(0, 2))).json()).toMatchObject({ accepted: 0, duplicate: 2 });
    expect((await post([{ system: 'desk', name: 'review-backlog', count: 4, of: 5 }])).status).toBe(400);
    await post('{"system":"desk","name":"review-backlog","value":44}\n{"system":"desk"', 'application/x-ndjson');
    await world.advance('6s');
    expect(await list('desk')).toMatchObject({
      'review-backlog': { kind: 'level', last: 42, series: 2 },
      'loans-declined': { kind: 'rate', last: 0.3, lastN: 100, origin: 'api' },
      'complaints-by-phone': { kind: 'count', last: 3 },
    });
  });

  const otlp = (points: object[], metric: object = {}) =>
    world.send('POST', '/v1/metrics', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceMetrics: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'counter' } }] },
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: 'handed.over',
                    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points },
                    ...metric,
                  },
                ],
              },
            ],
          },
        ],
      }),
    });
  const point = (value: number, startMs: number, attributes: object[] = []) => ({
    startTimeUnixNano: `${startMs}000000`,
    timeUnixNano: `${Date.parse(world.now())}000000`,
    asInt: String(value),
    attributes,
  });

  it('follow a count that grows, is sent again, and begins anew', async () => {
    const start = Date.parse(world.now()) - 5_000;
    for (const [value, began] of [
      [10, start],
      [10, start],
      [25, start],
      [4, start + 20_000],
    ] as const) {
      expect((await otlp([point(value, began)])).status).toBe(200);
      if (value !== 10) await otlp([point(value, began)]);
      await world.advance('6s');
    }
    await world.advance('6s');
    expect(await list('counter')).toMatchObject({ 'handed.over': { last: 29 } });
  });

  it('leave out, name and show what does not fit', async () => {
    const answer = await otlp([{ asInt: 'many' }, point(1, 1)], { name: 'bad.points' });
    expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: '1', errorMessage: /asInt/ } });
    const word = (n: number) => [{ key: 'shop', value: { stringValue: `shop ${n}` } }];
    const now = Date.parse(world.now());
    await otlp(
      Array.from({ length: 130 }, (_, n) => point(2, now, word(n))),
      { name: 'by.shop' },
    );
    await world.advance('6s');
    const { measures: rows, leftOut } = await world.ana.client.call(measures.list, { query: { system: 'counter' } });
    // What is too many still counts, without the shop.
    expect(rows.find(({ name }) => name === 'by.shop')).toMatchObject({ last: 260 });
    expect(leftOut).toMatchObject([{ name: 'by.shop', count: 30, why: /more than 100 lines of one measure/ }]);
    const refused = await world.send('POST', '/v1/metrics', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/x-protobuf' },
      body: new Uint8Array([0x0a, 0x7f, 1]),
    });
    expect(await refused.json()).toMatchObject({ type: '/problems/telemetry.unreadable' });
  });

  it('grow coarser, and end with the telemetry they came from', async () => {
    await world.advance('3d');
    const minutes = async () =>
      (
        await world.server.deps.db.query<{ step: number; n: number }>(
          'select step, sum(n) as n from measure_minute group by step',
        )
      ).rows;
    const before = (await minutes()).map(({ n }) => n);
    expect(await minutes()).toMatchObject([{ step: 5 }]);
    expect(before[0]).toBeGreaterThan(500);
    await world.advance('31d');
    expect(await minutes()).toEqual([]);
    // The session of the screens has ended as well; the program's key has not.
    expect((await sender.call(measures.list, { query: { system: 'bot' } })).measures).toEqual([]);
  });
});
