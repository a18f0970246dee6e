// Tries the built package with version 7 of the OpenAI client, found at FIREBREAK_OPENAI: a refusal is one attempt, an ended answer an error.
import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { standIn, until } from './try-package.mjs';

const load = (...path) => import(pathToFileURL(join(...path)).href);
const { default: OpenAI } = await load(process.env.FIREBREAK_OPENAI, 'index.mjs');
const { createGuard, ContainedError } = await load(fileURLToPath(new URL('./dist/', import.meta.url)), 'index.js');
const { openStandIn, holdOf, STAND_IN_KEY: key } = await standIn();

let asked = 0;
let left = 0;
const vendor = createServer((request, response) => {
  asked += 1;
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const word = { id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'word ' } }] };
  const timer = setInterval(() => response.write(`data: ${JSON.stringify(word)}\n\n`), 5);
  response.on('close', () => {
    clearInterval(timer);
    left += 1;
  });
});
await new Promise((listening) => vendor.listen(0, '127.0.0.1', listening));
const server = await openStandIn();
const guard = await createGuard({ url: server.url, key, system: 'support-bot', bootFailMode: 'deny' });
await guard.ready();
const order = async (...holds) => {
  server.hold(...holds);
  await until('obeyed', () => guard.stats().epoch === server.snapshot().epoch);
};
const baseURL = `http://127.0.0.1:${vendor.address().port}/v1`;
const openai = new OpenAI({ apiKey: 'sk-1', baseURL, fetch: guard.fetch(fetch, { asking: { feature: 'answers' } }) });
const ask = () =>
  openai.chat.completions.create({ model: 'm1', stream: true, messages: [{ role: 'user', content: 'hello' }] });
const stop = holdOf({ kind: 'disable', feature: 'answers' });

// An answer under way is ended with an error, and the vendor is let go.
await order();
const words = [];
await assert.rejects(
  async () => {
    for await (const part of await ask()) if (words.push(part) === 3) void order(stop);
  },
  (error) => error instanceof ContainedError || error.cause instanceof ContainedError,
);
assert.ok(words.length >= 3);
await until('the vendor is let go', () => left === 1);

// Refused in one attempt, and the vendor is not asked.
await until('obeyed', () => guard.check({ feature: 'answers' }).action === 'deny');
const began = performance.now();
await assert.rejects(ask(), (error) => error.status === 403);
assert.ok(performance.now() - began < 400, 'a refusal was tried again');
assert.equal(asked, 1);

guard.close();
await server.close();
vendor.closeAllConnections();
vendor.close();
console.log('with version 7 of the OpenAI client it refuses once, and ends answers loudly');
process.exit(0);
