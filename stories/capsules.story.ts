import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { capsules } from '@firebreak/contract/respond/capsules';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard, type Guard } from '@firebreak/guard';
import type { Someone } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../apps/cli/src/run.ts';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let theo: Someone;
let folder: string;
const guards: Guard[] = [];
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  theo = await world.person('Theo Lind', ['lead']);
  folder = await mkdtemp(join(tmpdir(), 'firebreak-story-'));
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  for (const [name, what] of [
    ['Stop the answers', { kind: 'disable', feature: 'answers' }],
    ['Back to prompt v40', { kind: 'route', to: { prompt: 'v40' } }],
  ] as const)
    await client.call(containment.declareControl, { params: { system: 'support-bot' }, body: { name, what } });
  await client.call(incidents.declare, { body: { title: 'The bot invents a policy', systems: ['support-bot'] } });
});
afterAll(async () => {
  for (const guard of guards) guard.close();
  await stage?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

it('a capsule is made on the screen, applied with no server, and adopted on the phone', async () => {
  const { world } = stage;
  const page = await stage.page(theo);
  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByRole('button', { name: 'Make a capsule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Stop the answers, offline');
  expect(await dialog.getByLabel('Back to prompt v40').isDisabled()).toBe(true);
  await dialog.getByLabel('Stop the answers', { exact: false }).first().check();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'capsule-make-1440-light');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Make and download' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('support-bot-stop-the-answers-offline.capsule.json');
  const path = join(folder, 'capsule.json');
  await file.saveAs(path);
  expect(JSON.parse(await readFile(path, 'utf8')).about).toContain('firebreak capsule apply');
  await page.getByText('can be applied until it ends').waitFor();

  const state = join(folder, 'state.json');
  const said = { out: '', err: '' };
  const exit = await run(['node', 'firebreak', 'capsule', 'apply', path, '--state', state], {
    out: { write: (text) => (said.out += text), isTTY: true },
    err: { write: (text) => (said.err += text) },
    env: {},
  });
  expect([exit, said.err]).toEqual([0, '']);
  const { key } = await world.program('guard');
  const guard = await createGuard({
    url: world.url,
    key,
    system: 'support-bot',
    bootFailMode: 'allow',
    stateFile: state,
  });
  guards.push(guard);
  await guard.ready();
  await page.getByText('applied by hand').waitFor();
  await page.getByText('applied by hand').scrollIntoViewIfNeeded();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'capsule-applied-1440-light');

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(world.url);
  await phone.getByText('Applied by hand · 1').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'capsule-now-390-dark');
  await phone.getByRole('button', { name: 'Adopt …' }).click();
  await phone.getByRole('dialog').getByLabel('Why').fill('It was stopped by hand at night.');
  await phone.getByRole('button', { name: 'Adopt it' }).click();
  await phone.getByText('Applied by hand · 1').waitFor({ state: 'detached' });
  const { capsules: rows } = await theo.client.call(capsules.list, { params: { system: 'support-bot' } });
  expect(rows[0]).toMatchObject({ state: 'ended', ended: { incident: expect.stringMatching(/^inc_/) } });
  expect(guard.check({ feature: 'answers' }).action).toBe('deny');
});
