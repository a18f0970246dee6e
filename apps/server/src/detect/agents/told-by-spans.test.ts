import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
const SYSTEMS = ['otel', 'openinference', 'openllmetry', 'vercel', 'mailer', 'poller', 'twice'];
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
  const grant = (system: string, name: string, manifest: object) =>
    world.ana.client.call(systemParts.grantTool, { params: { system }, body: { name, manifest } as never });
  for (const system of SYSTEMS) {
    await world.ana.client.call(inventory.register, { body: { key: system, name: system, type: 'agent' } });
    await grant(system, 'refund', { effect: 'pays', limits: [{ argument: 'amount', most: 50 }] });
    await grant(system, 'read_mail', { reads: 'untrusted' });
    await grant(system, 'find_customer', { reads: 'private' });
    await grant(system, 'send_mail', { effect: 'sends' });
  }
});
afterAll(() => world.close());

type Has = Readonly<Record<string, unknown>>;
interface Given {
  readonly span: string;
  readonly parent?: string;
  readonly trace: string;
  readonly from?: number;
  readonly has: Has;
}
const hex = (text: string, digits: number) => Buffer.from(text).toString('hex').padStart(digits, '0').slice(-digits);
const nanos = (ms: number) => `${Date.parse(world.now()) + ms}000000`;
async function spans(system: string, given: readonly Given[]): Promise<void> {
  const response = await world.send('POST', '/v1/traces', {
    headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: system } }] },
          scopeSpans: [
            {
              spans: given.map(({ span, parent, trace, from = 0, has }) => ({
                traceId: hex(trace, 32),
                spanId: hex(span, 16),
                parentSpanId: parent === undefined ? '' : hex(parent, 16),
                name: span,
                startTimeUnixNano: nanos(from),
                endTimeUnixNano: nanos(from + 5),
                attributes: Object.entries(has).map(([key, it]) => ({
                  key,
                  value: { stringValue: typeof it === 'string' ? it : JSON.stringify(it) },
                })),
              })),
            },
          ],
        },
      ],
    }),
  });
  expect(response.status).toBe(200);
  await world.settle();
}
const told = async (system: string, kind: string) =>
  (await sender.call(signals.listSignals, { query: { system, detector: 'agent-calls' } })).items.filter(
    (it) => it.kind === kind,
  );
const recordsOf = async (system: string) => {
  const { items } = await sender.call(signals.listInteractions, { query: { system } });
  return Promise.all(
    items.map(
      async ({ id }) => (await sender.call(signals.readInteraction, { params: { interaction: id } })).interaction,
    ),
  );
};

const TOO_MUCH = { amount: 900 };
const ID = 'call-4711';
const asked: Readonly<Record<string, Has>> = {
  otel: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.output.messages': [
      { role: 'assistant', parts: [{ type: 'tool_call', id: ID, name: 'refund', arguments: TOO_MUCH }] },
    ],
  },
  openinference: {
    'openinference.span.kind': 'LLM',
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.tool_calls.0.tool_call.id': ID,
    'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'refund',
    'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': TOO_MUCH,
  },
  openllmetry: {
    'llm.request.type': 'chat',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.tool_calls.0.id': ID,
    'gen_ai.completion.0.tool_calls.0.name': 'refund',
    'gen_ai.completion.0.tool_calls.0.arguments': TOO_MUCH,
  },
  vercel: {
    'ai.operationId': 'ai.streamText.doStream',
    'ai.response.toolCalls': [{ toolCallId: ID, toolName: 'refund', input: TOO_MUCH }],
  },
};
const made: Readonly<Record<string, (name: string, given: object, id?: string) => Has>> = {
  otel: (name, given, id) => ({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    ...(id !== undefined && { 'gen_ai.tool.call.id': id }),
    'gen_ai.tool.call.arguments': given,
    'gen_ai.tool.call.result': 'ok',
  }),
  openinference: (name, given) => ({
    'openinference.span.kind': 'TOOL',
    'tool.name': name,
    'input.value': given,
    'output.value': 'ok',
  }),
  openllmetry: (name, given) => ({
    'traceloop.span.kind': 'tool',
    'traceloop.entity.name': name,
    'traceloop.entity.input': { input_str: '', inputs: given },
    'traceloop.entity.output': { output: 'ok', kwargs: {} },
  }),
  vercel: (name, given, id = '') => ({
    'ai.operationId': 'ai.toolCall',
    'ai.toolCall.name': name,
    'ai.toolCall.id': id,
    'ai.toolCall.args': given,
    'ai.toolCall.result': '"ok"',
  }),
};

describe.each(['otel', 'openinference', 'openllmetry', 'vercel'])('calls told by %s', (system) => {
  it('are held against what was granted, whether the model’s span tells of them or the tool’s', async () => {
    await spans(system, [{ span: 'asks', trace: `${system}-1`, has: asked[system]! }]);
    expect(await told(system, 'argument-beyond-limit')).toMatchObject([{ evidenceClass: 'verified' }]);
    await spans(system, [{ span: 'alone', trace: `${system}-2`, has: made[system]!('wire_money', {}) }]);
    expect(await told(system, 'tool-outside-manifest')).toMatchObject([
      { evidenceClass: 'verified', text: 'The agent called “wire_money”, a tool it was never granted.' },
    ]);
  });

  it('are one call where both do, also when the tool’s span comes a batch later, and again', async () => {
    const later = { span: 'acts', trace: `${system}-1`, from: 20, has: made[system]!('refund', TOO_MUCH, ID) };
    await spans(system, [later]);
    await spans(system, [later]);
    const calls = (await recordsOf(system)).flatMap(({ toolCalls }) => toolCalls ?? []);
    expect(calls.filter(({ name }) => name === 'refund')).toMatchObject([
      { id: ID, result: expect.stringContaining('ok') },
    ]);
    expect(await told(system, 'argument-beyond-limit')).toHaveLength(1);
  });
});

it('follows a session whose calls only spans of tools tell of', async () => {
  const call = (n: number, name: string) =>
    spans('mailer', [
      { span: `run-${n}`, trace: `mail-${n}`, has: { 'session.id': 's-1', 'openinference.span.kind': 'CHAIN' } },
      { span: `tool-${n}`, parent: `run-${n}`, trace: `mail-${n}`, has: made.openinference!(name, {}) },
    ]);
  await call(1, 'read_mail');
  await call(2, 'find_customer');
  expect(await told('mailer', 'untrusted-private-send')).toEqual([]);
  await call(3, 'send_mail');
  expect(await told('mailer', 'untrusted-private-send')).toMatchObject([{ evidenceClass: 'strong' }]);
});

it('counts a call once that its question, its span and its gateway tell of: four times are no loop, five are', async () => {
  const turn = async (n: number) => {
    const id = `call-loop-${n}`;
    const trace = `poll-${n}`;
    const question = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.id': `chatcmpl-${n}`,
      'gen_ai.conversation.id': 's-loop',
      'gen_ai.output.messages': [
        { role: 'assistant', parts: [{ type: 'tool_call', id, name: 'read_mail', arguments: { folder: 'inbox' } }] },
      ],
    };
    await spans('poller', [{ span: `asks-${n}`, trace, has: question }]);
    // In a trace of its own, as where its context was lost on the way.
    await spans('poller', [
      {
        span: `acts-${n}`,
        trace: `${trace}-b`,
        from: 20,
        has: { ...made.otel!('read_mail', { folder: 'inbox' }, id), 'gen_ai.conversation.id': 's-loop' },
      },
    ]);
    await sender.call(signals.sendInteractions, {
      body: {
        system: 'poller',
        source: 'gateway',
        responseId: `chatcmpl-${n}`,
        latencyMs: 12,
        toolCalls: [{ id, name: 'read_mail', arguments: '{"folder":"inbox"}' }],
      },
    } as never);
    await world.settle();
  };
  for (let n = 0; n < 4; n++) await turn(n);
  expect(await told('poller', 'call-loop')).toEqual([]);
  await turn(4);
  expect(await told('poller', 'call-loop')).toHaveLength(1);
});

it('does not count again what a second witness fills in, and looks at arguments it brings', async () => {
  const send = async (n: number, given: string | null, output?: string) => {
    const toolCalls = [{ name: 'refund', arguments: given }];
    const body = { system: 'twice', session: 's-twice', responseId: `chatcmpl-t-${n}`, output, toolCalls };
    await sender.call(signals.sendInteractions, { body } as never);
    await world.settle();
  };
  for (let n = 0; n < 3; n++) {
    await send(n, '{"amount":20}');
    await send(n, '{"amount":20}', 'Done.');
  }
  expect(await told('twice', 'call-loop')).toEqual([]);
  await send(3, null);
  expect(await told('twice', 'argument-beyond-limit')).toEqual([]);
  await send(3, '{"amount":70}');
  expect(await told('twice', 'argument-beyond-limit')).toHaveLength(1);
});
