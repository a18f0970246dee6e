import type { Dialect } from './dialect.ts';
import { calledOf, conversation, countIn, hasPrefix, membersIn, textOf, word, wordIn } from './dialect.ts';

/** The Agent Development Kit of Google: request and answer as the API has them. */
export const googleAdk: Dialect = {
  name: 'google-adk',
  speaks: ({ attributes }) => hasPrefix(attributes, 'gcp.vertex.agent.'),
  read: ({ attributes }) => {
    const request = membersIn(attributes.get('gcp.vertex.agent.llm_request'));
    const response = membersIn(attributes.get('gcp.vertex.agent.llm_response'));
    const usage = (response.usage_metadata ?? response.usageMetadata ?? {}) as Readonly<Record<string, unknown>>;
    const model = wordIn(request, 'model');
    const asked = conversation(request.contents, 'user');
    const calls = conversation(response.content, 'assistant')?.calls ?? [];
    const isCall = model !== null || attributes.has('gcp.vertex.agent.llm_response');
    return {
      work: isCall ? 'llm' : attributes.has('gcp.vertex.agent.tool_call_args') ? 'tool' : null,
      modelAsked: model,
      model: wordIn(response, 'model_version', 'modelVersion') ?? model,
      session: word(attributes, 'gcp.vertex.agent.session_id'),
      input: asked?.messages ?? null,
      output: textOf(response.content),
      toolCalls: calls.length > 0 ? calls : null,
      // Name and id stand as OpenTelemetry has them.
      called: calledOf({
        name: null,
        arguments: attributes.get('gcp.vertex.agent.tool_call_args'),
        result: attributes.get('gcp.vertex.agent.tool_response'),
      }),
      results: asked?.results ?? null,
      inputTokens: countIn(usage, 'prompt_token_count', 'promptTokenCount'),
      outputTokens: countIn(usage, 'candidates_token_count', 'candidatesTokenCount'),
      error: wordIn(response, 'error_message', 'error_code'),
    };
  },
};
