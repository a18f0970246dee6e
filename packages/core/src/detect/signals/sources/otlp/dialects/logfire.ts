import type { Dialect } from './dialect.ts';
import { calledOf, conversation, countIn, hasPrefix, membersIn, structure, textOf, word, wordIn } from './dialect.ts';

const OWN = ['all_messages_events', 'final_result', 'tool_arguments', 'tool_response'];

/** Logfire and Pydantic AI: what is asked and answered as the API has it, or as a list of all messages. */
export const logfire: Dialect = {
  name: 'logfire',
  speaks: ({ attributes }) =>
    hasPrefix(attributes, 'logfire.') ||
    hasPrefix(attributes, 'pydantic_ai.') ||
    OWN.some((key) => attributes.has(key)),
  read: ({ attributes }) => {
    const request = membersIn(attributes.get('request_data'));
    const response = membersIn(attributes.get('response_data'));
    const usage = (response.usage ?? {}) as Readonly<Record<string, unknown>>;
    const modelAsked = wordIn(request, 'model') ?? word(attributes, 'model_name');
    const all = structure(attributes.get('pydantic_ai.all_messages') ?? attributes.get('all_messages_events'));
    const calls = conversation(response.message, 'assistant')?.calls ?? [];
    const asked = conversation(request.messages ?? request.input ?? all, 'user');
    const isCall = attributes.has('request_data') && modelAsked !== null;
    return {
      work: isCall ? 'llm' : attributes.has('agent_name') ? 'agent' : null,
      modelAsked,
      model: wordIn(response, 'model'),
      agent: word(attributes, 'agent_name'),
      feature: word(attributes, 'agent_name'),
      input: asked?.messages ?? null,
      output: textOf(response.message ?? response.combined_chunk_content ?? structure(attributes.get('final_result'))),
      toolCalls: calls.length > 0 ? calls : null,
      // Its spans of tools have their name and id as OpenTelemetry has them.
      called: calledOf({
        name: null,
        arguments: attributes.get('tool_arguments'),
        result: attributes.get('tool_response'),
      }),
      results: asked?.results ?? null,
      inputTokens: countIn(usage, 'prompt_tokens', 'input_tokens'),
      outputTokens: countIn(usage, 'completion_tokens', 'output_tokens'),
    };
  },
};
