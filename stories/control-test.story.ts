import { incidents } from '@firebreak/contract/respond/incidents';
import type { Guard } from '@firebreak/guard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
let bot: Guard[] = [];

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  bot = await guards(stage.world, 'bot-1', 'bot-2');
  page = await stage.page(stage.world.ana);
});
afterAll(async () => {
  for (const guard of bot) guard.close();
  await stage?.close();
});

it('tests a control now: it was not ready, every instance passes, and no real request met it', async () => {
  await page.goto(`${stage.world.url}/systems/support-bot`);
  const controls = page.getByRole('list', { name: 'Controls' });
  const stop = controls.getByRole('listitem').filter({ hasText: 'Stop policy answers' });
  await stop.getByText('not ready: never tested').waitFor();
  await page.getByRole('button', { name: 'Test now: Stop policy answers' }).click();
  await page.getByRole('heading', { name: 'Test of Stop policy answers' }).waitFor();
  await page.getByText('2 instances passed.').waitFor({ timeout: 20_000 });
  await page.getByText('Instances · 2 of 2 passed').waitFor();
  expect(bot.map((guard) => guard.stats().refused)).toEqual([0, 0]);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'control-test-1440-light');
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(page.url());
  await phone.getByText('2 instances passed.').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'control-test-390-dark');

  await page.getByRole('link', { name: 'support-bot' }).first().click();
  await stop.getByText('ready', { exact: true }).waitFor();
  await stop.getByText(/in effect after \d+ ms/).waitFor();
  await page.getByText('One control was never tested.').waitFor();
  await stop.scrollIntoViewIfNeeded();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'controls-ready-1440-light');
});

it('plans the tests of a control', async () => {
  await page.getByRole('button', { name: 'Plan the tests of Back to prompt v40' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who answers for it').fill('Platform team');
  await dialog.getByLabel('Tested every … days').fill('0');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.getByText('Use a whole number from 1 to 365.').waitFor();
  await dialog.getByLabel('Tested every … days').fill('7');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'control-plan-1440-light');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('Platform team answers for it').waitFor();
  await page.getByText('tested every 7 days').waitFor();
});

it('rehearses a control in an exercise, on record', async () => {
  const { incident } = await stage.world.ana.client.call(incidents.declare, {
    body: { title: 'An exercise', systems: ['support-bot'], drill: true },
  });
  await page.goto(`${stage.world.url}/incidents/${incident.label}`);
  await page.getByRole('button', { name: 'Rehearse: Back to prompt v40' }).click();
  await page.getByText('2 instances passed.').waitFor({ timeout: 20_000 });
  await page.getByText('a rehearsal').waitFor();
  await page.getByRole('link', { name: 'Open its room' }).click();
  await page.getByRole('listitem').filter({ hasText: 'The rehearsal passed' }).first().waitFor();
  await picture(page, 'rehearsal-1440-light');
});
