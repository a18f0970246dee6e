import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bot } from './bot.ts';
import { CHAT_PAGE } from './chat-page.ts';

const BODY_LIMIT = 8 * 1024;

async function questionIn(request: IncomingMessage): Promise<{ question: string; session: string } | null> {
  let text = '';
  for await (const part of request) {
    text += String(part);
    if (text.length > BODY_LIMIT) return null;
  }
  try {
    const { question, session } = JSON.parse(text);
    return typeof question === 'string' && question.trim() !== '' && typeof session === 'string'
      ? { question: question.slice(0, 500), session: session.slice(0, 60) }
      : null;
  } catch {
    return null;
  }
}

async function chat(bot: Bot, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = await questionIn(request);
  if (asked === null) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const send = (line: object) => response.write(`${JSON.stringify(line)}\n`);
  const { answer: _answer, ...done } = await bot.answer({ ...asked, customer: asked.session }, (piece) =>
    send({ piece }),
  );
  send({ done });
  response.end();
}

/** The shop's own web server: the page, and the door it asks through. */
export async function startChat(bot: Bot, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(CHAT_PAGE);
    else if (request.method === 'POST' && request.url === '/api/chat')
      chat(bot, request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
