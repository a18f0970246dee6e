import type { Guard } from '@firebreak/guard';
import type { Someone } from '@firebreak/world';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { guards, supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let page: Page;
let theo: Someone;
let obeying: Guard[] = [];

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  theo = await stage.world.person('Theo Lind', ['lead']);
  obeying = await guards(stage.world, 'bot-1', 'bot-2');
  page = await stage.page(stage.world.ana);
});
afterAll(async () => {
  for (const guard of obeying) guard.close();
  await stage?.close();
});

it('shows a candidate by itself, with the reasons why its signals belong together', async () => {
  await page.goto(stage.world.url);
  await page.getByText('Nothing waits').waitFor();
  await wrongAnswers(stage.world);
  const row = page.getByRole('list', { name: 'Candidates' }).getByRole('listitem').first();
  await row.getByText('one device per subscription').first().waitFor();
  await row.getByText(/Together because/).waitFor();
  await row.getByRole('link').click();
  await page.getByText('Why these belong together').waitFor();
  await page.getByText('prompt v40 → v41').waitFor();
  await picture(page, 'candidate-1440-light');
  expect(await findings(page)).toEqual([]);
});

it('opens what a signal is made of', async () => {
  await page.getByRole('button', { name: 'Read the interaction' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Your plan covers one device per subscription').first().waitFor();
  await dialog.getByText('Retrieved: 1 passages').or(dialog.getByText('Retrieved: 1 passage')).first().click();
  await dialog.getByText('You can sign in on any phone').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

it('declares from the candidate, filled in and with a suggested severity', async () => {
  await page.getByRole('button', { name: 'Declare' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('What is happening').inputValue()).not.toBe('');
  expect(await dialog.getByLabel('Meridian Support').isChecked()).toBe(true);
  await dialog.getByText('From the signals:').waitFor();
  await picture(page, 'declare-1440-light');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Declare Sev 2/ }).click();
  await page.waitForURL(/\/incidents\/INC-/);
  await page.getByText('Nothing is stopped yet').waitFor();
  await page.getByText('Commander missing').waitFor();
  await page.getByRole('button', { name: 'Take it: Commander' }).click();
  await page.getByText('Ana Nkemelu is commander').waitFor();
});

it('contains: says first what it touches, then shows the three proofs apart', async () => {
  expect(obeying[0]!.check({ feature: 'policy-answers', prompt: 'v41' }).action).toBe('allow');
  await page.getByRole('button', { name: /Back to prompt v40/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('2 live instances will obey').waitFor();
  expect(await dialog.getByLabel('Preserve evidence first').isChecked()).toBe(true);
  const order = dialog.getByRole('button', { name: /^Order: roll back prompt v41 → v40/ });
  expect(await order.isDisabled()).toBe(true);
  await dialog.getByLabel('Why').fill('Wrong policy told to customers');
  await picture(page, 'contain-1440-light');
  expect(await findings(page)).toEqual([]);
  await order.click();
  const card = page.getByRole('article', { name: /roll back prompt v41 → v40/ });
  await card.locator('[data-truth=acknowledged]').getByText('2 / 2').waitFor();
  await page.getByText('Confirmed by all 2 live instances').waitFor();
  await page.getByText('Evidence preserved before any change').last().waitFor();
  await card.locator('[data-truth=probe]').getByText('it works').waitFor();
  expect(await card.locator('[data-truth=traffic]').textContent()).toContain('not yet seen');
  expect(obeying[0]!.check({ feature: 'policy-answers', prompt: 'v41' })).toMatchObject({
    action: 'reroute',
    to: { prompt: 'v40' },
  });
  expect(obeying[0]!.check({ feature: 'order-status', prompt: 'v41' }).action).toBe('allow');
  await card
    .locator('[data-truth=traffic]')
    .getByText(/request.* rerouted/)
    .waitFor({ timeout: 20_000 });
  await card.getByRole('button', { name: 'Who obeys' }).click();
  await card.getByText('bot-2').waitFor();
  expect(await card.getByText('obeys', { exact: true }).count()).toBe(2);
  await picture(page, 'room-1440-light');
  expect(await findings(page)).toEqual([]);
});

it('does not let the one who ordered lift it, and says kindly who can', async () => {
  await page.getByRole('button', { name: 'Lift …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('somebody else must lift it').waitFor();
  await dialog.getByText('Ask Theo Lind').waitFor();
  expect(await dialog.getByRole('button', { name: 'Lift it' }).count()).toBe(0);
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Keep it in force' }).click();
});

it('lets a second person lift it, and both see it at once', async () => {
  const other = await stage.page(theo);
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Lift …' }).click();
  await other.getByLabel('Why it is safe to let go').fill('v42 passed the policy set');
  await other.getByRole('dialog').getByRole('button', { name: 'Lift it' }).click();
  await page.getByText('Theo Lind lifted a hold').waitFor();
  await page.getByText('Nothing any more').waitFor();
  expect(obeying[0]!.check({ feature: 'policy-answers', prompt: 'v41' }).action).toBe('allow');
});

it('keeps the evidence: what was preserved, how far it is sealed, and a bundle to take away', async () => {
  await page.getByRole('link', { name: /^Evidence/ }).click();
  await page.getByText('prompt v41').first().waitFor();
  await page.getByText('all facts sealed').waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Check the whole log now' }).click();
  await page.getByText('The log is intact').waitFor();
  await picture(page, 'evidence-1440-light');
  expect(await findings(page)).toEqual([]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the bundle' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^inc-.*\.zip$/);
  expect(await download.failure()).toBeNull();
});

it('stops something nobody wired, for an incident nobody declared, in one go', async () => {
  await page.goto(`${stage.world.url}/systems/support-bot`);
  await page.getByText('bot-2').waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Contain' });
  await dialog.getByLabel('For which incident').selectOption({ label: 'None yet: declare one now' });
  await dialog.getByText('Something that is not wired in advance').click();
  await dialog.getByText('Disable Order status').click();
  await dialog.getByLabel('What is happening').fill('Order status shows orders of strangers');
  await dialog.getByLabel('Why').fill('Personal data of others is shown');
  await dialog.getByLabel('It ends').selectOption({ label: 'By itself, after 1 h' });
  await dialog.getByLabel('Preserve evidence first').uncheck();
  const order = dialog.getByRole('button', { name: 'Order: disable order-status' });
  expect(await order.isDisabled()).toBe(true);
  await dialog.getByText('Say why nothing is preserved.').waitFor();
  await dialog.getByLabel('Why nothing is preserved').fill('Every second shows more of it');
  await order.click();
  await page.getByRole('heading', { name: 'Order status shows orders of strangers', level: 1 }).waitFor();
  await page.getByText('Ana Nkemelu ordered: disable order-status').waitFor();
  await page.getByText('Ana Nkemelu skipped preserving evidence').waitFor();
  await page.getByText('Confirmed by all 2 live instances').waitFor();
  expect(obeying[1]!.check({ feature: 'order-status' }).action).toBe('deny');
  expect(obeying[1]!.check({ feature: 'policy-answers' }).action).toBe('allow');
  expect(await findings(page)).toEqual([]);
});

it('makes a hold longer, which everybody sees', async () => {
  await page
    .getByText(/ends by itself in/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Extend …' }).click();
  await page.getByLabel('From now on it ends').selectOption({ label: 'By itself, after 4 h' });
  await page.getByLabel('Why').fill('The fix ships tomorrow');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set it' }).click();
  await page.getByText('Ana Nkemelu extended a hold').waitFor();
  await page
    .getByText(/ends by itself in 3 h 59 min/)
    .first()
    .waitFor();
});
