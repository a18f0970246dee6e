import { describe, expect, it } from 'vitest';
import { instant } from '../../../../kernel/index.ts';
import {
  interactionsFromSpans,
  type OtlpReading,
  readOtlpJson,
  readSpan,
  systemKeyOf,
  toolsText,
  unreadSpans,
} from '../../index.ts';

type Value = string | number;
const attributes = (of: Record<string, Value>) =>
  Object.entries(of).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
const TRACE = '0af7651916cd43dd8448eb211c80319c';
interface Given {
  id: string;
  parent?: string;
  start?: number;
  end?: number;
  has?: Record<string, Value>;
  events?: { name: string; has: Record<string, Value> }[];
  status?: { code: number; message?: string };
}
function spansOf(given: Given[], resource: Record<string, Value> = { 'service.name': 'Support Bot' }) {
  const reading = readOtlpJson({
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [
          {
            spans: given.map((g) => ({
              traceId: TRACE,
              spanId: g.id.padStart(16, '0'),
              parentSpanId: g.parent?.padStart(16, '0') ?? '',
              startTimeUnixNano: `${1_795_180_000_000 + (g.start ?? 0)}000000`,
              endTimeUnixNano: `${1_795_180_000_000 + (g.end ?? g.start ?? 0)}000000`,
              attributes: attributes(g.has ?? {}),
              events: g.events?.map((e) => ({ name: e.name, attributes: attributes(e.has) })),
              status: g.status,
            })),
          },
        ],
      },
    ],
  }) as OtlpReading;
  expect(reading.leftOut).toBe(0);
  return reading.spans;
}
const NOW = instant('2026-11-20T12:00:00.000Z');
const interactions = (given: Given[]) => interactionsFromSpans(spansOf(given), 'unnamed', NOW);

describe('an agent', () => {
  const asked = { 'gen_ai.operation.name': 'chat', 'gen_ai.response.id': 'r-1' };
  it.each<[string, Record<string, Value>, string | undefined]>([
    ['OpenTelemetry', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'clerk' }, 'clerk'],
    ['OpenInference', { 'openinference.span.kind': 'AGENT', 'agent.name': 'clerk' }, 'clerk'],
    ['OpenLLMetry', { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'clerk' }, 'clerk'],
    ['Logfire', { 'logfire.span_type': 'span', agent_name: 'clerk' }, 'clerk'],
    ['a workflow', { 'traceloop.span.kind': 'workflow', 'traceloop.entity.name': 'clerk' }, undefined],
  ])('is read as %s names it', (_, has, agent) => {
    const [read] = interactions([
      { id: 'a1', has },
      { id: 'a2', parent: 'a1', has: asked },
    ]);
    expect(read!.agent).toBe(agent);
    expect(read!.depth).toBe(agent === undefined ? undefined : 1);
  });

  it('that another one called is deeper, and the nearest acts', () => {
    const [read] = interactions([
      { id: 'a1', has: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'chief' } },
      { id: 'a2', parent: 'a1', has: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'delegate' } },
      { id: 'a3', parent: 'a2', has: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'clerk' } },
      { id: 'a4', parent: 'a3', has: asked },
    ]);
    expect(read).toMatchObject({ agent: 'clerk', depth: 2 });
  });
});

describe('the OpenTelemetry dialect', () => {
  it('reads the current names, with what stands on the spans around', () => {
    const [it_] = interactions([
      { id: 'a1', has: { 'firebreak.feature': 'policy-answers', 'user.id': 'u-7', 'firebreak.prompt.version': 'v41' } },
      {
        id: 'a2',
        parent: 'a1',
        start: 5,
        end: 9,
        has: {
          'gen_ai.operation.name': 'retrieval',
          'gen_ai.retrieval.documents': JSON.stringify([{ id: 'doc-1', content: 'A plan covers five devices.' }]),
        },
      },
      {
        id: 'a3',
        parent: 'a1',
        start: 10,
        end: 260,
        has: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-x',
          'gen_ai.response.model': 'gpt-x-2026',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.usage.input_tokens': 320,
          'gen_ai.usage.output_tokens': 21,
          'gen_ai.conversation.id': 'conv-3',
          'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be brief.' }]),
          'gen_ai.input.messages': JSON.stringify([
            { role: 'user', parts: [{ type: 'text', content: 'How many devices?' }] },
          ]),
          'gen_ai.output.messages': JSON.stringify([
            {
              role: 'assistant',
              parts: [
                { type: 'text', content: 'Five.' },
                { type: 'tool_call', id: 't1', name: 'look_up', arguments: { plan: 'basic' } },
              ],
              finish_reason: 'stop',
            },
          ]),
        },
      },
    ]);
    expect(it_).toEqual({
      givenId: null,
      system: 'support-bot',
      at: '2026-11-20T13:06:40.010Z',
      feature: 'policy-answers',
      deployment: null,
      versions: { model: 'gpt-x-2026', modelAsked: 'gpt-x', prompt: 'v41', index: null, tools: null },
      provider: 'openai',
      session: 'conv-3',
      subject: 'u-7',
      country: null,
      traceId: TRACE,
      spanId: '00000000000000a3',
      responseId: 'chatcmpl-1',
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How many devices?' },
      ],
      output: 'Five.',
      retrieved: [{ id: 'doc-1', title: null, text: 'A plan covers five devices.' }],
      toolCalls: [{ id: 't1', name: 'look_up', arguments: '{"plan":"basic"}', result: null }],
      tokens: { input: 320, output: 21 },
      latencyMs: 250,
      error: null,
      verdict: null,
      sources: ['otlp'],
    });
  });

  it('reads the names and message events of 1.36 and before', () => {
    const [it_] = interactions([
      {
        id: 'b1',
        has: {
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4',
          'gen_ai.usage.prompt_tokens': 3,
          'gen_ai.usage.completion_tokens': 4,
        },
        events: [
          { name: 'gen_ai.system.message', has: { content: 'You are helpful.' } },
          { name: 'gen_ai.user.message', has: { content: 'Capital of France?' } },
          { name: 'gen_ai.choice', has: { index: 0, message: '{"role":"assistant","content":"Paris."}' } },
        ],
      },
    ]);
    expect(it_).toMatchObject({
      provider: 'openai',
      output: 'Paris.',
      input: [
        { role: 'system', content: 'You are helpful.' },
        { role: 'user', content: 'Capital of France?' },
      ],
      tokens: { input: 3, output: 4 },
    });
  });

  it('reads OpenInference', () => {
    const [it_] = interactions([
      {
        id: '91',
        has: {
          'openinference.span.kind': 'LLM',
          'llm.provider': 'openai',
          'llm.model_name': 'm-2',
          'llm.input_messages.0.message.role': 'system',
          'llm.input_messages.0.message.content': 'Be brief.',
          'llm.input_messages.1.message.role': 'user',
          'llm.input_messages.1.message.content': 'Why?',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.content': 'Because.',
          'llm.token_count.prompt': 7,
          'llm.token_count.completion': 2,
          'llm.prompt_template.version': 'v3',
          'llm.input_messages.0.message.9999.content': 'ignored',
        },
      },
      {
        id: '92',
        parent: '91',
        has: { 'openinference.span.kind': 'RETRIEVER', 'retrieval.documents.0.document.content': 'a text' },
      },
    ]);
    expect(it_).toMatchObject({
      provider: 'openai',
      versions: { model: 'm-2', modelAsked: 'm-2', prompt: 'v3' },
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why?' },
      ],
      output: 'Because.',
      retrieved: [{ id: null, title: null, text: 'a text' }],
      tokens: { input: 7, output: 2 },
    });
  });

  it('reads OpenLLMetry', () => {
    const [it_] = interactions([
      {
        id: '71',
        has: {
          'traceloop.span.kind': 'workflow',
          'traceloop.workflow.name': 'support',
          'traceloop.association.properties.user_id': 'u-2',
        },
      },
      {
        id: '72',
        parent: '71',
        has: {
          'llm.request.type': 'chat',
          'gen_ai.system': 'OpenAI',
          'gen_ai.request.model': 'm-3',
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'How?',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'Like this.',
          'gen_ai.usage.completion_tokens': 3,
        },
      },
    ]);
    expect(it_).toMatchObject({
      feature: 'support',
      subject: 'u-2',
      input: [{ role: 'user', content: 'How?' }],
      output: 'Like this.',
      tokens: { output: 3 },
    });
  });

  it('reads the Vercel AI SDK, where a wrapper and the call itself both tell', () => {
    const read = interactions([
      {
        id: '81',
        has: {
          'ai.operationId': 'ai.generateText',
          'ai.telemetry.functionId': 'answers',
          'ai.telemetry.metadata.userId': 'u-4',
          'ai.prompt': '{"prompt":"Why?"}',
        },
      },
      {
        id: '82',
        parent: '81',
        has: {
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.model.id': 'm-4',
          'ai.model.provider': 'openai.chat',
          'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"Why?"}]}]',
          'ai.response.text': 'Because.',
          'ai.usage.promptTokens': 5,
        },
      },
    ]);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({
      feature: 'answers',
      subject: 'u-4',
      provider: 'openai.chat',
      output: 'Because.',
      input: [{ role: 'user', content: 'Why?' }],
      tokens: { input: 5 },
    });
  });

  it('says "not captured" where nothing was captured, and "none" where none was found', () => {
    const bare = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
    const [silent] = interactions([{ id: 'c1', has: bare }]);
    expect(silent).toMatchObject({
      input: null,
      output: null,
      retrieved: null,
      toolCalls: null,
      tokens: { input: null, output: null },
    });
    const [empty] = interactions([
      { id: 'c1', has: { ...bare, 'gen_ai.retrieval.documents': '[]', 'gen_ai.output.messages': '[]' } },
    ]);
    expect(empty).toMatchObject({ retrieved: [], output: '', toolCalls: [] });
  });

  it('counts a call once where a wrapper and the provider both tell of it', () => {
    const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 10 };
    const read = interactions([
      { id: 'd1', has: { ...chat, 'gen_ai.input.messages': '"What?"' } },
      { id: 'd2', parent: 'd1', has: chat },
    ]);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({
      spanId: '00000000000000d2',
      input: [{ role: 'user', content: 'What?' }],
      tokens: { input: 10 },
    });
  });

  it('reads errors, and leaves out spans that call no model', () => {
    const read = interactions([
      { id: 'e1', has: { 'http.method': 'GET' } },
      {
        id: 'e2',
        has: { 'gen_ai.operation.name': 'chat', 'error.type': 'timeout' },
        status: { code: 2, message: 'upstream timed out' },
      },
    ]);
    expect(read).toHaveLength(1);
    expect(read[0]?.error).toBe('upstream timed out');
  });

  it('survives spans that are their own ancestors', () => {
    const chat = { 'gen_ai.operation.name': 'chat' };
    expect(
      interactions([
        { id: 'f1', parent: 'f2', has: chat },
        { id: 'f2', parent: 'f1', has: chat },
      ]),
    ).toHaveLength(0);
    expect(interactions([{ id: 'f3', parent: 'f3', has: chat }])).toHaveLength(0);
  });

  it('names the dialects a span speaks', () => {
    const [span] = spansOf([{ id: 'a', has: { 'gen_ai.system': 'x', 'firebreak.feature': 'f' } }]);
    expect(readSpan(span!).dialects).toEqual(['firebreak', 'gen_ai']);
  });
});

it('reads which instance tells of it from the resource, our own name first', () => {
  const call = { id: 'i1', has: { 'gen_ai.operation.name': 'chat' } };
  const of = (resource: Record<string, Value>) =>
    interactionsFromSpans(spansOf([call], { 'service.name': 'bot', ...resource }), 'unnamed', NOW)[0]!.instances;
  expect(of({ 'service.instance.id': 'bot-1' })).toEqual(['bot-1']);
  expect(of({ 'service.instance.id': 'bot-1', 'firebreak.instance': 'web-7' })).toEqual(['web-7']);
  expect(of({})).toBeUndefined();
});

it('makes a system key of a service name', () => {
  expect(systemKeyOf('Support Bot')).toBe('support-bot');
  expect(systemKeyOf('  ')).toBeNull();
  expect(systemKeyOf('Kundendienst/größer')).toBe('kundendienst-gr-er');
});

describe('what a call says of its build and its tools', () => {
  const of = (has: Record<string, Value>, events?: Given['events']) =>
    interactionsFromSpans(
      spansOf([{ id: 'a1', has: { 'gen_ai.operation.name': 'chat', ...has }, ...(events && { events }) }]),
      'unnamed',
      NOW,
      toolsText,
    )[0]!.versions;

  it.each([
    'openai.response.system_fingerprint',
    'gen_ai.openai.response.system_fingerprint',
    'gen_ai.response.system_fingerprint',
    'gen_ai.openai.system_fingerprint',
    'llm.openai.system_fingerprint',
  ])('is read from %s', (name) => {
    expect(of({ [name]: ' fp_1 ' }).fingerprint).toBe('fp_1');
  });

  it('has no such members where nothing was said', () => {
    expect(Object.keys(of({ 'gen_ai.openai.system_fingerprint': ' ' }))).toEqual([
      'model',
      'modelAsked',
      'prompt',
      'index',
      'tools',
    ]);
  });

  const tool = (name: string) => ({ description: 'Does it.', name });
  it.each<[string, Record<string, Value>, Given['events']]>([
    ['the conventions', { 'gen_ai.tool.definitions': JSON.stringify([tool('b'), tool('a')]) }, undefined],
    [
      'their event of details',
      {},
      [
        {
          name: 'gen_ai.client.inference.operation.details',
          has: { 'gen_ai.tool.definitions': JSON.stringify([tool('a'), tool('b')]) },
        },
      ],
    ],
    [
      'OpenInference',
      {
        'llm.tools.0.tool.json_schema': JSON.stringify({ name: 'a', description: 'Does it.' }),
        'llm.tools.1.tool.json_schema': JSON.stringify(tool('b')),
      },
      undefined,
    ],
  ])('lists tools the same whatever their order, as %s', (_, has, events) => {
    expect(of(has, events).toolsDigest).toBe(
      '{"description":"Does it.","name":"a"}\n{"description":"Does it.","name":"b"}',
    );
  });

  it('reads the functions of OpenLLMetry, and takes what is no JSON or too deep as it came', () => {
    const functions = { 'llm.request.functions.0.name': 'a', 'llm.request.functions.0.parameters': '{}' };
    expect(of(functions).toolsDigest).toBe('{"description":null,"name":"a","parameters":"{}"}');
    expect(of({ 'gen_ai.tool.definitions': 'not json' }).toolsDigest).toBe('not json');
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(of({ 'gen_ai.tool.definitions': deep }).toolsDigest).toBe(deep);
  });
});

describe('a dialect nobody taught it', () => {
  const acme = { 'acme.llm.model': 'm-1', 'acme.llm.prompt': 'Hi' };
  it('is said by the names that look like calls of models, system by system', () => {
    const spans = spansOf([
      { id: 'b1', has: acme },
      { id: 'b2', has: { ...acme, 'firebreak.system': 'other-bot' } },
      { id: 'b3', has: { 'my.model_name': 'm', 'my.completion_tokens': 7 } },
    ]);
    expect(unreadSpans(spans, 'unnamed')).toEqual([
      { system: 'support-bot', spans: 2, names: ['acme.llm.model', 'acme.llm.prompt'] },
      { system: 'other-bot', spans: 1, names: ['acme.llm.model', 'acme.llm.prompt'] },
    ]);
  });

  it('is not seen in what is read, nor in what calls no model', () => {
    const spans = spansOf([
      { id: 'c1', has: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', ...acme } },
      { id: 'c2', has: { 'http.request.method': 'POST', 'url.path': '/v1/messages' } },
      { id: 'c3', has: { 'device.model.name': 'Pixel', 'rpc.messages': 3 } },
      { id: 'c4', has: { 'messaging.batch.message_count': 3, 'db.system': 'postgresql' } },
      { id: 'c5', has: { 'car.model': 'Golf', 'car.colour': 'red' } },
    ]);
    expect(unreadSpans(spans, 'unnamed')).toEqual([]);
  });
});
