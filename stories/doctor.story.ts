import type { Guard } from '@firebreak/guard';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  expect(await findings(page)).toEqual([]);
  await picture(page, 'doctor-1440-light');
  for (const guard of bot) guard.close();
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await expect
    .poll(
      async () => {
        await phone.goto(`${world.url}/doctor`);
        await phone.getByText('altogether').waitFor();
        return phone.getByText('No sign of life').count();
      },
      { timeout: 60_000, interval: 2_000 },
    )
    .toBe(2);
  await phone.getByText('would not stop', { exact: true }).first().waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'doctor-390-dark');
});
