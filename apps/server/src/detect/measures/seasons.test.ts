import { measures } from '@firebreak/contract/detect/measures';
import { signals } from '@firebreak/contract/detect/signals';
import { watches } from '@firebreak/contract/detect/watches';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collapseAll } from './collapse.ts';
import { watching } from './look.ts';

const STEP_MS = 300_000;
const DAY = 288;

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
  await world.ana.client.call(inventory.register, { body: { key: 'desk', name: 'Desk', type: 'generative' } });
});
afterAll(() => world.close());

/** A queue with a daily rhythm and a little noise. */
const usual = (i: number): number => 100 + 60 * Math.sin((2 * Math.PI * i) / DAY) + ((i * 7_919) % 13) / 3;

it('what a season has learned outlives a restart, and the next point is judged with it', async () => {
  const from = Math.floor(Date.parse(world.now()) / STEP_MS) * STEP_MS;
  const days = 12;
  const first = from - days * DAY * STEP_MS;
  const send = (points: readonly (readonly [i: number, value: number])[]) =>
    sender.call(measures.send, {
      body: points.map(([i, value]) => ({
        system: 'desk',
        name: 'queue',
        value,
        at: new Date(first + i * STEP_MS).toISOString(),
      })),
    });
  for (let day = 0; day < days; day++)
    await send(Array.from({ length: DAY }, (_, i) => [day * DAY + i, usual(day * DAY + i)] as const));
  await world.advance('1m');
  const { watch } = await world.ana.client.call(watches.add, {
    body: { system: 'desk', measure: 'queue', name: 'Queue', rule: { kind: 'season', aspect: 'mean' } },
  });
  await world.advance('2m');
  const stands = async () =>
    (await world.ana.client.call(watches.list, { query: { system: 'desk' } })).watches.find(
      ({ id }) => id === watch.id,
    )!;
  const learned = (await stands()).learned;
  expect(await stands()).toMatchObject({ state: 'watching', learned: expect.any(Number) });
  expect(learned).toBeGreaterThan(11 * DAY);
  const { rows } = await world.server.deps.db.query<{ size: number }>(
    'select octet_length(data::text)::int as size from watch_state where watch = $1',
    [watch.id],
  );
  expect(rows[0]!.size).toBeLessThan(20_000);

  // What lies far back goes; that it was learned does not.
  const gone = new Date(from - 9 * 86_400_000).toISOString().slice(0, 16);
  await world.server.deps.db.query('delete from measure_minute where minute < $1', [gone]);
  const told = async () =>
    (await sender.call(signals.listSignals, { query: { system: 'desk' } })).items.filter(
      ({ kind }) => kind === 'strange-for-the-hour',
    );
  expect(await told()).toEqual([]);

  // Two hours on: half an hour as ever, then as high as at another hour, which is nothing strange for a day but for this one.
  await world.advance('2h');
  const next = days * DAY;
  const high = Math.max(...Array.from({ length: DAY }, (_, i) => usual(i)));
  await send(Array.from({ length: 22 }, (_, i) => [next + i, i < 6 ? usual(next + i) : high] as const));
  await collapseAll(world.server.deps);
  // A restarted server has nothing in memory.
  await watching.look({ ...world.server.deps });
  expect((await stands()).learned).toBeGreaterThan(learned + 12);
  expect(await told()).toMatchObject([{ detector: 'watch Queue', text: expect.stringContaining('days before had') }]);

  // What an earlier version wrote down is not read: it learns anew from what is stored, and tells nothing twice.
  await world.server.deps.db.query(
    `update watch_state set data = '{"perDay":288,"seen":9,"pastStrangest":[],"looks":{}}' where watch = $1`,
    [watch.id],
  );
  await world.advance('10m');
  await send([[next + 23, usual(next + 23)]]);
  await collapseAll(world.server.deps);
  await watching.look({ ...world.server.deps });
  expect((await stands()).learned).toBeGreaterThan(7 * DAY);
  expect(await told()).toHaveLength(1);
});
