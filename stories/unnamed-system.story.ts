import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let label: string;

beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await supportBot(stage.world);
  await client.call(inventory.register, { body: { key: 'a-sorter', name: 'A ticket sorter', type: 'predictive' } });
  ({ label } = (await client.call(incidents.declare, { body: { title: 'Something is wrong somewhere' } })).incident);
});
afterAll(() => stage?.close());

it('guesses no system for an incident that names none, and shows what stops the one that was chosen', async () => {
  const page = await stage.page(stage.world.ana, { width: 390, theme: 'light' });
  await page.goto(`${stage.world.url}/incidents/${label}/contain`);
  await page.getByText('No AI system is named in this incident').waitFor();
  expect(await sideways(page)).toBe(0);
  expect(await findings(page)).toEqual([]);
  await page.getByRole('main').getByRole('button', { name: 'Contain' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Choose which system.').waitFor();
  expect(await dialog.getByLabel('Which system').inputValue()).toBe('');
  await dialog.getByLabel('Why').fill('It tells wrong things');
  expect(await dialog.getByRole('button', { name: /^Order/ }).isDisabled()).toBe(true);
  await picture(page, 'unnamed-system-390-light');
  await dialog.getByLabel('Which system').selectOption('Meridian Support');
  await dialog.getByText('Stop policy answers').first().click();
  await dialog.getByRole('button', { name: 'Order: disable policy-answers' }).click();
  await page.getByRole('article', { name: /disable policy-answers/ }).waitFor();
  await page.goto(`${stage.world.url}/incidents/${label}/contain`);
  await page.getByText('What can stop support-bot').waitFor();
});
