import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly model?: string; readonly stream?: boolean; readonly [member: string]: unknown };
}

/** Speaks the OpenAI wire format with made-up answers: `Hello from <name>`, streamed word by word when asked to. */
export interface StandInVendor {
  readonly url: string;
  readonly asked: Asked[];
  /** Connections that ended before the answer did. */
  cutOff: number;
  /** How the next answers behave. */
  mode: 'answer' | 'endless' | 'silent' | 'fail' | 'break';
  close(): Promise<void>;
}

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

export async function openStandInVendor(name = 'vendor'): Promise<StandInVendor> {
  let answers = 0;

  function stream(response: ServerResponse, id: string, model: string): void {
    const send = (delta: object, rest: object = {}) =>
      response.write(
        `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model, choices: [{ index: 0, delta, finish_reason: null }], ...rest })}\n\n`,
      );
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (vendor.mode === 'endless') {
      const timer = setInterval(() => send({ content: 'word ' }), 5);
      response.on('close', () => clearInterval(timer));
      return;
    }
    send({ role: 'assistant', content: '' });
    for (const word of ['Hello', ' from ', name]) send({ content: word });
    response.write(
      `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: 1, model, choices: [], usage: USAGE })}\n\n`,
    );
    response.end('data: [DONE]\n\n');
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
      if (vendor.mode === 'fail') {
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end('{"error":{"message":"the vendor is unwell"}}');
        return;
      }
      if (vendor.mode === 'break') {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      if (body.stream === true) return stream(response, id, model);
      const message = { role: 'assistant', content: `Hello from ${name}` };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      const answer = JSON.stringify({ id, object: 'chat.completion', created: 1, model, choices, usage: USAGE });
      response.writeHead(200, { 'content-type': 'application/json', 'x-vendor': name }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vendor: StandInVendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    cutOff: 0,
    mode: 'answer',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return vendor;
}
