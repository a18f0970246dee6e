import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  const rae = await stage.world.person('Rae Responder', ['responder']);
  page = await stage.page(rae);
});
afterAll(() => stage?.close());

it('is filled in where the suggestion is sure while somebody declares, and never forced', async () => {
  await page.goto(`${stage.world.url}/incidents`);
  await page.getByRole('button', { name: 'Declare', exact: false }).first().click();
  const dialog = page.getByRole('dialog');
  const kind = dialog.getByLabel('Kind of failure');
  expect(await kind.inputValue()).toBe('unknown');
  await dialog.getByLabel('What is happening').fill('Bot invents a refund policy that does not exist');
  await dialog.getByRole('option', { name: 'Misinformation cascade, as suggested' }).waitFor({ state: 'attached' });
  expect(await kind.inputValue()).toBe('misinformation-cascade');
  expect(await findings(page)).toEqual([]);
  await kind.scrollIntoViewIfNeeded();
  await picture(page, 'archetype-declare-1440-light');
  await kind.selectOption('unknown');
  await dialog.getByLabel('Meridian Support').check();
  await dialog.getByRole('button', { name: /^Declare Sev/ }).click();
  await page.getByRole('button', { name: 'Kind of failure?' }).waitFor();
});

it('is taken from the suggestion with one click, which brings the playbook that fits', async () => {
  const room = page.getByRole('complementary', { name: 'In force' });
  await room.getByText('nobody has called it yet').waitFor();
  await room.getByText(/weighed most/).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'archetype-open-1440-light');
  await room.getByRole('button', { name: 'Call it misinformation cascade' }).click();
  await page.getByText('called it misinformation cascade').waitFor();
  await page.getByRole('button', { name: 'Misinformation cascade', exact: true }).waitFor();
  await page.getByText('It was called misinformation cascade').waitFor();
  expect(await room.getByRole('button', { name: /^Call it/ }).count()).toBe(0);
});

it('is changed when somebody knows better: another, with what it also shows and why', async () => {
  await page.getByRole('link', { name: 'Triage' }).click();
  await page.getByRole('button', { name: 'Print on one page' }).waitFor(); // the room has a "Change …" of its own
  await page.getByRole('button', { name: 'Change …' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Call it that' }).isDisabled()).toBe(true);
  await dialog.getByLabel('It is').selectOption('prompt-injection');
  await dialog.getByLabel('Data exfiltration').check();
  await dialog.getByLabel('Why').fill('A ticket told the bot to invent it');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'archetype-dialog-1440-light');
  await dialog.getByRole('button', { name: 'Call it that' }).click();
  await page.getByText('also shows data exfiltration').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'archetype-triage-1440-light');
  await page.getByRole('link', { name: 'Room', exact: true }).click();
  await page.getByText('It is called prompt injection, and this playbook is for').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'archetype-differs-1440-light');
  await page.getByRole('button', { name: 'Follow the one that fits' }).click();
  await page.getByText('and this playbook is for').waitFor({ state: 'detached' });
});

it('is what the register is narrowed by, and what a viewer reads and cannot change', async () => {
  await page.goto(`${stage.world.url}/incidents`);
  await page.getByLabel('Kind of failure, as called').selectOption('data-exfiltration');
  await page.getByRole('link', { name: 'Bot invents a refund policy' }).waitFor();
  await picture(page, 'archetype-register-1440-light');
  await page.getByLabel('Kind of failure, as called').selectOption('unknown');
  await page.getByText('None of this kind').waitFor();

  const { incidents: rows } = await stage.world.ana.client.call(incidents.list, { query: {} });
  const phone = await stage.page(await stage.world.person('Vic Viewer', ['viewer']), { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/incidents/${rows[0]!.label}`);
  const chip = phone.getByRole('button', { name: 'Prompt injection and 1 more' });
  await chip.waitFor();
  expect(await chip.isDisabled()).toBe(true);
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'archetype-room-390-dark');
});
