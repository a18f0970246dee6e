import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

it('files a near miss in the form of an incident, keeps it apart from what burns, and makes it one when it reached people', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(world.url);
  await page.getByText('Nothing burns').waitFor();
  await page.getByRole('button', { name: 'Declare an incident' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is happening').fill('The bot nearly sent every customer a refund');
  await dialog.getByLabel('Meridian Support').check();
  await dialog.getByText('Nothing reached anybody: near miss').click();
  await dialog.getByText('How bad would it have been').waitFor();
  await dialog.getByRole('button', { name: 'File the near miss' }).click();
  await dialog.getByText('Of a near miss, say what stopped it').first().waitFor();
  await dialog.getByLabel('What stopped it').fill('The reviewer of refunds over 50 EUR');
  await dialog.getByLabel('What would have happened').fill('Nine hundred customers would have been paid.');
  await dialog.getByLabel('Proximate cause').fill('a retried tool call');
  await dialog.getByLabel('Kind of failure').selectOption('control-failure');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'near-miss-form-1440-light');
  await dialog.getByRole('button', { name: 'File the near miss' }).click();

  await page.getByRole('heading', { name: 'What stopped it' }).waitFor();
  await page.getByText('would have been Sev 2').first().waitFor();
  expect(await page.getByText('Commander missing').count()).toBe(0);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'near-miss-room-1440-light');

  await page.goto(world.url);
  await page.getByText('Nothing burns').waitFor();
  await page.goto(`${world.url}/incidents`);
  await page.getByLabel('Kind', { exact: true }).selectOption('near-miss');
  await page.getByRole('link', { name: 'The bot nearly sent every customer a refund' }).waitFor();
  expect(page.url()).toContain('kind=near-miss');
  await page.getByLabel('Kind', { exact: true }).selectOption('normal');
  await page.getByText('None of this kind').waitFor();
  await page.getByRole('button', { name: 'Show everything' }).click();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'near-miss-register-1440-light');

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/incidents`);
  await phone.getByRole('link', { name: 'The bot nearly sent every customer a refund' }).waitFor();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'near-miss-register-390-dark');
  await phone.getByRole('link', { name: 'The bot nearly sent every customer a refund' }).click();
  await phone.getByRole('button', { name: 'It did reach people' }).click();
  const sheet = phone.getByRole('dialog');
  await sheet.getByLabel('Whom did it reach').fill('Two customers were paid');
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'near-miss-refile-390-dark');
  await sheet.getByRole('button', { name: 'Make it an incident' }).click();
  await phone.getByText('made it an incident').waitFor();
  const { incidents: open } = await world.ana.client.call(incidents.list, { query: { state: 'active' } });
  expect(open).toMatchObject([{ title: 'The bot nearly sent every customer a refund', kind: 'normal' }]);
});
