import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

const text = (stringValue: string) => ({ stringValue });
const attributes = (of: Record<string, string>) =>
  Object.entries(of).map(([key, value]) => ({ key, value: text(value) }));
async function post(
  path: string,
  body: object,
  key = sender.key,
): Promise<{ status: number; body: unknown; wait: string | null }> {
  const response = await world.send('POST', path, {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json(), wait: response.headers.get('retry-after') };
}
const logs = (service: string, records: object[]) =>
  post('/v1/logs', {
    resourceLogs: [
      { resource: { attributes: attributes({ 'service.name': service }) }, scopeLogs: [{ logRecords: records }] },
    ],
  });
const nanos = () => String(BigInt(Date.parse(world.now())) * 1_000_000n);
const message = (span: { traceId: string; spanId: string }, event: string, content: string) => ({
  ...span,
  timeUnixNano: nanos(),
  eventName: event,
  body: { kvlistValue: { values: [{ key: 'content', value: text(content) }] } },
});
const found = async (system: string) => (await sender.call(signals.listInteractions, { query: { system } })).items;

it('makes one signal of an error however often it is logged in a minute', async () => {
  const error = (n: number) => ({ timeUnixNano: nanos(), severityNumber: 17, body: text(`order ${n} failed`) });
  expect(await logs('shop-bot', [error(1), error(2), { body: text('a plain line') }])).toEqual({
    status: 200,
    body: {},
    wait: null,
  });
  await logs('shop-bot', [error(3)]);
  await world.settle();
  const { items } = await sender.call(signals.listSignals, { query: { system: 'shop-bot' } });
  expect(items).toMatchObject([
    {
      kind: 'logged-error',
      channel: 'telemetry',
      evidenceClass: 'weak',
      text: 'Logged 2 times in a minute: order 1 failed',
    },
  ]);
  await world.advance('2m');
  await logs('shop-bot', [error(4)]);
  expect((await sender.call(signals.listSignals, { query: { system: 'shop-bot' } })).items).toHaveLength(2);
});

it.each(['before', 'after'] as const)('puts messages of logs to the trace that comes %s them', async (order) => {
  const service = `bot-${order}`;
  const span = { traceId: order === 'before' ? 'a'.repeat(32) : 'b'.repeat(32), spanId: 'c'.repeat(16) };
  const trace = () =>
    post('/v1/traces', {
      resourceSpans: [
        {
          resource: { attributes: attributes({ 'service.name': service }) },
          scopeSpans: [
            {
              spans: [
                {
                  ...span,
                  name: 'chat',
                  startTimeUnixNano: nanos(),
                  endTimeUnixNano: nanos(),
                  attributes: attributes({
                    'gen_ai.operation.name': 'chat',
                    'gen_ai.response.model': 'm-1',
                    'gen_ai.response.id': `chatcmpl-${order}`,
                  }),
                },
              ],
            },
          ],
        },
      ],
    });
  const said = () =>
    logs(service, [
      message(span, 'gen_ai.user.message', 'How many devices?'),
      message(span, 'gen_ai.choice', 'One device.'),
    ]);
  if (order === 'before') await trace();
  expect((await said()).status).toBe(200);
  if (order === 'after') {
    await world.advance('5s');
    expect(await found(service)).toEqual([]);
    await trace();
  }
  await world.advance('5s');
  expect(await found(service)).toMatchObject([
    { question: 'How many devices?', answer: 'One device.', versions: { model: 'm-1' } },
  ]);
});

it('keeps a call whose trace never comes by itself', async () => {
  await logs('lonely-bot', [message({ traceId: 'd'.repeat(32), spanId: 'e'.repeat(16) }, 'gen_ai.choice', 'Hello.')]);
  await world.advance('10s');
  expect(await found('lonely-bot')).toEqual([]);
  await world.advance('30s');
  expect(await found('lonely-bot')).toMatchObject([{ answer: 'Hello.' }]);
});

it('says what it left out, and refuses what is no request of logs', async () => {
  expect(await logs('bot', [{ body: 'plain' }])).toMatchObject({
    status: 200,
    body: { partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringContaining('logRecords/0') } },
  });
  expect(await post('/v1/logs', [])).toMatchObject({ status: 400, body: { type: '/problems/telemetry.unreadable' } });
  const reader = await world.program('read');
  expect(await post('/v1/logs', {}, reader.key)).toMatchObject({ status: 403 });
});

it('asks to wait where too many calls wait for their traces, and keeps nothing of the request', async () => {
  await world.server.deps.db.query(
    `insert into log_call (id, received_at, due_at, trace_id, span_id, data)
     select 'raw_' || n, '2999', '2999', 'f', 'f', '{}' from generate_series(1, 20000) as n`,
  );
  const answer = await logs('full-bot', [
    message({ traceId: '1'.repeat(32), spanId: '2'.repeat(16) }, 'gen_ai.choice', 'Hello.'),
    { timeUnixNano: nanos(), severityNumber: 17, body: text('and an error') },
  ]);
  expect(answer).toMatchObject({ status: 429, wait: '5', body: { type: '/problems/telemetry.too-busy' } });
  expect((await sender.call(signals.listSignals, { query: { system: 'full-bot' } })).items).toEqual([]);
  await world.server.deps.db.query("delete from log_call where id like 'raw\\_%'");
});
