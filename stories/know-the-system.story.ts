import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { changes } from '@firebreak/contract/prepare/changes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { ago, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  const { client } = stage.world.ana;
  for (const [key, name] of [
    ['knowledge', 'Knowledge search'],
    ['agent-desk', 'Agent desk'],
  ] as const)
    await client.call(inventory.register, { body: { key, name, type: 'generative' } });
  for (const [to, text, minutes] of [
    ['v42', 'Answer from the policy.\nSay when you are unsure.', 30],
    ['v43', 'Answer from the policy.\nBe short.', 10],
  ] as const)
    await client.call(changes.report, {
      body: {
        system: 'support-bot',
        kind: 'prompt',
        subject: 'support',
        deployment: 'production',
        to,
        text,
        occurredAt: ago(minutes),
        source: 'langfuse',
      },
    });
  const sender = await stage.world.program('telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: [{ id: 's1', system: 'shadow-bot', feature: 'drafts', output: 'Hello.' }],
  });
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

it('shows what changed in a prompt', async () => {
  await page.goto(`${stage.world.url}/systems/support-bot`);
  await page.getByText('Prompt v42 → v43 (support)').waitFor();
  await page.getByText('What changed in the text').first().click();
  await page.getByText('-Say when you are unsure.').waitFor();
  await page.getByText('+Be short.').waitFor();
});

it('keeps tools, approvals and who is told, by hand', async () => {
  await page.getByRole('button', { name: 'Add a tool' }).click();
  await page.getByLabel('Name').fill('refund_order');
  await page.getByLabel('What it may do').fill('read orders\nrefund up to 50 EUR');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByText('read orders, refund up to 50 EUR').waitFor();
  await page.getByRole('button', { name: 'Add an approval' }).click();
  await page.getByLabel('Approved for').fill('Answers about orders');
  await page.getByLabel('By whom').fill('Model board');
  await page.getByRole('dialog').getByRole('button', { name: 'Record' }).click();
  await page.getByText('by Model board').waitFor();
  await page.getByRole('button', { name: 'Route Feedback of people served' }).click();
  await page.getByRole('textbox', { name: 'Who is told' }).fill('Support lead');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('tells Support lead').waitFor();
  expect(await findings(page)).toEqual([]);
});

it('sets what one session may use up, and says when one does not fit the other', async () => {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add a budget' }).click();
  await dialog.getByLabel('What one session uses up').selectOption('spend');
  await dialog.getByLabel('Worth a look above').fill('5');
  await dialog.getByLabel('Must not happen above').fill('2');
  await dialog.getByLabel('Price of a million tokens read').fill('0.4');
  await dialog.getByLabel('Price of a million tokens written').fill('1.6');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Set' }).click();
  await dialog.getByText('The soft bound, 5, has to lie below the hard one, 2.').waitFor();
  await picture(page, 'budget-form-1440-light');
  await dialog.getByLabel('Worth a look above').fill('0.5');
  await dialog.getByRole('button', { name: 'Set' }).click();
  const budgets = page.getByRole('list', { name: 'Budgets of a session' });
  await budgets.getByText('worth a look above 0.5 EUR, must not pass 2 EUR').waitFor();
  await budgets.scrollIntoViewIfNeeded();
  await picture(page, 'budgets-1440-light');
  expect(await findings(page)).toEqual([]);
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/systems/support-bot`);
  const list = phone.getByRole('list', { name: 'Budgets of a session' });
  await list.waitFor();
  await list.scrollIntoViewIfNeeded();
  expect(await sideways(phone)).toBe(0);
  await phone.getByRole('button', { name: 'Change the budget: Money spent on tokens' }).click();
  await picture(phone, 'budget-form-390-dark');
  expect(await findings(phone)).toEqual([]);
});

it('draws dependencies and refuses a circle by naming it', async () => {
  const add = async (on: string, which: RegExp) => {
    await page.getByRole('button', { name: 'Add a dependency' }).click();
    await page.getByLabel(which).check();
    await page.getByLabel('Key of the system').fill(on);
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  };
  await add('knowledge', /^Meridian Support needs it/);
  await page.getByRole('link', { name: 'Knowledge search' }).waitFor();
  await add('agent-desk', /^It needs Meridian Support/);
  await page.getByRole('link', { name: 'Agent desk' }).waitFor();
  await page.goto(`${stage.world.url}/systems/knowledge`);
  await page.getByText('through another').waitFor();
  await add('agent-desk', /^Knowledge search needs it/);
  await page.getByText('agent-desk needs support-bot, support-bot needs knowledge').waitFor();
  await page.keyboard.press('Escape');
});

it('lists a system nobody registered, and registers it with one press', async () => {
  await page.goto(`${stage.world.url}/systems`);
  await page.getByRole('button', { name: 'Register shadow-bot' }).click();
  await page.getByRole('link', { name: 'shadow-bot' }).waitFor();
  const { systems } = await stage.world.ana.client.call(channels.unregistered, {});
  expect(systems).toEqual([]);
  expect(await findings(page)).toEqual([]);
});

it.each([1440, 390] as const)('fits %i wide in both themes', async (width) => {
  for (const theme of ['light', 'dark'] as const) {
    const other = await stage.page(stage.world.ana, { width, theme });
    await other.goto(`${stage.world.url}/systems/support-bot`);
    await other.getByText('Prompt v42 → v43 (support)').waitFor();
    await other.getByRole('link', { name: 'Knowledge search' }).waitFor();
    await picture(other, `system-known-${width}-${theme}`);
    expect(await sideways(other)).toBeLessThanOrEqual(0);
    expect(await findings(other)).toEqual([]);
  }
});
