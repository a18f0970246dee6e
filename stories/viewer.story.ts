import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, type Stage } from './stage.ts';
import { ago, supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let page: Page;
let room: string;

beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await supportBot(world);
  await wrongAnswers(world);
  const { incident } = await world.ana.client.call(incidents.declare, {
    body: { title: 'Support bot invents a policy', systems: ['support-bot'], startedAt: ago(20) },
  });
  room = `${world.url}/incidents/${incident.label}`;
  page = await stage.page(await world.person('Vera Sand', ['viewer']));
});
afterAll(() => stage?.close());

it('reads every screen, and is offered nothing that would be refused', async () => {
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(answer.url());
  });
  for (const [at, whole] of [
    [stage.world.url, 'Support bot invents a policy'],
    [`${stage.world.url}/candidates`, /Together because/],
    [room, 'You can read this room.'],
    [`${room}/evidence`, 'Exporting needs the role'],
    [`${room}/people`, 'Executive sponsor'],
    [`${stage.world.url}/systems/support-bot`, 'Stop policy answers'],
    [`${stage.world.url}/settings`, 'Only an administrator sees and makes API keys'],
  ] as const) {
    await page.goto(at);
    await page.getByText(whole).first().waitFor();
    await page.waitForTimeout(200);
    expect(await findings(page), at).toEqual([]);
  }
  expect(refused).toEqual([]);
  for (const name of [
    'Wire a control',
    'Record versions',
    'Register',
    'Invite',
    'New key',
    'Take it: Commander',
    'Dismiss …',
  ])
    expect(await page.getByRole('button', { name }).count(), name).toBe(0);
});

it('is told kindly, behind the brake, who to call', async () => {
  await page.goto(room);
  await page.getByText('Nothing is stopped yet').waitFor();
  await page.keyboard.press('c');
  await page.getByText('Your role does not stop systems').waitFor();
  await page.getByLabel('Why').fill('It is wrong');
  expect(await page.getByRole('button', { name: /^Order/ }).isDisabled()).toBe(true);
  expect(await findings(page)).toEqual([]);
});

it('may try answers for the severity, but not call it', async () => {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /call the severity anew/ }).click();
  await page.getByText('You can try answers here.').waitFor();
  await page.getByLabel('What did it do to people?').selectOption({ index: 5 });
  await page.getByRole('dialog').getByText('Sev 1').first().waitFor();
  expect(await page.getByRole('button', { name: /^Call Sev/ }).count()).toBe(0);
});
