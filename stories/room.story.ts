import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { ago, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
let other: Page;

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  const lee = await stage.world.person('Lee Park', ['responder']);
  const { incident } = await stage.world.ana.client.call(incidents.declare, {
    body: { title: 'Support bot invents a policy', systems: ['support-bot'], startedAt: ago(40) },
  });
  page = await stage.page(stage.world.ana);
  other = await stage.page(lee);
  for (const each of [page, other]) {
    await each.goto(`${stage.world.url}/incidents/${incident.label}`);
    await each.getByText('Ana Nkemelu declared Sev 2').waitFor();
  }
});
afterAll(() => stage?.close());

const localInput = (minutes: number): string => {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return parts.format(Date.now() - minutes * 60_000).replace(' ', 'T');
};

it('writes a note that everybody sees at once', async () => {
  await page.keyboard.press('n');
  await page.keyboard.type('The chat page still shows it');
  await page.keyboard.press('Control+Enter');
  await other.getByText('The chat page still shows it').waitFor();
});

it('keeps when it happened and when it was recorded apart', async () => {
  await page.getByLabel('Note', { exact: true }).fill('First complaint in the support inbox');
  await page.getByLabel('It happened earlier').check();
  await page.getByLabel('When it happened').fill(localInput(25));
  await picture(page, 'note-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Write' }).click();
  const entry = other.getByRole('listitem').filter({ hasText: 'First complaint in the support inbox' });
  await entry.getByText(/recorded/).waitFor();
  const happened = await entry.locator('time').first().getAttribute('datetime');
  expect(Math.abs(Date.now() - 25 * 60_000 - Date.parse(happened!))).toBeLessThan(60_000);
  expect(await entry.locator('time').first().getAttribute('title')).toContain('Central European');
});

it('refuses a time that has not come yet, and keeps what was typed', async () => {
  await page.getByLabel('Note', { exact: true }).fill('From the future');
  await page.getByLabel('It happened earlier').check();
  await page.getByLabel('When it happened').fill(localInput(-120));
  await page.getByRole('button', { name: 'Write' }).click();
  await page.getByText('A time lies in the future').waitFor();
  expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('From the future');
  await page.getByRole('button', { name: 'Cancel' }).click();
});

it('records a decision with its reason, and filters by kind', async () => {
  await page.getByLabel('Note', { exact: true }).fill('Roll back first, look for the cause after');
  await page.getByLabel('A decision').check();
  await page.getByLabel('Because').fill('v40 passed on Tuesday');
  await page.getByRole('button', { name: 'Record the decision' }).click();
  await page.getByText('Ana Nkemelu decided: Roll back first').waitFor();
  await page.getByRole('button', { name: /^Decisions/ }).click();
  expect(await page.getByText('The chat page still shows it').count()).toBe(0);
  await page.getByText('Because v40 passed on Tuesday').waitFor();
  await page.getByRole('button', { name: 'Everything' }).click();
});

it('ticks a step of the guide for everybody, and leaves what the record shows alone', async () => {
  await page.getByRole('button', { name: 'Show what comes later' }).click();
  await page.getByText('Own team told').click();
  await other.getByText('“Own team told', { exact: false }).first().waitFor();
  expect(await page.getByLabel(/Which system, which version/).isDisabled()).toBe(true);
});

it('takes roles, states a time with how one knows, and moves the state with a reason', async () => {
  await page.keyboard.press('5');
  await page.getByRole('button', { name: 'Take Technical lead' }).click();
  await page.getByRole('button', { name: 'Release Technical lead' }).waitFor();
  await page.getByRole('button', { name: 'State Detected' }).click();
  await page.getByLabel('How you know').fill('First signal of the detector');
  await page.getByRole('button', { name: 'State it' }).click();
  await page.getByText('Ana Nkemelu: First signal of the detector').waitFor();
  await picture(page, 'people-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'open', exact: true }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Change' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Why').fill('Rolled back, nothing wrong in 60 answers');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await other.getByRole('banner').getByText('contained').waitFor();
});

it('calls the severity from answers, up at once and down only with a reason', async () => {
  await page.keyboard.press('1');
  await page.getByRole('button', { name: /call the severity anew/ }).click();
  const dialog = page.getByRole('dialog');
  for (const [question, answer] of [
    ['What did it do to people?', 'Annoyance'],
    ['How many people outside saw it?', 'One'],
    ['What data is exposed?', 'None'],
    ['Who outside may ask about it?', 'Nobody'],
    ['How far did it act by itself?', 'It only suggests'],
  ] as const)
    await dialog.getByLabel(question).selectOption({ label: answer });
  await dialog.getByLabel(/What happened to the control/).selectOption({ index: 2 });
  await dialog.getByText('Contained user impact').waitFor();
  expect(await findings(page)).toEqual([]);
  const call = dialog.getByRole('button', { name: 'Call Sev 3' });
  expect(await call.isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('One customer, corrected');
  await call.click();
  await other.getByText('Ana Nkemelu called Sev 3').waitFor();
});
