import { rubric } from '@firebreak/contract/prepare/rubric';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

it('says what counts as an incident, by which rules, and lets anybody try answers', async () => {
  await page.goto(`${stage.world.url}/severity`);
  await page.getByText('If you are unsure, declare it').waitFor();
  await page.getByText('Control: absent, or actively exploited').first().waitFor();
  await page.getByLabel('What did it do to people?').selectOption('4');
  await page.getByText('Serious harm to a person is happening or likely').nth(1).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'severity-1440-light');
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/severity`);
  await phone.getByText('If you are unsure, declare it').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'severity-390-dark');
});

it('is taken as delivered, word for word, by somebody who read it', async () => {
  await page.getByText('nobody here has adopted it yet').waitFor();
  await page.getByRole('button', { name: 'Adopt it as it is' }).click();
  await page.getByText('nobody here has adopted it yet').waitFor({ state: 'detached' });
  const { current } = await stage.world.ana.client.call(rubric.current, {});
  expect(current).toMatchObject({ version: 1, by: stage.world.ana.id });
});

it('refuses a table with a contradiction before it is sent, tries one on the past, and adopts it', async () => {
  const { client } = stage.world.ana;
  const axes = { harm: 2, reach: 1, data: 0, regulatory: 0, autonomy: 0, control: 1 };
  await client.call(incidents.declare, { body: { title: 'One wrong refund', axes } });
  await page.getByRole('button', { name: 'Change the table' }).click();
  const adopt = page.getByRole('button', { name: 'Adopt as version 2' });
  await page.getByText('no worse answer comes out milder').waitFor();
  expect(await adopt.isDisabled()).toBe(true);

  await page.getByText('S3.a', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove S3.a' }).click();
  await page.getByText('no longer fires').waitFor();
  await picture(page, 'severity-fault-1440-light');
  await page.getByRole('button', { name: 'Keep version 1' }).click();

  await page.getByRole('button', { name: 'Change the table' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByText('Sev 2: a rule of our own').click();
  await page.getByLabel('Reads').last().fill('money went the wrong way');
  await page.getByLabel('Harm').last().selectOption('2');
  await page.getByRole('button', { name: 'Try on past incidents' }).click();
  await page.getByText('Of 1 past incident: 1 graver, 0 milder, 0 the same').waitFor();
  await page.getByLabel('Why it changes').fill('Finance asks for it');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'severity-change-1440-light');
  await adopt.click();
  await page.getByText('Finance asks for it').waitFor();
  const { current } = await client.call(rubric.current, {});
  expect(current).toMatchObject({ version: 2, reason: 'Finance asks for it' });
});

it('uses the new table when somebody declares, with the definition at hand', async () => {
  await page.goto(stage.world.url);
  await page.getByRole('button', { name: 'Declare' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What counts as an incident, with examples').click();
  await dialog.getByText('If you are unsure, declare it').waitFor();
  for (const [label, value] of [
    ['What did it do to people?', '2'],
    ['How many people outside saw it?', '1'],
    ['What data is exposed?', '0'],
    ['Who outside may ask about it?', '0'],
    ['How far did it act by itself?', '0'],
    ['What happened to the control that should have held?', '1'],
  ] as const)
    await dialog.getByLabel(label).selectOption(value);
  await dialog.getByText('Money went the wrong way').waitFor();
  await dialog.getByLabel('What is happening').fill('Another wrong refund');
  await dialog.getByRole('button', { name: 'Declare Sev 2' }).click();
  await page.waitForURL(/\/incidents\/INC-/);
  await page.getByRole('heading', { name: 'Another wrong refund' }).waitFor();
});
