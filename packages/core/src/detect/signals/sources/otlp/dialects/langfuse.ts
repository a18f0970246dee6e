import type { Dialect, Work } from './dialect.ts';
import { conversation, countIn, hasPrefix, membersIn, structure, textOf, word } from './dialect.ts';

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
  read: ({ attributes }) => {
    const type = word(attributes, 'langfuse.observation.type')?.toLowerCase() ?? null;
    const model = word(attributes, 'langfuse.observation.model.name', 'langfuse.observation.model');
    const usage = membersIn(attributes.get('langfuse.observation.usage_details'));
    const failed = word(attributes, 'langfuse.observation.level')?.toUpperCase() === 'ERROR';
    return {
      work: type === null ? (model === null ? null : 'llm') : (WORK[type] ?? 'other'),
      model,
      modelAsked: model,
      session: word(attributes, 'langfuse.session.id', 'langfuse.trace.session_id'),
      subject: word(attributes, 'langfuse.user.id', 'langfuse.trace.user_id'),
      feature: word(attributes, 'langfuse.trace.name'),
      prompt: word(attributes, 'langfuse.observation.prompt.version', 'langfuse.prompt.version'),
      input: conversation(structure(attributes.get('langfuse.observation.input')), 'user')?.messages ?? null,
      output: textOf(structure(attributes.get('langfuse.observation.output'))),
      inputTokens: countIn(usage, 'input', 'prompt_tokens', 'input_tokens', 'promptTokens'),
      outputTokens: countIn(usage, 'output', 'completion_tokens', 'output_tokens', 'completionTokens'),
      error: failed ? (word(attributes, 'langfuse.observation.status_message') ?? 'error') : null,
    };
  },
};
