import type { AttributeValue } from '../span.ts';
import type { Dialect, Work } from './dialect.ts';
import {
  calledOf,
  conversation,
  countIn,
  hasPrefix,
  isMembers,
  membersIn,
  structure,
  textOf,
  word,
  wordIn,
} from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  LLM: 'llm',
  CHAT_MODEL: 'llm',
  EMBEDDING: 'embedding',
  RETRIEVER: 'retrieval',
  TOOL: 'tool',
  AGENT: 'agent',
  CHAIN: 'workflow',
};
/** Its texts are written as JSON texts, in quotation marks. */
const unquoted = (it: AttributeValue | undefined): string | null => {
  const read = structure(it);
  return typeof read === 'string' && read.trim() !== '' ? read.trim().slice(0, 256) : null;
};

/** Traces of MLflow. */
export const mlflow: Dialect = {
  name: 'mlflow',
  speaks: ({ attributes }) => hasPrefix(attributes, 'mlflow.'),
  read: ({ attributes, name }) => {
    const kind = unquoted(attributes.get('mlflow.spanType'))?.toUpperCase() ?? null;
    const usage = membersIn(attributes.get('mlflow.chat.tokenUsage'));
    const request = membersIn(attributes.get('mlflow.spanInputs'));
    const response = structure(attributes.get('mlflow.spanOutputs'));
    const made = membersIn(attributes.get('mlflow.spanOutputs'));
    const counted = isMembers(made.usage) ? made.usage : {};
    const work = kind === null ? null : (WORK[kind] ?? 'other');
    const asked = conversation(request.messages ?? structure(attributes.get('mlflow.spanInputs')), 'user');
    const calls = conversation(made.choices ?? response, 'assistant')?.calls ?? [];
    return {
      work,
      agent: work === 'agent' ? name.slice(0, 256) : null,
      provider: unquoted(attributes.get('mlflow.llm.provider')),
      modelAsked: unquoted(attributes.get('mlflow.llm.model')) ?? wordIn(request, 'model'),
      model: wordIn(made, 'model'),
      session: unquoted(attributes.get('mlflow.trace.session')) ?? word(attributes, 'session.id'),
      subject: unquoted(attributes.get('mlflow.trace.user')),
      ...(work === 'llm' && {
        input: asked?.messages ?? null,
        output: textOf(made.choices ?? response),
        toolCalls: calls.length > 0 ? calls : null,
        results: asked?.results ?? null,
      }),
      ...(work === 'tool' && {
        called: calledOf({
          name: unquoted(attributes.get('mlflow.spanFunctionName')) ?? name,
          arguments: attributes.get('mlflow.spanInputs'),
          result: response,
        }),
      }),
      inputTokens: countIn({ ...counted, ...usage }, 'input_tokens', 'prompt_tokens'),
      outputTokens: countIn({ ...counted, ...usage }, 'output_tokens', 'completion_tokens'),
    };
  },
};
