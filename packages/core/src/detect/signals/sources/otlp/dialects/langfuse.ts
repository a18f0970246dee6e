import type { Dialect, Work } from './dialect.ts';
import { calledOf, conversation, countIn, hasPrefix, membersIn, structure, textOf, word } from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  generation: 'llm',
  embedding: 'embedding',
  retriever: 'retrieval',
  tool: 'tool',
  agent: 'agent',
  chain: 'workflow',
};

/** The SDKs of Langfuse, which write their own names beside those of OpenTelemetry. */
export const langfuse: Dialect = {
  name: 'langfuse',
  speaks: ({ attributes }) => hasPrefix(attributes, 'langfuse.'),
  read: ({ attributes, name }) => {
    const type = word(attributes, 'langfuse.observation.type')?.toLowerCase() ?? null;
    const model = word(attributes, 'langfuse.observation.model.name', 'langfuse.observation.model');
    const usage = membersIn(attributes.get('langfuse.observation.usage_details'));
    const failed = word(attributes, 'langfuse.observation.level')?.toUpperCase() === 'ERROR';
    const asked = conversation(structure(attributes.get('langfuse.observation.input')), 'user');
    const said = structure(attributes.get('langfuse.observation.output'));
    const calls = conversation(said, 'assistant')?.calls ?? [];
    return {
      work: type === null ? (model === null ? null : 'llm') : (WORK[type] ?? 'other'),
      agent: type === 'agent' ? name.slice(0, 256) : null,
      model,
      modelAsked: model,
      session: word(attributes, 'langfuse.session.id', 'langfuse.trace.session_id'),
      subject: word(attributes, 'langfuse.user.id', 'langfuse.trace.user_id'),
      feature: word(attributes, 'langfuse.trace.name'),
      prompt: word(attributes, 'langfuse.observation.prompt.version', 'langfuse.prompt.version'),
      input: asked?.messages ?? null,
      output: textOf(said),
      toolCalls: calls.length > 0 ? calls : null,
      called:
        type === 'tool'
          ? calledOf({
              name,
              arguments: attributes.get('langfuse.observation.input'),
              result: attributes.get('langfuse.observation.output'),
            })
          : null,
      results: asked?.results ?? null,
      inputTokens: countIn(usage, 'input', 'prompt_tokens', 'input_tokens', 'promptTokens'),
      outputTokens: countIn(usage, 'output', 'completion_tokens', 'output_tokens', 'completionTokens'),
      error: failed ? (word(attributes, 'langfuse.observation.status_message') ?? 'error') : null,
    };
  },
};
