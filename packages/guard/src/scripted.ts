import type { Verdict } from '@firebreak/core/respond/containment';
import type { Asked } from './guarded-fetch.ts';

const json = (body: object, headers: Record<string, string>) =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json', ...headers } });

function events(list: readonly (readonly [string | undefined, object | '[DONE]'])[], headers: Record<string, string>) {
  const text = list
    .map(([event, data]) => {
      const written = typeof data === 'string' ? data : JSON.stringify(data);
      return `${event === undefined ? '' : `event: ${event}\n`}data: ${written}\n\n`;
    })
    .join('');
  return new Response(text, { headers: { 'content-type': 'text/event-stream', ...headers } });
}

const NO_TOKENS = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

function chat(model: string, text: string, stream: boolean, headers: Record<string, string>): Response {
  const base = { id: 'chatcmpl-contained', created: 0, model };
  if (!stream) {
    const message = { role: 'assistant', content: text, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'content_filter' }];
    return json({ ...base, object: 'chat.completion', choices, usage: NO_TOKENS }, headers);
  }
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...base,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  return events(
    [
      [undefined, chunk({ role: 'assistant', content: text }, null)],
      [undefined, chunk({}, 'content_filter')],
      [undefined, '[DONE]'],
    ],
    headers,
  );
}

function messages(model: string, text: string, stream: boolean, headers: Record<string, string>): Response {
  const usage = { input_tokens: 0, output_tokens: 0 };
  const base = { id: 'msg_contained', type: 'message', role: 'assistant', model, stop_sequence: null, usage };
  if (!stream) return json({ ...base, content: [{ type: 'text', text }], stop_reason: 'refusal' }, headers);
  const list: readonly object[] = [
    { type: 'message_start', message: { ...base, content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  return events(
    list.map((each) => [(each as { type: string }).type, each] as const),
    headers,
  );
}

function responses(model: string, text: string, stream: boolean, headers: Record<string, string>): Response {
  const part = { type: 'output_text', text, annotations: [] };
  const item = { type: 'message', id: 'msg_contained', status: 'completed', role: 'assistant', content: [part] };
  const base = {
    id: 'resp_contained',
    object: 'response',
    created_at: 0,
    model,
    error: null,
    incomplete_details: null,
  };
  const whole = { ...base, status: 'completed', output: [item], output_text: text };
  if (!stream) return json(whole, headers);
  const where = { item_id: item.id, output_index: 0, content_index: 0 };
  const list: readonly object[] = [
    { type: 'response.created', response: { ...base, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...where, part: { ...part, text: '' } },
    { type: 'response.output_text.delta', ...where, delta: text },
    { type: 'response.output_text.done', ...where, text },
    { type: 'response.content_part.done', ...where, part },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: whole },
  ];
  return events(
    list.map((each, at) => [(each as { type: string }).type, { ...each, sequence_number: at }] as const),
    headers,
  );
}

/**
 * For `instead` of `guard.fetch`: the message of the hold as an answer of the model, streamed where it was to be, so that the
 * feature says it in its own voice. Chat completions and Responses of OpenAI, Messages of Anthropic; refusals elsewhere, and
 * where the hold says nothing or a limit is used up.
 */
export function scriptedAnswer(verdict: Verdict, { url, body }: Asked): Response | undefined {
  if (verdict.message === undefined || verdict.retryAfterMs !== undefined) return undefined;
  const path = new URL(url, 'http://unsaid').pathname;
  const shape = path.endsWith('/chat/completions')
    ? chat
    : path.endsWith('/messages')
      ? messages
      : path.endsWith('/responses')
        ? responses
        : undefined;
  const model = typeof body?.model === 'string' ? body.model : 'contained';
  return shape?.(model, verdict.message, body?.stream === true, {
    'x-firebreak-control': verdict.control ?? verdict.hold ?? 'fail-mode',
    'x-firebreak-epoch': String(verdict.epoch),
  });
}
