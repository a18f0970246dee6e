import type { AttributeValue } from '../span.ts';
import type { Dialect, Work } from './dialect.ts';
import { calledOf, countIn, hasPrefix, isMembers, membersIn, structure, word } from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  llm: 'llm',
  embedding: 'embedding',
  retriever: 'retrieval',
  tool: 'tool',
  chain: 'workflow',
};

/** An answer without `{"output": …}` around it. */
function resultIn(said: AttributeValue | undefined): unknown {
  const read = structure(said);
  return isMembers(read) && Object.keys(read).length === 1 && 'output' in read ? read.output : said;
}

/** LangSmith, which writes its own names beside those of OpenTelemetry and OpenLLMetry. */
export const langsmith: Dialect = {
  name: 'langsmith',
  speaks: ({ attributes }) => hasPrefix(attributes, 'langsmith.'),
  read: ({ attributes, name }) => {
    const kind = word(attributes, 'langsmith.span.kind')?.toLowerCase() ?? null;
    const usage = membersIn(attributes.get('langsmith.usage_metadata'));
    return {
      work: kind === null ? null : (WORK[kind] ?? 'other'),
      provider: word(attributes, 'langsmith.metadata.ls_provider'),
      modelAsked: word(attributes, 'langsmith.metadata.ls_model_name'),
      session: word(
        attributes,
        'langsmith.trace.session_id',
        'langsmith.metadata.session_id',
        'langsmith.metadata.thread_id',
        'langsmith.metadata.conversation_id',
      ),
      subject: word(attributes, 'langsmith.metadata.user_id'),
      feature: word(attributes, 'langsmith.metadata.feature'),
      called:
        kind === 'tool'
          ? calledOf({
              name: word(attributes, 'langsmith.trace.name') ?? name,
              arguments: attributes.get('gen_ai.prompt'),
              result: resultIn(attributes.get('gen_ai.completion')),
            })
          : null,
      inputTokens: countIn(usage, 'input_tokens'),
      outputTokens: countIn(usage, 'output_tokens'),
    };
  },
};
