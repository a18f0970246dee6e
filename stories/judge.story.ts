import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { ago, supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let page: Page;

const waiting = () => stage.world.ana.client.call(candidates.listCandidates, { query: {} });

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  await wrongAnswers(stage.world);
  const client = await stage.world.program('signals:write');
  await client.call(signals.sendSignals, {
    body: [1, 2].map((n) => ({
      id: `slow-${n}`,
      system: 'support-bot',
      feature: 'order-status',
      kind: 'monitor-alert',
      detector: 'latency-monitor',
      at: ago(5 - n),
      text: 'Answers about orders take longer than 20 seconds',
      channel: 'telemetry' as const,
    })),
  });
  await vi.waitFor(async () => expect((await waiting()).open).toBeGreaterThanOrEqual(2), {
    timeout: 20_000,
    interval: 250,
  });
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

const open = async (title: string) => {
  await page.goto(`${stage.world.url}/candidates`);
  // The band of what was paged moves the rows down when it comes: a click in that moment meets another place.
  await page.getByText('nobody looks yet').first().waitFor();
  await page.locator('[data-row]').filter({ hasText: title }).first().click();
  await page.getByText('Why these belong together').waitFor();
};

it('merges a candidate into another one, with a reason, and goes there', async () => {
  await open('orders take longer');
  const from = page.url();
  await page.getByRole('button', { name: 'Merge …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('one device per subscription').first().click();
  await dialog.getByLabel('Why they are the same event').fill('Both began with prompt v41');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'merge-1440-light');
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.waitForURL((url) => url.href !== from);
  await page.getByText('merged by hand: Both began with prompt v41').first().waitFor();
  await page.goto(from);
  await page.getByText('This candidate was merged').waitFor();
  await page.getByRole('link', { name: /candidate that has its signals now/ }).waitFor();
  expect(await findings(page)).toEqual([]);
});

it('splits off what turns out to be another event', async () => {
  await open('one device per subscription');
  await page.getByRole('button', { name: 'Split …' }).click();
  const dialog = page.getByRole('dialog');
  const slow = dialog.getByLabel('Answers about orders take longer than 20 seconds');
  // What was merged a moment ago may still be on its way to this page.
  await slow.nth(1).waitFor();
  for (const box of await slow.all()) await box.check();
  await dialog.getByLabel('What it is').fill('Slow answers about orders');
  await dialog.getByLabel('Why they are another event').fill('The provider was slow; nothing to do with the prompt');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Split off 2' }).click();
  await page.getByRole('heading', { name: 'Slow answers about orders', level: 1 }).waitFor();
});

it('dismisses with a kind and a reason, keeps it, and says who did', async () => {
  await page.getByRole('button', { name: 'Dismiss …' }).click();
  const dialog = page.getByRole('dialog');
  const dismiss = dialog.getByRole('button', { name: 'Dismiss' });
  expect(await dismiss.isDisabled()).toBe(true);
  await dialog.getByText('Not ours').click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The provider has said so on its status page');
  expect(await findings(page)).toEqual([]);
  await dismiss.click();
  await page.getByText('This candidate was dismissed').waitFor();
  await page.getByText(/by Ana Nkemelu: The provider has said so/).waitFor();
  expect(await page.getByRole('button', { name: 'Declare' }).count()).toBe(0);
});

it('wires a control in daylight, which the room then offers at night', async () => {
  await page.goto(`${stage.world.url}/systems/support-bot`);
  await page.getByRole('button', { name: 'Wire a control' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What it does').selectOption('fence');
  await dialog.getByText(/Still needed/).waitFor();
  await dialog.getByLabel('Only people who are signed in').check();
  await dialog.getByLabel('Name', { exact: true }).fill('Customers only');
  await dialog.getByText('When pulled, it will fence: signed-in users only').waitFor();
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Wire it' }).click();
  await page.getByRole('button', { name: 'Pull Customers only' }).click();
  await page
    .getByRole('dialog', { name: 'Contain' })
    .getByRole('button', { name: /^Order: fence: signed-in users only/ })
    .waitFor();
});
