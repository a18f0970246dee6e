import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly model?: string; readonly stream?: boolean; readonly [member: string]: unknown };
}

/**
 * Speaks the wire formats of OpenAI (chat, responses) and Anthropic (messages) with made-up answers: `Hello from <name>`,
 * streamed word by word when asked to.
 */
export interface StandInVendor {
  readonly url: string;
  readonly asked: Asked[];
  /** Connections that ended before the answer did. */
  cutOff: number;
  /** How the next answers behave. */
  mode: 'answer' | 'endless' | 'silent' | 'fail' | 'limit' | 'break' | 'unauthorized';
  /** What it answers instead of its greeting. */
  says: string | undefined;
  /** A tool it asks to be called, beside its words. */
  calls: string | undefined;
  close(): Promise<void>;
}

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

export async function openStandInVendor(name = 'vendor'): Promise<StandInVendor> {
  let answers = 0;

  const wordsOf = (text: string) => text.match(/\S+\s*|\s+/g) ?? [];

  /** The events of an answer in the format that its path asks for. */
  function eventsOf(path: string, id: string, model: string, pieces: readonly string[]) {
    const { calls } = vendor;
    if (path.endsWith('/messages')) {
      const event = (type: string, rest: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
      const message = {
        id,
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
      };
      const tool = { type: 'tool_use', id: 'toolu_1', name: calls, input: {} };
      return {
        first: [
          event('message_start', { message: { ...message, usage: { input_tokens: 7, output_tokens: 1 } } }),
          event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        ],
        piece: (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
        last: [
          event('content_block_stop', { index: 0 }),
          ...(calls === undefined
            ? []
            : [
                event('content_block_start', { index: 1, content_block: tool }),
                event('content_block_delta', {
                  index: 1,
                  delta: { type: 'input_json_delta', partial_json: '{"a":1}' },
                }),
                event('content_block_stop', { index: 1 }),
              ]),
          event('message_delta', {
            delta: { stop_reason: 'end_turn', stop_sequence: null },
            usage: { output_tokens: 3 },
          }),
          event('message_stop', {}),
        ],
      };
    }
    if (path.endsWith('/responses')) {
      const event = (type: string, rest: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
      const response = { id, object: 'response', created_at: 1, model, status: 'in_progress', output: [] as object[] };
      const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' };
      const content = [{ type: 'output_text', text: pieces.join(''), annotations: [] }];
      const usage = { input_tokens: 7, output_tokens: 3, total_tokens: 10 };
      return {
        first: [event('response.created', { response })],
        piece: (delta: string) =>
          event('response.output_text.delta', { item_id: item.id, output_index: 0, content_index: 0, delta }),
        last: [
          event('response.completed', {
            response: { ...response, status: 'completed', output: [{ ...item, content }], usage },
          }),
        ],
      };
    }
    const chunk = (choices: object[], rest: object = {}) =>
      `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model, choices, ...rest })}\n\n`;
    const delta = (said: object) => chunk([{ index: 0, delta: said, finish_reason: null }]);
    const tool = { index: 0, id: 'call_1', type: 'function', function: { name: calls, arguments: '{"a":1}' } };
    return {
      first: [delta({ role: 'assistant', content: '' })],
      piece: (content: string) => delta({ content }),
      last: [
        ...(calls === undefined ? [] : [delta({ tool_calls: [tool] })]),
        chunk([], { usage: USAGE }),
        'data: [DONE]\n\n',
      ],
    };
  }

  function stream(response: ServerResponse, path: string, id: string, model: string, text: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = wordsOf(text);
    const events = eventsOf(path, id, model, pieces);
    for (const event of events.first) response.write(event);
    if (vendor.mode === 'endless') {
      const timer = setInterval(() => response.write(events.piece('word ')), 5);
      response.on('close', () => clearInterval(timer));
      return;
    }
    for (const word of pieces) response.write(events.piece(word));
    response.end(events.last.join(''));
  }

  function whole(path: string, id: string, model: string, text: string): object {
    const { calls } = vendor;
    if (path.endsWith('/messages')) {
      const tool = calls === undefined ? [] : [{ type: 'tool_use', id: 'toolu_1', name: calls, input: { a: 1 } }];
      const content = [{ type: 'text', text }, ...tool];
      const usage = { input_tokens: 7, output_tokens: 3 };
      return {
        id,
        type: 'message',
        role: 'assistant',
        model,
        content,
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage,
      };
    }
    if (path.endsWith('/responses')) {
      const content = [{ type: 'output_text', text, annotations: [] }];
      const output = [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }];
      const usage = { input_tokens: 7, output_tokens: 3, total_tokens: 10 };
      return { id, object: 'response', created_at: 1, status: 'completed', model, output, usage };
    }
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: calls, arguments: '{"a":1}' } }];
    const message = { role: 'assistant', content: text, ...(calls === undefined ? {} : { tool_calls }) };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    return { id, object: 'chat.completion', created: 1, model, choices, usage: USAGE };
  }

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      let body: Asked['body'];
      try {
        body = JSON.parse(text === '' ? '{}' : text);
      } catch {
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"not JSON"}}');
        return;
      }
      vendor.asked.push({ path: request.url ?? '', headers: request.headers, body });
      answers += 1;
      const id = `chatcmpl-${name}-${answers}`;
      const model = String(body.model);
      response.on('close', () => {
        if (!response.writableFinished) vendor.cutOff += 1;
      });
      if (vendor.mode === 'silent') return;
      const status = { fail: 500, limit: 429, unauthorized: 401 }[vendor.mode as string];
      if (status !== undefined) {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end('{"error":{"message":"the vendor is unwell"}}');
        return;
      }
      if (vendor.mode === 'break') {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      const path = (request.url ?? '').split('?', 1)[0]!;
      const says = vendor.says ?? `Hello from ${name}`;
      if (body.stream === true) return stream(response, path, id, model, says);
      response.writeHead(200, { 'content-type': 'application/json', 'x-vendor': name });
      response.end(JSON.stringify(whole(path, id, model, says)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vendor: StandInVendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    cutOff: 0,
    mode: 'answer',
    says: undefined,
    calls: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return vendor;
}
