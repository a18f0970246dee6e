import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@firebreak/client';
import { evals } from '@firebreak/contract/detect/evals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../../../conformance/stand-in-model.ts';
import { startServer } from './index.ts';

const CASES = 30;
const LANES = 2;
let folder: string;
let model: StandInModel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-evals-'));
  model = await openStandInModel(() => 'You may return it within 30 days.');
});
afterEach(async () => {
  await model.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const until = async (happened: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1_200 && !(await happened()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await happened()).toBe(true);
};

it('goes on with a run where it stopped when the server was killed, and asks nothing twice that was answered', async () => {
  const env = { FIREBREAK_DATA: folder, FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' };
  const local = async (url: string): Promise<Client> =>
    createClient({ baseUrl: url, key: (await readFile(join(folder, 'keys/local.key'), 'utf8')).trim() });
  const first = await startServer(env);
  let client = await local(first.url);
  await client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
  const { target } = await client.call(evals.addTarget, {
    body: { name: 'Model', kind: 'openai', address: model.url, system: 'bot', model: 'm1', atOnce: LANES },
  });
  const { suite } = await client.call(evals.add, { body: { name: 'Returns', target: target.id } });
  const cases = Array.from({ length: CASES }, (_, i) => ({
    id: `c${i}`,
    input: [{ role: 'user', content: `Question ${i}` }],
    checks: [{ kind: 'contains' as const, value: '30 days' }],
  }));
  await client.call(evals.keepCases, { params: { suite: suite.id }, body: { cases } });
  const { run } = await client.call(evals.run, { params: { suite: suite.id } });
  await until(() => model.asked.length >= 8);
  await first.kill();
  const before = model.asked.length;
  expect(before).toBeLessThan(CASES);

  const second = await startServer(env);
  client = await local(second.url);
  const read = () => client.call(evals.showRun, { params: { run: run.id } });
  await until(async () => (await read()).run.state !== 'running');
  const { run: ended, results } = await read();
  expect(ended).toMatchObject({ state: 'finished', counts: { passed: CASES, failed: 0, unanswered: 0 } });
  expect(results.every(({ attempts }) => attempts.length === 1)).toBe(true);
  // What was under way in each lane is asked again, and nothing else.
  expect(model.asked.length).toBeLessThanOrEqual(CASES + LANES);
  expect(await second.stop()).toBe(0);
}, 120_000);
