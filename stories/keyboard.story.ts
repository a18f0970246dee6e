import { containment } from '@firebreak/contract/respond/containment';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  await wrongAnswers(stage.world);
  page = await stage.page(null);
});
afterAll(() => stage?.close());

const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

it('signs in without a mouse', async () => {
  await page.goto(stage.world.url);
  await page.getByLabel('E-mail').waitFor();
  await page.keyboard.type(stage.world.ana.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(stage.world.ana.password);
  await page.keyboard.press('Enter');
  await heading('Now');
});

it('lists its keys, and skips to the content first', async () => {
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await picture(page, 'keyboard-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('goes anywhere by two keys, and by name with Ctrl K', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await heading('Systems');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
  await page.keyboard.type('meridian');
  await page.getByRole('option', { name: /Meridian Support/ }).waitFor();
  await picture(page, 'palette-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await heading('Meridian Support');
});

it('walks a list with J and K, opens with Enter, and declares with D', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await heading('Candidates');
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('j');
  expect(await focused()).toContain('one device per subscription');
  await page.keyboard.press('Enter');
  await page.getByText('Why these belong together').waitFor();
  await page.keyboard.press('d');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Declare Sev/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/incidents\/INC-/);
});

it('pulls the brake with C, a reason and Enter', async () => {
  await page.getByText('Nothing is stopped yet').waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Contain' });
  await dialog.getByText(/nothing will obey until one connects/).waitFor();
  expect(await dialog.getByLabel('Why').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type('Wrong policy told to customers');
  for (let presses = 0; presses < 20 && !(await focused()).startsWith('Order:'); presses += 1)
    await page.keyboard.press('Tab');
  expect(await focused()).toContain('roll back prompt v41 → v40');
  await page.keyboard.press('Enter');
  await page.getByText('Ana Nkemelu ordered: roll back prompt v41 → v40').waitFor();
  await page.getByText('no guard is connected, so nothing obeys').waitFor();
  const { holds } = await stage.world.ana.client.call(containment.listHolds, { query: {} });
  expect(holds).toHaveLength(1);
});

it('lets single keys be turned off, while Ctrl K goes on', async () => {
  await page.keyboard.press('?');
  await page.getByLabel('Single keys act').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.waitForTimeout(200);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Find anything' }).waitFor();
});
