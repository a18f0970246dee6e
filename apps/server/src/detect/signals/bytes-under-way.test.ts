import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MOST_UNDER_WAY } from './bytes-under-way.ts';
import { newSignalsUpTo } from './placement.ts';
import { stateOf, type TelemetryState, UNGROUPED_LIMIT } from './state.ts';

let world: World;
let url: string;
let state: TelemetryState;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld({ listen: true });
  url = world.url;
  state = stateOf(world.server.deps);
  sender = await world.program('telemetry:write', 'signals:write', 'read');
});
afterAll(() => world.close());
beforeEach(() => {
  expect(state.bytes.now).toBe(0);
});

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sender.key}`, ...JSON_TYPE, ...headers },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit);
const interaction = (id: string, output = 'Five.') => JSON.stringify({ id, system: 'full-bot', output });
const stored = async () => (await sender.call(signals.listInteractions, { query: { system: 'full-bot' } })).items;
const inPieces = (text: string) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < text.length; at += 400)
        controller.enqueue(new TextEncoder().encode(text.slice(at, at + 400)));
      controller.close();
    },
  });

/** Runs while only so many bytes are left, and then frees what the test had taken. */
async function withRoom<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  const taken = MOST_UNDER_WAY - bytes;
  state.bytes.now += taken;
  try {
    return await work();
  } finally {
    state.bytes.now -= taken;
  }
}
const expectBusy = async (answer: Response) => {
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await answer.json()).type).toBe('/problems/telemetry.too-busy');
};
const freed = () => expect.poll(() => state.bytes.now, { timeout: 2_000 });

it('asks to come back while no room is left for what is sent, and keeps nothing of it', async () => {
  const body = interaction('plain', 'x'.repeat(2_000));
  await withRoom(1_000, async () => expectBusy(await post('/api/v1/interactions', body)));
  expect(await stored()).toEqual([]);
  expect((await post('/api/v1/interactions', body)).status).toBe(200);
  await freed().toBe(0);
});

it('counts a body as what it becomes', async () => {
  const body = gzipSync(interaction('packed', 'x'.repeat(200_000)));
  expect(body.length).toBeLessThan(1_000);
  const packed = { 'content-encoding': 'gzip' };
  const had = (await stored()).length;
  await withRoom(10_000, async () => expectBusy(await post('/api/v1/interactions', new Uint8Array(body), packed)));
  expect(await stored()).toHaveLength(had);
  expect((await post('/api/v1/interactions', new Uint8Array(body), packed)).status).toBe(200);
  await freed().toBe(0);
});

it('counts a body that does not say its length as it comes', async () => {
  const body = interaction('pieces', 'x'.repeat(5_000));
  await withRoom(1_000, async () => expectBusy(await post('/api/v1/interactions', inPieces(body))));
  expect((await post('/api/v1/interactions', inPieces(body))).status).toBe(200);
  await freed().toBe(0);
});

it('refuses what is too large as too large, and forgets who went away', async () => {
  const { hostname, port } = new URL(url);
  const head = (length: number) =>
    `POST /api/v1/interactions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${sender.key}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const said = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(head(MOST_UNDER_WAY * 2)));
    socket.once('data', (part) => {
      socket.destroy();
      resolve(part.toString());
    });
  });
  expect(said).toContain('413');
  await freed().toBe(0);
  const socket = connect(Number(port), hostname, () => socket.write(`${head(5_000)}{"system":`));
  await freed().toBe(5_000);
  socket.destroy();
  await freed().toBe(0);
});

it('takes no more signals than the grouping can be expected to reach', async () => {
  const signal = JSON.stringify({ system: 'full-bot', kind: 'complaint', text: 'it lies', evidenceClass: 'weak' });
  const { ungrouped } = state;
  state.ungrouped = async () => UNGROUPED_LIMIT;
  await expectBusy(await post('/api/v1/signals', signal));
  expect((await post('/api/v1/interactions', interaction('beside'))).status).toBe(200);
  state.ungrouped = ungrouped;
  expect((await post('/api/v1/signals', signal)).status).toBe(200);
  const { db } = world.server.deps;
  await world.settle();
  await db.query("update signal set placement = 'new'");
  expect([await newSignalsUpTo(db, 1), await newSignalsUpTo(db, 0)]).toEqual([1, 0]);
});
