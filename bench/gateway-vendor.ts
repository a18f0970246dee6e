import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The vendor of the bench, in a process of its own: 652 bytes of answer, or 20 events, as fast as it can. */
const message = {
  role: 'assistant',
  content: `Thank you for asking. ${'All of this is made up. '.repeat(14)}`.slice(0, 360),
};
const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  usage: { prompt_tokens: 300, completion_tokens: 80, total_tokens: 380 },
});
const event = (content: string) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

const server = createServer((request, response) => {
  let stream = false;
  request.on('data', (chunk: Buffer) => {
    stream ||= chunk.includes('"stream":true');
  });
  request.on('end', () => {
    if (!stream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
      response.end(answer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('first'));
    setTimeout(() => {
      for (let count = 0; count < 18; count += 1) response.write(event(' word'));
      response.end('data: [DONE]\n\n');
    }, 5);
  });
});
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
