import { signals } from '@firebreak/contract/detect/signals';
import { moves } from '@firebreak/contract/prepare/moves';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import type { Someone } from '@firebreak/world';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let page: Page;
let theo: Someone;

beforeAll(async () => {
  stage = await openStage();
  theo = await stage.world.person('Theo Lind', ['lead']);
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

const made = async () => (await stage.world.ana.client.call(moves.show, {})).moves.map(({ done }) => done);

it('is led to from an empty Now, and reads what an incident is before taking it', async () => {
  await page.goto(stage.world.url);
  await page.getByText('Three moves to be ready').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-now-1440-light');
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByRole('heading', { name: 'Start', level: 1 }).waitFor();
  await page.getByText('An AI incident is an event').waitFor();
  await page.getByText('invents a rule about devices').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-define-1440-light');
  await page.getByRole('button', { name: 'Adopt it as it is' }).click();
  await page.getByText('1 of 3 moves made').waitFor();
  expect(await made()).toEqual([true, false, false]);
});

it('breaks off in the middle of the entry, and finds after a reload what was typed', async () => {
  await page.getByLabel('Name', { exact: true }).fill('Support bot');
  await page.getByText('Programs will call it support-bot').waitFor();
  await page.getByLabel('What people use it for').fill('Answers customers about their subscription');
  await page.reload();
  await page.getByText('1 of 3 moves made').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Support bot');
  await page.getByLabel('Features').fill('Policy answers, Order status');
  await page.getByLabel('Who answers for it').fill('Support engineering');
  await page.getByRole('button', { name: 'Register it' }).click();
  await page.getByText('Still missing: say how it is built; say how far it acts alone; say how it logs').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-map-1440-light');
});

it('goes on in another browser, with another person, who completes the entry and wires a control', async () => {
  const other = await stage.page(theo, { theme: 'dark' });
  await other.goto(`${stage.world.url}/start`);
  await other.getByText('Still missing: say how it is built').waitFor();
  expect(await other.getByLabel('Who answers for it').inputValue()).toBe('Support engineering');
  await other.getByLabel('Built as').selectOption('rag');
  await other.getByLabel('How far it acts alone').selectOption('acts-within-limits');
  await other.getByLabel('How it logs').selectOption('interactions');
  await other.getByLabel('Who meets it').fill('Customers in the EU');
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await other.getByText('acts alone within limits').waitFor();
  await other.getByRole('button', { name: 'Wire the control' }).click();
  await other.getByText('2 of 3 moves made').waitFor();
  await other.getByText('Listening for the first interaction').waitFor();
  expect(await findings(other)).toEqual([]);
  await picture(other, 'start-wired-1440-dark');
  expect(await made()).toEqual([true, true, false]);
});

it('hears the first interaction while it is looked at, sent the way the snippet says', async () => {
  await page.reload();
  await page.getByRole('button', { name: /Map a system/ }).click();
  await page.getByText('Listening for the first interaction').waitFor();
  await page.getByRole('button', { name: 'Make a key for it' }).click();
  const snippet = page.locator('pre', { hasText: 'curl ' });
  await snippet.filter({ hasText: 'fbk_' }).waitFor();
  const text = (await snippet.textContent())!;
  const answer = await fetch(/curl (\S+)/.exec(text)![1]!, {
    method: 'POST',
    headers: { authorization: /authorization: ([^"]+)/.exec(text)![1]!, 'content-type': 'application/json' },
    body: /-d '(.*)'$/s.exec(text)![1]!,
  });
  expect(answer.status).toBe(200);
  await page.getByText('Heard the first interaction').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-heard-1440-light');
  const { items } = await stage.world.ana.client.call(signals.listInteractions, { query: {} });
  expect(items).toMatchObject([{ system: 'support-bot', feature: 'policy-answers' }]);
});

it('is proposed the riskiest use with reasons, adopts its playbook, and names who holds the roles', async () => {
  await page.getByRole('button', { name: 'Go on to the playbook' }).click();
  await page.getByText('The riskiest system seems to be').waitFor();
  await page.getByText('it acts alone within limits').waitFor();
  await page.getByText('people meet it: Customers in the EU').waitFor();
  await page.getByText('Prompt injection', { exact: true }).click();
  await page.getByText(/Read its \d+ steps/).click();
  await page.getByText('Compare the live prompt, model and index').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-playbook-1440-light');
  await page.getByRole('button', { name: 'Adopt it as our own' }).click();
  await page.getByText('is your own by now').waitFor();
  await page.getByLabel('Technical lead').selectOption({ label: 'Theo Lind' });
  await page.getByRole('button', { name: 'I hold the empty ones for now' }).click();
  await page.getByText('All three moves are made.').waitFor();
  await page.getByText('You can tell an incident, stop a system').waitFor();
  expect(await made()).toEqual([true, true, true]);
  const { roles } = await stage.world.ana.client.call(roleDirectory.show, {});
  expect(roles.find(({ role }) => role === 'technical-lead')?.primary).toMatchObject({ name: 'Theo Lind' });
  expect(roles.find(({ role }) => role === 'commander')?.primary).toMatchObject({ name: 'Ana Nkemelu' });
  expect(await findings(page)).toEqual([]);
  await picture(page, 'start-ready-1440-light');
});

it('is found again by name, fits a phone, and Now says what is still not ready', async () => {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Find an incident').fill('three moves');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Start', level: 1 }).waitFor();
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/start`);
  await phone.getByText('All three moves are made.').waitFor();
  await phone.getByRole('button', { name: /Map a system/ }).click();
  await phone.getByText('Heard the first interaction').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'start-390-dark');
  await page.getByRole('link', { name: 'To Now', exact: true }).click();
  await page.getByRole('link', { name: 'The role directory' }).click();
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  await page.goto(`${stage.world.url}/settings`);
  await page.getByText('All three moves are made.').waitFor();
});
