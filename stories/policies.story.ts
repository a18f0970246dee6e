import { policies } from '@firebreak/contract/prepare/policies';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

it('states a policy, maps it to a lever and a review, and lets it not hold for a while with a second person', async () => {
  const { world } = stage;
  const theo = await world.person('Theo Lind', ['lead']);
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/policies`);
  await page.getByRole('button', { name: 'State the first policy' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Nothing is promised in our name');
  await dialog.getByLabel('Statement').fill('No AI system makes a promise to a customer that no person has approved.');
  await dialog.getByLabel('Where it is asked for').fill('ISO 42001: A.9.2\nEU AI Act: Art. 14');
  await dialog.getByLabel('What made you write it down').fill('A near miss in staging');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'State it' }).click();

  await page.getByText('Not mapped: nothing carries it out').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Map something' }).last().click();
  await dialog.getByLabel('System', { exact: true }).selectOption('support-bot');
  await dialog.getByLabel('Control', { exact: true }).selectOption('Stop policy answers');
  await dialog.getByRole('button', { name: 'Map it' }).click();
  await page.getByText('wired, never tested').waitFor();
  await page.getByRole('button', { name: 'Map something' }).click();
  await dialog.getByText('A human review').click();
  await dialog.getByLabel('What people look at').fill('Every tenth answer about a plan');
  await dialog.getByLabel('Which role or team').fill('Support, second line');
  await dialog.getByRole('button', { name: 'Map it' }).click();
  await page.getByText('people say so').waitFor();

  await page.getByRole('button', { name: 'Ask for an exception' }).click();
  await dialog.getByLabel('Why it is needed').fill('The campaign text is not through review yet');
  await dialog.getByLabel('What is done instead').fill('A person reads every tenth answer');
  await dialog.getByLabel('Until').fill(inDays(400));
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await dialog.getByText('at most 365 days from now. Choose').first().waitFor();
  await dialog.getByLabel('Until').fill(inDays(30));
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.getByText('somebody else approves it').waitFor();
  expect(await page.getByRole('button', { name: 'Approve …' }).count()).toBe(0);
  expect(await findings(page)).toEqual([]);

  const other = await stage.page(theo, { width: 390, theme: 'dark' });
  await other.goto(`${world.url}/policies`);
  await other.getByRole('button', { name: 'Approve …' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await other.getByRole('button', { name: 'Renew …' }).first().waitFor();
  // Both sections say it: the open ones, and the answer to the auditor.
  await other.getByLabel('At this time').fill('2020-01-01T12:00:00');
  await other.getByText('No. No exception was in force').waitFor();
  expect(await findings(other)).toEqual([]);
  expect(await sideways(other)).toBe(0);
  await picture(other, 'policies-390-dark');

  await page.getByText('in force', { exact: true }).first().waitFor();
  await page.getByText('Theo Lind').first().waitFor();
  await picture(page, 'policy-1440-light');
  await page.goto(`${world.url}/policies`);
  await page.getByText('1 exception', { exact: true }).waitFor();
  await page.getByText('Yes. One exception was in force').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'policies-1440-light');
  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByRole('link', { name: 'Nothing is promised in our name' }).waitFor();

  const { policies: rows } = await world.ana.client.call(policies.list, { query: {} });
  expect(rows).toMatchObject([
    {
      means: [
        { kind: 'control', system: 'support-bot', control: 'Stop policy answers' },
        { kind: 'review', by: 'Support, second line' },
      ],
      references: [
        { framework: 'ISO 42001', clause: 'A.9.2' },
        { framework: 'EU AI Act', clause: 'Art. 14' },
      ],
      exceptions: { asked: 0, inForce: 1, lapsed: 0 },
    },
  ]);
});
