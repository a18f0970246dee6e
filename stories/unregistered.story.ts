import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, type Stage } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  await stage.world.ana.client.call(incidents.declare, {
    body: { title: 'Something called ghost-bot leaks keys', systems: ['ghost-bot'] },
  });
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

it('says what to do about a system that nobody has registered, instead of failing', async () => {
  await page.goto(stage.world.url);
  await page.getByRole('link', { name: 'Something called ghost-bot leaks keys' }).click();
  await page.getByText('It is not registered').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Contain' });
  await dialog.getByText('ghost-bot is not registered').waitFor();
  expect(await dialog.getByRole('button', { name: 'Order' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Which system').selectOption({ label: 'Meridian Support' });
  await dialog.getByText('Back to prompt v40').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${stage.world.url}/systems/ghost-bot`);
  await page.getByText('ghost-bot is not registered').waitFor();
  expect(await findings(page)).toEqual([]);
});

it('tells a screen reader which screen it came to', async () => {
  await page.getByRole('link', { name: 'To the systems' }).click();
  await page.getByRole('status').filter({ hasText: 'Systems · Firebreak' }).waitFor();
});
