import { protectedTexts } from '@firebreak/contract/detect/protected-texts';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
  for (const key of ['bot', 'other'])
    await world.ana.client.call(inventory.register, { body: { key, name: key, type: 'generative' } });
});
afterAll(() => world.close());

const words = (from: number, n: number) => Array.from({ length: n }, (_, i) => `word${from + i}`).join(' ');
const refused = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (problem: { code?: string }) => problem.code,
  );
const keep = (text: string, system = 'bot') =>
  world.ana.client.call(protectedTexts.keep, { body: { system, name: 'The manual', text } });
let n = 0;
async function answered(body: object): Promise<string[]> {
  const { ids } = await sender.call(signals.sendInteractions, {
    body: { id: `verbatim-${++n}`, system: 'bot', ...body },
  } as never);
  await world.settle();
  const read = await sender.call(signals.readInteraction, { params: { interaction: ids[0]! } });
  return read.signals.map(({ kind, evidenceClass }) => `${kind} ${evidenceClass}`);
}

it('holds answers against texts of their system, keeps none of their words, and stops when they are removed', async () => {
  const answer = { output: `Here it is: ${words(100, 120)}. Anything else?` };
  expect(await answered(answer)).toEqual([]);
  const { id, prints } = await keep(words(0, 400));
  expect(prints).toBeGreaterThan(10);
  expect(await answered(answer)).toEqual(['protected-text-disclosed strong']);
  expect(await answered({ output: words(100, 40) })).toEqual([]);
  expect(await answered({ input: `Translate: ${words(100, 120)}`, ...answer })).toEqual([]);
  expect(await answered({ ...answer, system: 'other' })).toEqual([]);
  const facts = await world.server.deps.db.query<{ data: unknown }>(
    "select data from fact where type = 'protected-text.kept'",
  );
  expect(JSON.stringify(facts.rows)).not.toContain('word10');
  expect((await sender.call(protectedTexts.list, { query: { system: 'bot' } })).items).toMatchObject([
    { id, name: 'The manual', prints },
  ]);
  await world.ana.client.call(protectedTexts.remove, { params: { text: id } });
  expect(await answered(answer)).toEqual([]);
  expect((await sender.call(protectedTexts.list, { query: {} })).items).toEqual([]);
});

it('refuses what makes no sense', async () => {
  expect(await refused(keep('Too short.'))).toBe('protected-text.too-short');
  expect(await refused(keep(words(0, 400), 'nobody'))).toBe('system.unknown');
  expect(await refused(world.ana.client.call(protectedTexts.remove, { params: { text: 'ptx_none' } }))).toBe(
    'protected-text.unknown',
  );
  for (let i = 0; i < 100; i++) await keep(words(1_000 * i, 200), 'other');
  expect(await refused(keep(words(0, 200), 'other'))).toBe('protected-text.too-many');
  expect(await refused(sender.call(protectedTexts.keep, { body: { system: 'bot', name: 'x', text: 'y' } }))).toBe(
    'authority.missing',
  );
});
