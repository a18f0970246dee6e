import type { Dialect } from './dialect.ts';
import {
  calledOf,
  conversation,
  count,
  countIn,
  hasPrefix,
  membersIn,
  structure,
  textOf,
  word,
  wordIn,
} from './dialect.ts';

/** Voice agents of LiveKit. */
export const livekit: Dialect = {
  name: 'livekit',
  speaks: ({ attributes }) => hasPrefix(attributes, 'lk.'),
  read: ({ attributes }) => {
    const measured = membersIn(attributes.get('lk.llm_metrics'));
    const context = membersIn(attributes.get('lk.chat_ctx'));
    const asked = context.items ?? structure(attributes.get('lk.user_input') ?? attributes.get('lk.user_transcript'));
    const said = attributes.get('lk.response.text') ?? attributes.get('lk.agent_response');
    const calls = conversation(
      { content: '', tool_calls: structure(attributes.get('lk.response.function_calls')) },
      'assistant',
    );
    const isCall = attributes.has('lk.llm_metrics') || attributes.has('lk.chat_ctx');
    return {
      work: attributes.has('lk.function_tool.name') ? 'tool' : isCall ? 'llm' : null,
      modelAsked: word(attributes, 'lk.llm.model') ?? wordIn(measured, 'model', 'label'),
      session: word(attributes, 'lk.session_id', 'lk.room_id', 'lk.job_id'),
      subject: word(attributes, 'lk.participant_identity'),
      input: conversation(asked, 'user')?.messages ?? null,
      output: textOf(structure(said)),
      toolCalls: calls !== null && calls.calls.length > 0 ? calls.calls : null,
      called: calledOf({
        id: word(attributes, 'lk.function_tool.id'),
        name: word(attributes, 'lk.function_tool.name'),
        arguments: attributes.get('lk.function_tool.arguments'),
        result: attributes.get('lk.function_tool.output'),
      }),
      inputTokens: count(attributes, 'lk.llm.prompt_tokens') ?? countIn(measured, 'prompt_tokens', 'input_tokens'),
      outputTokens:
        count(attributes, 'lk.llm.completion_tokens') ?? countIn(measured, 'completion_tokens', 'output_tokens'),
    };
  },
};
