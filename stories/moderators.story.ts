import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let model: Server;
let at: string;

beforeAll(async () => {
  model = createServer((request, response) => {
    void json(request).then((body) => {
      if (request.url !== '/v1/moderations') return response.writeHead(404).end('{}');
      const { input } = body as { input: string[] };
      return response.end(
        JSON.stringify({
          model: 'omni-moderation-latest',
          results: input.map((text) => ({
            flagged: /worthless/.test(text),
            categories: { harassment: /worthless/.test(text) },
            category_scores: { harassment: /worthless/.test(text) ? 0.91 : 0.01 },
          })),
        }),
      );
    });
  });
  await new Promise<void>((done) => model.listen(0, '127.0.0.1', done));
  at = `http://127.0.0.1:${(model.address() as AddressInfo).port}`;
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  await stage.world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
});
afterAll(async () => {
  await stage?.close();
  model.closeAllConnections();
  model.close();
});

it('tries a moderation model, lets it read what comes in, and judges what it flagged', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/moderators`);
  await page.getByText('No model is asked').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Ask the first model' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(`${at}/nothing`);
  await dialog.getByLabel('Key').fill('sk-story');
  await dialog.getByLabel('Try it on a text').fill('You are worthless.');
  await dialog.getByRole('button', { name: 'Ask it now' }).click();
  await dialog.getByText('there is nothing at this address (404)').waitFor();
  await dialog.getByLabel('Address').fill(`${at}/v1/moderations`);
  await dialog.getByRole('button', { name: 'Ask it now' }).click();
  await dialog.getByText('It would raise a signal.').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'moderator-form-1440-light');
  await dialog.getByRole('button', { name: 'Start asking' }).click();
  await page.getByText('nothing asked yet').waitFor();

  const sender = await world.program('telemetry:write');
  for (const [input, output] of [
    ['Can I get my money back?', 'You are worthless, stop asking.'],
    ['Where is my parcel?', 'It arrives on Friday.'],
  ] as const)
    await sender.call(signals.sendInteractions, {
      body: { system: 'support-bot', input: [{ role: 'user', content: input }], output },
    });
  await page.getByText('1 of 2 flagged in 24 hours').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: /What it said/ }).click();
  await page.getByText('harassment 0.91').waitFor();
  await page.getByText('You are worthless, stop asking.').waitFor();
  await page.getByRole('button', { name: 'Rightly flagged' }).click();
  await page.getByText(/1 of 1 judged flags were right: 100.% \[21.%, 100.%\]/).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'moderators-1440-light');

  await page.getByRole('button', { name: /^Change/ }).click();
  await dialog.getByText('How much, how long').click();
  await dialog.getByLabel('Its word is').selectOption('strong');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog
    .getByText(/Judge at least 200 of its flags first/)
    .first()
    .waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/moderators`);
  await phone.getByRole('button', { name: /What it said/ }).click();
  await phone.getByText('harassment 0.91').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'moderators-390-dark');
});
