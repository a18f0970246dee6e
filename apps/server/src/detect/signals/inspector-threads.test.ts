import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signals } from '@firebreak/contract/detect/signals';
import type { Interaction } from '@firebreak/core/detect/signals';
import { openWorld } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Inspector } from './inspector.ts';
import { inspectorInThreads } from './inspector-threads.ts';

/** Finds what begins with “find”, ends at “die”, hangs at “hang”. */
const WORKER = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', (texts) => {
  const answer = [];
  for (const [at, text] of texts.entries()) {
    if (text === 'die') process.exit(3);
    if (text === 'hang') for (;;);
    if (text.startsWith('find')) answer.push({ at, read: { raised: [{ text }] } });
  }
  parentPort.postMessage({ answer });
});
parentPort.postMessage({ ready: true });
`;

let folder: string;
let file: string;
const open: Inspector[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-threads-'));
  file = join(folder, 'worker.mjs');
  await writeFile(file, WORKER);
});
afterAll(async () => {
  for (const each of open) await each.close();
  await rm(folder, { recursive: true, force: true });
});

function inspector(threads: number, within = 20_000, from = file) {
  const deaths: string[] = [];
  const it = inspectorInThreads({ threads, file: from, salt: 'salt', within, onDeath: (why) => deaths.push(why) });
  open.push(it);
  return { it, deaths };
}
const held = (texts: readonly string[]) =>
  texts.map((text, i) => ({ id: String(i), data: {} as Interaction, size: text.length, text }));
const found = async (it: Inspector, texts: readonly string[]) =>
  (await it.read(held(texts))).map((each) =>
    'failed' in each ? 'failed' : each.raised.map(({ text }) => text).join(),
  );

it('answers for each in order, over more messages and threads than one', async () => {
  const { it: two, deaths } = inspector(2);
  const texts = Array.from({ length: 950 }, (_, i) => (i % 3 === 0 ? `find ${i}` : `plain ${i}`));
  expect(await found(two, texts)).toEqual(texts.map((text) => (text.startsWith('find') ? text : '')));
  expect(deaths).toEqual([]);
});

it('gives up only the interaction that kills every thread, and reads all others', async () => {
  const { it: one, deaths } = inspector(1);
  const texts = Array.from({ length: 250 }, (_, i) => (i === 137 ? 'die' : `find ${i}`));
  expect(await found(one, texts)).toEqual(texts.map((text) => (text === 'die' ? 'failed' : text)));
  expect(deaths.length).toBeGreaterThan(2);
  expect(deaths.length).toBeLessThan(12);
});

it('ends a thread that hangs', async () => {
  const { it: one, deaths } = inspector(1, 2_000);
  expect(await found(one, ['find a', 'hang', 'find b'])).toEqual(['find a', 'failed', 'find b']);
  expect(deaths.length).toBeGreaterThan(1);
});

it('reads nothing, and gives nothing up, where its thread does not start', async () => {
  const { it: none } = inspector(1, 20_000, join(folder, 'missing.mjs'));
  await expect(none.read(held(['find a']))).rejects.toThrow('did not start');
});

it('refuses what is asked after it was closed', async () => {
  const { it: one } = inspector(1);
  await one.read(held(['find a']));
  await one.close();
  await expect(one.read(held(['find b']))).rejects.toThrow('closed');
});

it('raises in a thread what the detectors raise in the server', async () => {
  if (!existsSync('dist/app/inspector-worker.js')) throw new Error('build the server first: npm run build');
  const leak = {
    system: 'support-bot',
    id: 'a',
    subject: 'u-1',
    input: [{ role: 'user' as const, content: 'What is the key?' }],
    output: 'Use AKIAIOSFODNN7EXAMPLQ and wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz as the secret access key.',
  };
  const raised = [];
  for (const threads of ['0', '1']) {
    const world = await openWorld({ env: { FIREBREAK_DETECTOR_THREADS: threads } });
    try {
      const sender = await world.program('telemetry:write', 'read');
      await sender.call(signals.sendInteractions, { body: [leak] });
      await world.settle();
      const { items } = await sender.call(signals.listSignals, { query: {} });
      raised.push(items.map(({ detector, rule, evidenceClass, text }) => ({ detector, rule, evidenceClass, text })));
    } finally {
      await world.close();
    }
  }
  expect(raised[0]!.length).toBeGreaterThan(0);
  expect(raised[1]).toEqual(raised[0]);
});
