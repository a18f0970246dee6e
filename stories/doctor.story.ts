import { people } from '@firebreak/contract/prepare/people';
import type { GuardUp } from '@firebreak/contract/respond/guard-channel';
import type { Guard } from '@firebreak/guard';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
let bot: Guard[] = [];
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  bot = await guards(stage.world, 'bot-1', 'bot-2');
});
afterAll(async () => {
  for (const guard of bot) guard.close();
  await stage?.close();
});

it('says what would stop now, and what would not once a guard is gone', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/doctor`);
  const guardsThatStop = page.getByText('Live, with the newest state.');
  await guardsThatStop.nth(1).waitFor();
  await page.getByText('It was never tested').first().waitFor();
  await page.getByText('would stop in part').waitFor();
  await page.getByRole('link', { name: 'Test it' }).first().waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'doctor-1440-light');
  // One process dies without a word, the others are ended in order.
  const { secret } = await world.ana.client.call(people.createKey, { body: { name: 'bot-3', scopes: ['guard'] } });
  const dying = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/guard/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  await new Promise((open) => dying.once('open', open));
  const hello: GuardUp = { type: 'hello', instance: 'bot-3', system: 'support-bot', host: 'rack-9', kind: 'guard' };
  const answered = new Promise((heard) => dying.once('message', heard));
  dying.send(JSON.stringify(hello));
  await answered;
  dying.terminate();
  for (const guard of bot) guard.close();
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await expect
    .poll(
      async () => {
        await phone.goto(`${world.url}/doctor`);
        await phone.getByText('altogether').waitFor();
        return [await phone.getByText('No sign of life').count(), await phone.getByText(/^bot-/).count()];
      },
      { timeout: 60_000, interval: 2_000 },
    )
    .toEqual([1, 1]);
  await phone.getByText('bot-3').waitFor();
  await phone.getByText('would not stop', { exact: true }).first().waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'doctor-390-dark');
});
