import { inventory } from '@firebreak/contract/prepare/inventory';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../conformance/stand-in-model.ts';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let model: StandInModel;
const RIGHT = 'You may return it within 30 days.';
const WRONG = 'Our policy allows one device per subscription, and returns within 90 days.';
const CASES = `cases:
${Array.from({ length: 24 }, (_, i) => `  - { id: return-${i}, title: Return of item ${i}, question: How many days may I keep item ${i}?, sources: ["${RIGHT}"], checks: [{ kind: numbers }] }`).join('\n')}
`;
const deploy = (prompt: string) =>
  stage.world.ana.client.call(inventory.deploy, {
    params: { system: 'support-bot' },
    body: { versions: { model: 'm1', prompt } },
  });

beforeAll(async () => {
  model = await openStandInModel(() => RIGHT);
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  await stage.world.ana.client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  await deploy('v41');
});
afterAll(async () => {
  await stage?.close();
  await model.close();
});

async function clean(page: Page, name: string): Promise<void> {
  expect(await findings(page), name).toEqual([]);
  expect(await sideways(page), name).toBe(0);
}

it('guards answers with a golden set, and sees which of them a new prompt broke', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/golden-sets`);
  await page.getByText('Nobody asks your systems what they should know').waitFor();
  await clean(page, 'no golden set');
  await picture(page, 'golden-sets-empty-1440-light');

  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add a target' }).click();
  await dialog.getByLabel('Name').fill('Bot, production');
  await dialog.getByLabel('AI system').selectOption('support-bot');
  await dialog.getByLabel('Address').fill(model.url);
  await dialog.getByLabel('Model', { exact: true }).fill('m1');
  await dialog.getByLabel('Secret').fill('sk-only-for-the-model');
  await clean(page, 'target form');
  await picture(page, 'target-form-1440-light');
  await dialog.getByRole('button', { name: 'Add the target' }).click();
  await page.getByRole('button', { name: 'Ask Bot, production' }).click();
  await dialog.getByLabel('Question').fill('How many days?');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await dialog.getByText(RIGHT).waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();

  await page.getByRole('button', { name: 'Make the first golden set' }).click();
  await dialog.getByLabel('Name').fill('Returns');
  await dialog.getByLabel('Target').selectOption('Bot, production');
  await clean(page, 'suite form');
  await picture(page, 'golden-set-form-1440-light');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await page.getByText('It holds no case yet').waitFor();
  await page.getByRole('button', { name: 'Of a file' }).click();
  await dialog.getByLabel('Or paste it').fill(CASES);
  await dialog.getByRole('button', { name: 'Keep 24 cases' }).click();
  await page.getByRole('button', { name: 'Add a case' }).click();
  await dialog.getByLabel('Question').fill('May I share my account?');
  await dialog.getByLabel('As a whole the answer').selectOption('refuse');
  await dialog.getByRole('button', { name: 'Add a check' }).click();
  await dialog.getByLabel('contains', { exact: true }).fill('policy');
  await clean(page, 'case form');
  await picture(page, 'golden-set-case-1440-light');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/One false alarm in \d+ days/).waitFor();

  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('First of its kind · model m1, prompt v41').waitFor({ timeout: 60_000 });

  model.says = (question) => (/item 1?[0-9]\?/.test(question) && !/item 1[5-9]/.test(question) ? WRONG : RIGHT);
  await deploy('v42');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('Regressed · model m1, prompt v42').waitFor({ timeout: 60_000 });
  await page.getByText(/15 cases lost and 0 gained of 24 compared/).waitFor();
  await clean(page, 'golden set');
  await picture(page, 'golden-set-1440-light');

  await page.getByRole('link', { name: 'Every answer' }).click();
  await page.getByText('lost', { exact: true }).first().waitFor();
  await page.getByText(WRONG).first().waitFor();
  await page.getByText(RIGHT).first().waitFor();
  await clean(page, 'run');
  await picture(page, 'golden-set-run-1440-light');

  await page.goto(`${world.url}/candidates`);
  await page
    .getByText(/Golden set “Returns” got worse/)
    .first()
    .waitFor({ timeout: 20_000 });

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/golden-sets`);
  await phone.getByText('regressed', { exact: true }).waitFor();
  await clean(phone, 'golden sets on a phone');
  await picture(phone, 'golden-sets-390-dark');
  await phone.getByRole('link', { name: 'Returns' }).click();
  await phone.getByText('Regressed · model m1, prompt v42').waitFor();
  await clean(phone, 'golden set on a phone');
  await picture(phone, 'golden-set-390-dark');
  await phone.getByRole('link', { name: 'Every answer' }).click();
  await phone.getByText(WRONG).first().waitFor();
  await clean(phone, 'run on a phone');
  await picture(phone, 'golden-set-run-390-dark');

  const viewer = await stage.page(await world.person('Vic Vie', ['viewer']));
  await viewer.goto(`${world.url}/golden-sets`);
  await viewer.getByRole('link', { name: 'Returns' }).click();
  await viewer.getByText('Return of item 3', { exact: true }).waitFor();
  expect(await viewer.getByRole('button', { name: 'Run now' }).count()).toBe(0);
  await clean(viewer, 'golden set, read only');
});
