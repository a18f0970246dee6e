import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf } from '../../../conformance/stand-in-control-plane.ts';
import { hook, protect, questionFrom, type RequestFacts, refusalFor } from './http.ts';

let open: Guarded;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  open = await openGuarded();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await open.close();
});

interface Has {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
const facts: RequestFacts<Has> = {
  question: { feature: 'answers' },
  countryHeader: 'cf-ipcountry',
  who: ({ headers }) => ({ subject: headers['x-user'] as string | undefined }),
};

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withExpress(): Promise<string> {
  const app = express();
  app.get('/', protect<Has>(open.guard, facts) as never, (_, response) => void response.send('answered'));
  return listen(createServer(app));
}
async function withFastify(): Promise<string> {
  const app = Fastify();
  app.get('/', { onRequest: hook<Has>(open.guard, facts) as never }, async () => 'answered');
  closing.push(() => app.close());
  return app.listen({ port: 0, host: '127.0.0.1' });
}
async function withHandler(): Promise<string> {
  const handler = (request: Request) =>
    refusalFor(open.guard, request, {
      ...facts,
      who: ({ headers }) => ({ subject: headers.get('x-user') ?? undefined }),
    }) ?? new Response('answered');
  const server = createServer((request, response) => {
    const answer = handler(new Request('http://here/', { headers: request.headers as Record<string, string> }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    void answer.text().then((text) => response.end(text));
  });
  return listen(server);
}

describe.each([
  ['Express', withExpress],
  ['Fastify', withFastify],
  ['a handler of requests', withHandler],
] as const)('%s', (_, start) => {
  it('refuses by country and by who asks, and says when to come again', async () => {
    const url = await start();
    const ask = (headers: Record<string, string>) => fetch(url, { headers: { connection: 'close', ...headers } });
    const ann = { 'cf-ipcountry': 'NL', 'x-user': 'ann' };
    expect(await (await ask(ann)).text()).toBe('answered');
    const hold = holdOf({ kind: 'fence', countries: { mode: 'deny', list: ['DE'] }, audience: 'authenticated' });
    await open.order(hold, holdOf({ kind: 'limit', requests: 1, seconds: 600, per: 'subject' }));
    const refused = await ask({ ...ann, 'cf-ipcountry': 'DE' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await refused.json()).toMatchObject({ hold: hold.hold, status: 403 });
    expect((await ask({ 'cf-ipcountry': 'NL' })).status).toBe(403);
    expect((await ask({ 'x-user': 'ann' })).status).toBe(403);
    expect((await ask(ann)).status).toBe(200);
    const limited = await ask(ann);
    expect([limited.status, Number(limited.headers.get('retry-after')) > 500]).toEqual([429, true]);
  });
});

it('believes no header that it was not told of', () => {
  const headers = { 'cf-ipcountry': 'NL', 'x-vercel-ip-country': 'NL' };
  expect(questionFrom({ headers })).toEqual({ authenticated: false, subject: undefined, country: undefined });
});
