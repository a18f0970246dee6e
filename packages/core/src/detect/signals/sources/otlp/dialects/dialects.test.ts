import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../../../kernel/index.ts';
import { readOtlpJson, readSpan } from '../../../index.ts';
import { DIALECTS } from './registry.ts';

const value = (it: unknown): object =>
  typeof it === 'number' ? { intValue: String(it) } : { stringValue: typeof it === 'string' ? it : JSON.stringify(it) };

function read(attributes: Readonly<Record<string, unknown>>) {
  const reading = readOtlpJson({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: '5b8efff798038103d269b633813fc60c',
                spanId: 'eee19b7ec3c1b174',
                name: 'a span',
                startTimeUnixNano: '1738074845669299666',
                endTimeUnixNano: '1738074846669299666',
                attributes: Object.entries(attributes).map(([key, it]) => ({ key, value: value(it) })),
              },
            ],
          },
        ],
      },
    ],
  });
  if (isRefusal(reading)) throw new Error(JSON.stringify(reading));
  return readSpan(reading.spans[0]!);
}

const ASKED = [{ role: 'user', content: 'Where is it?' }];

describe('a span of', () => {
  it.each<[string, string, Record<string, unknown>, object]>([
    [
      'Langfuse',
      'langfuse',
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'm-4',
        'langfuse.observation.input': ASKED,
        'langfuse.observation.output': { role: 'assistant', content: 'Here.' },
        'langfuse.observation.usage_details': { input: 12, output: 3, total: 15 },
        'langfuse.observation.level': 'ERROR',
        'langfuse.observation.status_message': 'too slow',
        'langfuse.session.id': 's-1',
        'langfuse.user.id': 'u-1',
        'langfuse.observation.prompt.version': 7,
      },
      {
        work: 'llm',
        model: 'm-4',
        input: ASKED,
        output: 'Here.',
        inputTokens: 12,
        outputTokens: 3,
        error: 'too slow',
        session: 's-1',
        subject: 'u-1',
        prompt: '7',
      },
    ],
    [
      'Google ADK',
      'google-adk',
      {
        'gcp.vertex.agent.llm_request': {
          model: 'gemini-x',
          contents: [{ role: 'user', parts: [{ text: 'Where is it?' }] }],
        },
        'gcp.vertex.agent.llm_response': {
          content: { role: 'model', parts: [{ text: 'Here.' }] },
          usage_metadata: { prompt_token_count: 12, candidates_token_count: 3 },
        },
        'gcp.vertex.agent.session_id': 's-1',
      },
      {
        work: 'llm',
        model: 'gemini-x',
        input: ASKED,
        output: 'Here.',
        inputTokens: 12,
        outputTokens: 3,
        session: 's-1',
      },
    ],
    [
      'LiveKit',
      'livekit',
      {
        'lk.chat_ctx': { items: [{ type: 'message', role: 'user', content: ['Where is it?'] }] },
        'lk.response.text': 'Here.',
        'lk.llm_metrics': { prompt_tokens: 12, completion_tokens: 3 },
      },
      { work: 'llm', input: ASKED, output: 'Here.', inputTokens: 12, outputTokens: 3 },
    ],
    [
      'Logfire',
      'logfire',
      {
        'logfire.msg': 'Chat completion',
        request_data: { model: 'm-4', messages: ASKED },
        response_data: {
          message: { role: 'assistant', content: 'Here.' },
          usage: { prompt_tokens: 12, completion_tokens: 3 },
        },
      },
      { work: 'llm', modelAsked: 'm-4', input: ASKED, output: 'Here.', inputTokens: 12, outputTokens: 3 },
    ],
    [
      'MLflow',
      'mlflow',
      {
        'mlflow.spanType': '"CHAT_MODEL"',
        'mlflow.spanInputs': { model: 'm-4', messages: ASKED },
        'mlflow.spanOutputs': { model: 'm-4-0613', choices: [{ message: { role: 'assistant', content: 'Here.' } }] },
        'mlflow.chat.tokenUsage': { input_tokens: 12, output_tokens: 3 },
      },
      {
        work: 'llm',
        modelAsked: 'm-4',
        model: 'm-4-0613',
        input: ASKED,
        output: 'Here.',
        inputTokens: 12,
        outputTokens: 3,
      },
    ],
    [
      'Genkit',
      'genkit',
      {
        'genkit:metadata:subtype': 'model',
        'genkit:name': 'googleai/gemini-x',
        'genkit:input': { messages: [{ role: 'user', content: [{ text: 'Where is it?' }] }] },
        'genkit:output': {
          message: { role: 'model', content: [{ text: 'Here.' }] },
          usage: { inputTokens: 12, outputTokens: 3 },
        },
      },
      {
        work: 'llm',
        provider: 'googleai',
        modelAsked: 'gemini-x',
        input: ASKED,
        output: 'Here.',
        inputTokens: 12,
        outputTokens: 3,
      },
    ],
    [
      'LangSmith',
      'langsmith',
      {
        'langsmith.span.kind': 'llm',
        'langsmith.metadata.ls_provider': 'openai',
        'langsmith.metadata.ls_model_name': 'm-4',
        'langsmith.usage_metadata': { input_tokens: 12, output_tokens: 3 },
        'langsmith.metadata.thread_id': 's-1',
      },
      { work: 'llm', provider: 'openai', modelAsked: 'm-4', inputTokens: 12, outputTokens: 3, session: 's-1' },
    ],
    [
      'OpenLLMetry as it was',
      'traceloop',
      {
        'llm.request.type': 'chat',
        'llm.vendor': 'OpenAI',
        'llm.request.model': 'm-4',
        'llm.response.model': 'm-4-0613',
        'llm.usage.prompt_tokens': 12,
        'llm.usage.completion_tokens': 3,
      },
      { work: 'llm', provider: 'OpenAI', modelAsked: 'm-4', model: 'm-4-0613', inputTokens: 12, outputTokens: 3 },
    ],
  ])('%s is read', (_, dialect, attributes, expected) => {
    const { dialects, reading } = read(attributes);
    expect(dialects).toContain(dialect);
    expect(reading).toMatchObject(expected);
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['a chat in the words of Semantic Kernel', { 'gen_ai.operation.name': 'chat.completions' }, { work: 'llm' }],
    ['a chat that streams', { 'gen_ai.operation.name': 'chat.streaming_completions' }, { work: 'llm' }],
    ['a chat of LiteLLM', { 'gen_ai.operation.name': 'acompletion' }, { work: 'llm' }],
    ['a generation of a framework', { 'gen_ai.operation.name': 'model_generation' }, { work: 'llm' }],
    [
      'an embedding in one word',
      { 'gen_ai.operation.name': 'embedding', 'gen_ai.request.model': 'e-1' },
      { work: 'embedding' },
    ],
    ['a picture', { 'gen_ai.operation.name': 'image_generation', 'gen_ai.request.model': 'p-1' }, { work: 'other' }],
    ['a run of an agent', { 'gen_ai.operation.name': 'agent_run' }, { work: 'agent' }],
    ['a search of memory', { 'gen_ai.operation.name': 'search_memory' }, { work: 'retrieval' }],
    [
      'an operation without a known name that a model answered',
      {
        'gen_ai.operation.name': 'process_thread_run',
        'gen_ai.response.model': 'm-4',
        'gen_ai.usage.output_tokens': '7.0',
        'gen_ai.thread.id': 't-1',
      },
      { work: 'llm', outputTokens: 7, session: 't-1' },
    ],
    ['an operation without a known name', { 'gen_ai.operation.name': 'warm_up' }, { work: 'other' }],
    [
      'an agent with its model beside it',
      { 'openinference.span.kind': 'AGENT', 'gen_ai.request.model': 'm-4' },
      { work: 'agent' },
    ],
    [
      'an embedding of OpenLLMetry',
      { 'llm.request.type': 'embedding', 'gen_ai.request.model': 'e-1' },
      { work: 'embedding' },
    ],
    [
      'an embedding of Vercel',
      { 'operation.name': 'ai.embed.doEmbed', 'gen_ai.response.model': 'e-1' },
      { work: 'embedding' },
    ],
    ['an operation of anybody', { 'operation.name': 'agent', 'gen_ai.response.model': 'm-4' }, { work: 'llm' }],
    [
      'a kind of gen_ai itself',
      { 'gen_ai.span.kind': 'LLM', 'gen_ai.model_name': 'm-4' },
      { work: 'llm', modelAsked: 'm-4' },
    ],
    [
      'events in an attribute',
      {
        'gen_ai.request.model': 'm-4',
        events: [
          { 'event.name': 'gen_ai.user.message', role: 'user', content: 'Where is it?' },
          { 'event.name': 'gen_ai.choice', index: 0, message: { role: 'assistant', content: 'Here.' } },
          'no event',
        ],
      },
      { input: ASKED, output: 'Here.' },
    ],
    [
      'messages of LangChain',
      {
        'gen_ai.prompt': {
          messages: [
            [
              { lc: 1, type: 'constructor', id: ['langchain', 'SystemMessage'], kwargs: { content: 'Be brief.' } },
              { type: 'human', content: 'Where is it?' },
            ],
          ],
        },
        'gen_ai.completion': { generations: [[{ text: 'Here.' }]] },
      },
      { input: [{ role: 'system', content: 'Be brief.' }, ...ASKED], output: 'Here.' },
    ],
    [
      'an answer under the name of its API',
      { 'gen_ai.prompt': { input: 'Where is it?' }, 'gen_ai.completion': { completion: 'Here.', model: 'm-4' } },
      { input: ASKED, output: 'Here.' },
    ],
    ['an answer in a shape of its own', { 'gen_ai.completion': { seats: 4 } }, { output: '{"seats":4}' }],
    [
      'an answer of which a part has a common name',
      { 'gen_ai.completion': { response: 'Here.', note: 'She lives in Bern.' } },
      { output: '{"response":"Here.","note":"She lives in Bern."}' },
    ],
    [
      'parts of a message of OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'image',
        'llm.input_messages.0.message.contents.1.message_content.type': 'text',
        'llm.input_messages.0.message.contents.1.message_content.text': 'What is it?',
        'llm.input_messages.0.message.contents.2.message_content.text': 'Be brief.',
        'llm.invocation_parameters': { model: 'm-4' },
      },
      { input: [{ role: 'user', content: 'What is it?\nBe brief.' }], modelAsked: 'm-4' },
    ],
    [
      'a completion of OpenInference',
      {
        'llm.model_name': 'm-4',
        'llm.prompts.0.prompt.text': 'Where is it?',
        'llm.choices.0.completion.text': 'Here.',
      },
      { work: 'llm', input: ASKED, output: 'Here.' },
    ],
    ['an embedding of OpenInference', { 'embedding.model_name': 'e-1' }, { work: null, model: 'e-1' }],
    [
      'the first OpenLLMetry',
      {
        'llm.request.type': 'chat',
        'llm.prompts.0.role': 'user',
        'llm.prompts.0.content': 'Where is it?',
        'llm.completions.0.content': 'Here.',
      },
      { work: 'llm', input: ASKED, output: 'Here.' },
    ],
    [
      'a prompt of Vercel with its instructions',
      { 'ai.operationId': 'ai.generateText', 'ai.prompt': { system: 'Be brief.', prompt: 'Where is it?' } },
      { work: 'workflow', input: [{ role: 'system', content: 'Be brief.' }, ...ASKED] },
    ],
    [
      'tokens that MLflow found in the answer',
      {
        'mlflow.spanType': '"LLM"',
        'mlflow.spanOutputs': { text: 'Here.', usage: { prompt_tokens: '12', completion_tokens: 3 } },
      },
      { inputTokens: 12, outputTokens: 3 },
    ],
  ])('%s is read', (_, attributes, expected) => {
    expect(read(attributes).reading).toMatchObject(expected);
  });

  it('any of them, with anything in it, is read without harm', () => {
    const names = [
      'langfuse.observation.usage_details',
      'langfuse.observation.output',
      'gcp.vertex.agent.llm_request',
      'gcp.vertex.agent.llm_response',
      'lk.chat_ctx',
      'lk.llm_metrics',
      'logfire.msg',
      'request_data',
      'response_data',
      'mlflow.spanType',
      'mlflow.spanInputs',
      'mlflow.spanOutputs',
      'mlflow.chat.tokenUsage',
      'genkit:metadata:subtype',
      'genkit:name',
      'genkit:input',
      'genkit:output',
      'langsmith.usage_metadata',
      'events',
      'gen_ai.prompt',
      'gen_ai.completion',
      'gen_ai.operation.name',
      'ai.prompt',
      'llm.invocation_parameters',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.json(), fc.string(), fc.integer())), (it) => {
        const { reading } = read(it);
        for (const tokens of [reading.inputTokens, reading.outputTokens])
          expect(tokens === null || Number.isInteger(tokens)).toBe(true);
        expect(reading.output === null || typeof reading.output === 'string').toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(new Set(DIALECTS.map(({ name }) => name)).size).toBe(DIALECTS.length);
  });
});
