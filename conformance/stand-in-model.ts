import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelAsked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly model?: string; readonly messages?: readonly { role: string; content: string }[] };
}

type Said = string | { readonly content: string | null; readonly tool_calls?: readonly object[] };

/** Speaks the OpenAI chat format, and answers what it is told to answer. */
export interface StandInModel {
  readonly url: string;
  readonly asked: ModelAsked[];
  /** What it says to a question. */
  says: (question: string, asked: ModelAsked) => Said;
  /** An answer of another status, instead of words. */
  status: number;
  /** Headers beside that status. */
  headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openStandInModel(says: StandInModel['says']): Promise<StandInModel> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const asked: ModelAsked = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text || '{}') };
      model.asked.push(asked);
      response.setHeader('content-type', 'application/json');
      if (model.status !== 200) {
        response
          .writeHead(model.status, { 'retry-after': '1', ...model.headers })
          .end('{"error":{"message":"unwell"}}');
        return;
      }
      const said = model.says(asked.body.messages?.at(-1)?.content ?? '', asked);
      const message = typeof said === 'string' ? { role: 'assistant', content: said } : { role: 'assistant', ...said };
      response.end(
        JSON.stringify({
          id: `chatcmpl-${model.asked.length}`,
          object: 'chat.completion',
          created: 1,
          model: asked.body.model,
          choices: [{ index: 0, message, finish_reason: 'stop' }],
          usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: StandInModel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: [],
    says,
    status: 200,
    headers: {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return model;
}
