import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

const MANUAL = Array.from(
  { length: 160 },
  (_, i) => `${['lift', 'turn', 'press', 'hold', 'check'][i % 5]} part ${i} of the ${['pump', 'valve', 'lid'][i % 3]}`,
).join(', then ');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await client.call(inventory.register, { body: { key: 'support-bot', name: 'Support bot', type: 'generative' } });
});
afterAll(() => stage?.close());

it('plants a word for a version, and holds answers against a text that is not kept', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByText('No text is protected').waitFor();
  await page.getByRole('button', { name: 'Plant a word …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('For whatever version').waitFor();
  await dialog.getByLabel('Version of the prompt').fill('v41');
  await page.keyboard.press('Enter');
  await dialog.getByText('For version v41').waitFor();
  const line = await dialog.locator('pre').textContent();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'plant-word-1440-light');
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Protect a text …' }).click();
  await dialog.getByLabel('A text file').setInputFiles({
    name: 'Pump manual.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(MANUAL),
  });
  await expect.poll(() => dialog.getByLabel('Name').inputValue(), { timeout: 10_000 }).toBe('Pump manual.txt');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'protect-text-1440-light');
  await dialog.getByRole('button', { name: 'Protect it' }).click();
  await page.getByText('Pump manual.txt').waitFor();

  const sender = await world.program('telemetry:write', 'read');
  await sender.call(signals.sendInteractions, {
    body: [
      { id: 'leak', system: 'support-bot', versions: { prompt: 'v41' }, output: `Here it is: ${line}` },
      { id: 'copy', system: 'support-bot', output: MANUAL },
    ],
  });
  await expect
    .poll(
      async () => {
        const { items } = await sender.call(signals.listSignals, { query: { system: 'support-bot' } });
        return items.map(({ kind }) => kind).sort();
      },
      { timeout: 15_000 },
    )
    .toEqual(expect.arrayContaining(['planted-word-disclosed', 'protected-text-disclosed']));

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/systems/support-bot`);
  await phone.getByText('Pump manual.txt').scrollIntoViewIfNeeded();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'protected-texts-390-dark');
  await phone.getByRole('button', { name: 'Remove Pump manual.txt' }).click();
  await phone.getByRole('button', { name: 'Remove it' }).click();
  await phone.getByText('No text is protected').waitFor();
});
