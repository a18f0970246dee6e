import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../../kernel/index.ts';
import { interactionsFromSpans, type OtlpReading, readOtlpJson } from '../../index.ts';

const NOW = instant('2026-11-20T12:00:00.000Z');
const TRACE = '0af7651916cd43dd8448eb211c80319c';
type Has = Readonly<Record<string, unknown>>;
interface Given {
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly start?: number;
  readonly end?: number;
  readonly has: Has;
  readonly events?: readonly { readonly name: string; readonly has: Has }[];
  readonly failed?: string;
}
const attributes = (of: Has) =>
  Object.entries(of).map(([key, it]) => ({
    key,
    value: { stringValue: typeof it === 'string' ? it : JSON.stringify(it) },
  }));
function interactions(given: readonly Given[]) {
  const reading = readOtlpJson({
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'clerk' }) },
        scopeSpans: [
          {
            spans: given.map((g) => ({
              traceId: TRACE,
              spanId: g.id.padStart(16, '0'),
              parentSpanId: g.parent?.padStart(16, '0') ?? '',
              name: g.name ?? 'a span',
              startTimeUnixNano: `${1_795_180_000_000 + (g.start ?? 0)}000000`,
              endTimeUnixNano: `${1_795_180_000_000 + (g.end ?? (g.start ?? 0) + 10)}000000`,
              attributes: attributes(g.has),
              events: g.events?.map((e) => ({ name: e.name, attributes: attributes(e.has) })),
              status: g.failed === undefined ? undefined : { code: 2, message: g.failed },
            })),
          },
        ],
      },
    ],
  }) as OtlpReading;
  return interactionsFromSpans(reading.spans, 'unnamed', NOW);
}

const GIVEN = { order: '4711' };
const ARGUMENTS = JSON.stringify(GIVEN);
/** The call the model asked for, and its span, in each dialect. */
const SPOKEN: readonly (readonly [string, string | null, Has, Has, string?])[] = [
  [
    'OpenTelemetry',
    'c1',
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.output.messages': [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'lookup', arguments: GIVEN }] },
      ],
    },
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookup',
      'gen_ai.tool.call.id': 'c1',
      'gen_ai.tool.call.arguments': GIVEN,
      'gen_ai.tool.call.result': { state: 'sent' },
    },
  ],
  [
    'OpenInference',
    'c1',
    {
      'openinference.span.kind': 'LLM',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'lookup',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': ARGUMENTS,
    },
    {
      'openinference.span.kind': 'TOOL',
      'tool.name': 'lookup',
      'tool.parameters': { type: 'object', properties: { order: { type: 'string' } } },
      'input.value': ARGUMENTS,
      'output.value': { state: 'sent' },
    },
  ],
  [
    'OpenLLMetry',
    'c1',
    {
      'llm.request.type': 'chat',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.tool_calls.0.id': 'c1',
      'gen_ai.completion.0.tool_calls.0.name': 'lookup',
      'gen_ai.completion.0.tool_calls.0.arguments': ARGUMENTS,
    },
    {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': 'lookup',
      'traceloop.entity.input': { input_str: "{'order': '4711'}", tags: [], metadata: {}, inputs: GIVEN, kwargs: {} },
      'traceloop.entity.output': { output: { state: 'sent' }, kwargs: {} },
    },
  ],
  [
    'OpenLLMetry, a decorated function',
    null,
    {
      'llm.request.type': 'chat',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.tool_calls.0.function.name': 'lookup',
      'gen_ai.completion.0.tool_calls.0.function.arguments': ARGUMENTS,
    },
    {
      'traceloop.span.kind': 'tool',
      'traceloop.entity.name': 'lookup',
      'traceloop.entity.input': { args: [], kwargs: GIVEN },
      'traceloop.entity.output': { state: 'sent' },
    },
  ],
  [
    'the Vercel AI SDK',
    'c1',
    {
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.response.toolCalls': [{ toolCallId: 'c1', toolName: 'lookup', input: GIVEN }],
    },
    {
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'lookup',
      'ai.toolCall.id': 'c1',
      'ai.toolCall.args': GIVEN,
      'ai.toolCall.result': { state: 'sent' },
    },
  ],
  [
    'Langfuse',
    'c1',
    {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.output': {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'lookup', arguments: ARGUMENTS } }],
      },
    },
    {
      'langfuse.observation.type': 'tool',
      'langfuse.observation.input': GIVEN,
      'langfuse.observation.output': { state: 'sent' },
    },
    'lookup',
  ],
  [
    'LangSmith',
    'c1',
    {
      'langsmith.span.kind': 'llm',
      'gen_ai.operation.name': 'chat',
      'gen_ai.completion': {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', name: 'lookup', arguments: GIVEN }],
      },
    },
    {
      'langsmith.span.kind': 'tool',
      'langsmith.trace.name': 'lookup',
      'gen_ai.prompt': GIVEN,
      'gen_ai.completion': { output: { state: 'sent' } },
    },
  ],
  [
    'Logfire',
    'c1',
    {
      request_data: { model: 'm-1', messages: [{ role: 'user', content: 'Where is it?' }] },
      response_data: {
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'lookup', arguments: ARGUMENTS } }],
        },
      },
      'logfire.msg': 'Chat Completion',
    },
    {
      'gen_ai.tool.name': 'lookup',
      'gen_ai.tool.call.id': 'c1',
      tool_arguments: GIVEN,
      tool_response: { state: 'sent' },
      'logfire.msg': 'running tool: lookup',
    },
  ],
  [
    'MLflow',
    'c1',
    {
      'mlflow.spanType': '"CHAT_MODEL"',
      'mlflow.spanOutputs': {
        choices: [
          {
            message: {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c1', type: 'function', function: { name: 'lookup', arguments: ARGUMENTS } }],
            },
          },
        ],
      },
    },
    {
      'mlflow.spanType': '"TOOL"',
      'mlflow.spanFunctionName': '"lookup"',
      'mlflow.spanInputs': GIVEN,
      'mlflow.spanOutputs': { state: 'sent' },
    },
  ],
  [
    'Google ADK',
    'c1',
    {
      'gcp.vertex.agent.llm_request': { model: 'gemini-x', contents: [] },
      'gcp.vertex.agent.llm_response': {
        content: { role: 'model', parts: [{ function_call: { id: 'c1', name: 'lookup', args: GIVEN } }] },
      },
    },
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookup',
      'gcp.vertex.agent.tool_call_args': GIVEN,
      'gcp.vertex.agent.tool_response': { state: 'sent' },
    },
  ],
  [
    'Genkit',
    'c1',
    {
      'genkit:metadata:subtype': 'model',
      'genkit:name': 'googleai/gemini-x',
      'genkit:output': {
        message: { role: 'model', content: [{ toolRequest: { ref: 'c1', name: 'lookup', input: GIVEN } }] },
      },
    },
    {
      'genkit:type': 'action',
      'genkit:metadata:subtype': 'tool',
      'genkit:name': 'lookup',
      'genkit:input': GIVEN,
      'genkit:output': { state: 'sent' },
    },
  ],
  [
    'LiveKit',
    'c1',
    {
      'lk.chat_ctx': { items: [] },
      'lk.response.text': 'One moment.',
      'lk.response.function_calls': [{ call_id: 'c1', name: 'lookup', arguments: ARGUMENTS }],
    },
    {
      'lk.function_tool.id': 'c1',
      'lk.function_tool.name': 'lookup',
      'lk.function_tool.arguments': ARGUMENTS,
      'lk.function_tool.output': { state: 'sent' },
    },
  ],
];

const DIALECTS = SPOKEN.map(([dialect, id, asked, made, name = 'a span']) => ({ dialect, id, asked, made, name }));

describe.each(DIALECTS)('in the dialect of $dialect', ({ id, asked, made, name }) => {
  it('a call that was asked for and carried out is one call, with its answer', () => {
    const found = interactions([
      { id: 'a0', has: { 'firebreak.session': 's-1' }, end: 100 },
      { id: 'a1', parent: 'a0', has: asked, end: 10 },
      { id: 'a2', parent: 'a0', name, has: made, start: 11 },
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]!.session).toBe('s-1');
    expect(found[0]!.toolCalls).toEqual([{ id, name: 'lookup', arguments: ARGUMENTS, result: '{"state":"sent"}' }]);
  });

  it('a call that nobody is known to have asked for is a record by itself', () => {
    const [found, ...others] = interactions([
      { id: 'a0', has: { 'firebreak.session': 's-1', 'firebreak.feature': 'orders' }, end: 100 },
      { id: 'a2', parent: 'a0', name, has: made, start: 11, end: 30, failed: 'no such order' },
    ]);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      system: 'clerk',
      feature: 'orders',
      session: 's-1',
      traceId: TRACE,
      spanId: '00000000000000a2',
      input: null,
      output: null,
      error: 'no such order',
      latencyMs: 19,
      toolCalls: [{ name: 'lookup', arguments: ARGUMENTS, result: '{"state":"sent"}' }],
    });
  });
});

const chat = (output: readonly object[] | null): Has => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm-1',
  ...(output !== null && { 'gen_ai.output.messages': [{ role: 'assistant', parts: output }] }),
});
const asks = (id: string | null, name: string, given: object = {}) => ({
  type: 'tool_call',
  id,
  name,
  arguments: given,
});
const tool = (name: string, over: Has = {}): Has => ({
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': name,
  ...over,
});
const calls = (given: readonly Given[]) =>
  interactions(given).map(({ toolCalls }) => toolCalls?.map(({ name, result }) => `${name}=${result ?? '?'}`) ?? null);

describe('a span of a tool', () => {
  it('is that of the newest question before it that asked for the tool and has no answer yet', () => {
    const said = (n: number) => ({ 'gen_ai.tool.call.result': String(n) });
    expect(
      calls([
        { id: 'a1', has: chat([asks(null, 'read', { n: 1 }), asks(null, 'read', { n: 2 })]), end: 10 },
        { id: 'a2', has: tool('read', { 'gen_ai.tool.call.arguments': { n: 2 }, ...said(2) }), start: 11 },
        { id: 'a3', has: tool('read', { 'gen_ai.tool.call.arguments': { n: 1 }, ...said(1) }), start: 12 },
        { id: 'a4', has: chat([asks(null, 'read', { n: 3 })]), start: 30, end: 40 },
        { id: 'a5', has: tool('read', said(3)), start: 41 },
        { id: 'a6', has: chat([asks(null, 'read', { n: 4 })]), start: 60, end: 70 },
      ]),
    ).toEqual([['read=1', 'read=2'], ['read=3'], ['read=?']]);
  });

  it('belongs to the question before it where nobody captured what that one asked for', () => {
    expect(
      calls([
        { id: 'a1', has: chat(null), end: 10 },
        { id: 'a2', has: tool('read'), start: 11 },
        { id: 'a3', has: tool('write'), start: 12 },
        { id: 'a4', has: chat(null), start: 30, end: 40 },
      ]),
    ).toEqual([['read=?', 'write=?'], null]);
  });

  it('beneath the span of a call of a model is that one’s', () => {
    expect(
      calls([
        { id: 'a1', has: chat([{ type: 'text', content: 'Done.' }]), end: 100 },
        { id: 'a2', parent: 'a1', has: tool('read'), start: 11 },
      ]),
    ).toEqual([['read=?']]);
  });

  it('is one call with another one around it, and with one of the same id', () => {
    expect(
      calls([
        { id: 'a1', has: chat([asks('call-0001', 'read')]), end: 10 },
        {
          id: 'a2',
          has: { 'openinference.span.kind': 'TOOL', 'tool.name': 'read', 'output.value': 'it' },
          start: 11,
          end: 50,
        },
        { id: 'a3', parent: 'a2', has: tool('read', { 'gen_ai.tool.call.id': 'call-0001' }), start: 12 },
        { id: 'a4', has: tool('read', { 'gen_ai.tool.call.id': 'call-0001' }), start: 13 },
      ]),
    ).toEqual([['read=it']]);
  });

  it('whose id is counted anew with each question is that of the question before it', () => {
    const said = (n: number) => ({ 'gen_ai.tool.call.id': '0', 'gen_ai.tool.call.result': String(n) });
    expect(
      calls([
        { id: 'a1', has: chat([asks('0', 'read')]), end: 10 },
        { id: 'a2', has: tool('read', said(1)), start: 11 },
        { id: 'a3', has: chat([asks('0', 'read')]), start: 30, end: 40 },
        { id: 'a4', has: tool('read', said(2)), start: 41 },
        { id: 'a5', has: chat([asks('0', 'read')]), start: 60, end: 70 },
      ]),
    ).toEqual([['read=1'], ['read=2'], ['read=?']]);
  });

  it('with an id that the question did not name stands alone', () => {
    expect(
      calls([
        { id: 'a1', has: chat([asks('c1', 'read')]), end: 10 },
        { id: 'a2', has: tool('read', { 'gen_ai.tool.call.id': 'c2' }), start: 11 },
      ]),
    ).toEqual([['read=?'], ['read=?']]);
  });

  it('that names no tool is named as its operation has it', () => {
    expect(calls([{ id: 'a1', name: 'execute_tool read', has: { 'gen_ai.operation.name': 'execute_tool' } }])).toEqual([
      ['read=?'],
    ]);
  });
});

describe('an answer of a tool among what the model was asked next', () => {
  it.each([
    [
      'OpenTelemetry',
      chat([asks('c1', 'read')]),
      {
        ...chat(null),
        'gen_ai.input.messages': [
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { ok: true } }] },
        ],
      },
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'read',
      },
      {
        'openinference.span.kind': 'LLM',
        'llm.input_messages.0.message.role': 'tool',
        'llm.input_messages.0.message.tool_call_id': 'c1',
        'llm.input_messages.0.message.content': '{"ok":true}',
      },
    ],
    [
      'OpenLLMetry',
      { 'gen_ai.completion.0.tool_calls.0.id': 'c1', 'gen_ai.completion.0.tool_calls.0.name': 'read' },
      {
        'gen_ai.prompt.0.role': 'tool',
        'gen_ai.prompt.0.tool_call_id': 'c1',
        'gen_ai.prompt.0.content': '{"ok":true}',
      },
    ],
    [
      'Anthropic through Langfuse',
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.output': { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'read' }] },
      },
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.input': [
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '{"ok":true}' }] },
        ],
      },
    ],
  ])('is that of the call, in the dialect of %s', (_, first, second) => {
    expect(
      calls([
        { id: 'a1', has: first, end: 10 },
        { id: 'a2', has: second, start: 20, end: 30 },
      ])[0],
    ).toEqual(['read={"ok":true}']);
  });

  it('told as an event stands with the calls of a choice of version 1.36', () => {
    const made = [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } }];
    const [first] = interactions([
      {
        id: 'a1',
        has: { 'gen_ai.operation.name': 'chat' },
        end: 10,
        events: [
          { name: 'gen_ai.choice', has: { message: { role: 'assistant', content: 'Wait.' }, tool_calls: made } },
        ],
      },
      {
        id: 'a2',
        has: { 'gen_ai.operation.name': 'chat' },
        start: 20,
        events: [{ name: 'gen_ai.tool.message', has: { id: 'c1', content: 'it' } }],
      },
    ]);
    expect(first).toMatchObject({
      output: 'Wait.',
      toolCalls: [{ id: 'c1', name: 'read', arguments: '{}', result: 'it' }],
    });
  });
});

it('whatever spans say of tools, each span of one is a call once at most, and nothing is thrown', () => {
  const kinds = [
    { 'gen_ai.operation.name': 'chat' },
    { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'read' },
    { 'openinference.span.kind': 'TOOL' },
    { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'read' },
    { 'openinference.span.kind': 'LLM' },
  ];
  const span = fc.record({
    kind: fc.constantFrom(...kinds),
    parent: fc.nat(9),
    start: fc.nat(50),
    id: fc.option(fc.constantFrom('call-0001', 'call-0002')),
    said: fc.oneof(fc.json(), fc.string()),
  });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 10 }), (spans) => {
      const found = interactions(
        spans.map(({ kind, parent, start, id, said }, i) => ({
          id: `b${i}`,
          parent: `b${parent}`,
          start,
          has: {
            ...kind,
            'gen_ai.output.messages': said,
            'input.value': said,
            'traceloop.entity.input': said,
            ...(id !== null && { 'gen_ai.tool.call.id': id }),
          },
        })),
      );
      const made = found.flatMap(({ toolCalls }) => toolCalls ?? []);
      const named = made.filter(({ id }) => id !== null).map(({ id }) => id);
      expect(new Set(named).size).toBe(named.length);
      expect(made.length).toBeLessThanOrEqual(spans.length);
    }),
    { numRuns: 200 },
  );
});
