import { inventory } from '@firebreak/contract/prepare/inventory';
import { risks } from '@firebreak/contract/prepare/risks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
});
afterAll(() => stage?.close());

it('registers a risk, refuses to accept it without an end, and describes it anew', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/risks`);
  await page.getByRole('button', { name: 'Register the first risk' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Risk', { exact: true }).fill('The bot invents rules');
  await dialog.getByLabel('How it fails').fill('It states a policy nobody made, and customers act on it.');
  await dialog.getByLabel('Support bot').check();
  await dialog.getByLabel('How likely').selectOption('4');
  await dialog.getByLabel('How bad').selectOption('4');
  await dialog.getByLabel('Treatment', { exact: true }).selectOption('accept');
  await dialog.getByLabel('What made you write it down').fill('A near miss in staging');
  await dialog.getByRole('button', { name: 'Register', exact: true }).click();
  await dialog.getByText('To accept a risk, write why, and until when').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await dialog.getByLabel('Treatment', { exact: true }).selectOption('reduce');
  await dialog.getByLabel('What is done, or why it is accepted').fill('Answers are checked against the help pages');
  await dialog.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByText('before: likely, serious').waitFor();

  await page.getByRole('button', { name: 'Describe The bot invents rules anew' }).click();
  await dialog.getByLabel('Say what is left after the treatment').check();
  await dialog.getByLabel('How likely').last().selectOption('2');
  await dialog.getByLabel('What has been learnt').fill('INC-2026-0001');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('left: unlikely, serious').waitFor();
  await page.getByText('Why it stands here, 2 entries').click();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'risks-1440-light');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/risks`);
  await phone.getByText('left: unlikely, serious').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'risks-390-dark');
  const { risks: rows } = await world.ana.client.call(risks.list, { query: {} });
  expect(rows).toMatchObject([{ systems: ['support-bot'], residual: { likelihood: 2, impact: 4 } }]);
});
