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

it('names the system on the tab that said none is named, and orders there', async () => {
  const { client } = stage.world.ana;
  const declared = await client.call(incidents.declare, { body: { title: 'The caller could not say which one' } });
  const { label } = declared.incident;
  const page = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await page.goto(`${stage.world.url}/incidents/${label}/contain`);
  const tab = page.getByRole('complementary');
  await tab.getByText('No AI system is named in this incident').waitFor();
  await tab.getByRole('button', { name: 'Name the system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('AI systems involved').waitFor();
  expect(await dialog.getByRole('button', { name: 'Leave it open' }).isDisabled()).toBe(true);
  const box = await dialog.locator('label', { hasText: 'Meridian Support' }).boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  await dialog.getByLabel('Meridian Support').check();
  await dialog.getByLabel('How you know').fill('The guard of it said so');
  expect(await sideways(page)).toBe(0);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'name-the-system-390-dark');
  await dialog.getByRole('button', { name: 'It is this one' }).click();
  await dialog.waitFor({ state: 'detached' });

  // The header, the levers and the list follow at once.
  await page.getByRole('banner').getByRole('link', { name: 'Meridian Support' }).waitFor();
  await tab.getByText('What can stop support-bot').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Contain' }).first().click();
  await dialog.getByLabel('Why').fill('It tells wrong things');
  await dialog.getByText('Back to prompt v40').first().click();
  await dialog.getByRole('button', { name: /^Order: roll back prompt/ }).click();
  await page.getByRole('article', { name: /roll back prompt/ }).waitFor();

  // What is held cannot be taken away; another may stand beside it.
  await page.goto(`${stage.world.url}/incidents/${label}`);
  await page.getByText('named support-bot').first().waitFor();
  await page.getByRole('button', { name: 'Name other systems' }).click();
  await dialog.getByText(/Held by HLD-/).waitFor();
  expect(await dialog.getByLabel('Meridian Support').isDisabled()).toBe(true);
  await dialog.getByLabel('A ticket sorter').check();
  await dialog.getByRole('button', { name: 'It is these 2' }).click();
  await page.getByRole('banner').getByRole('link', { name: 'A ticket sorter' }).waitFor();
  const { incident } = await client.call(incidents.show, { params: { incident: label } });
  expect(incident.systems).toEqual(['support-bot', 'a-sorter']);
});
