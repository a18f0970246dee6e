import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  for (const title of ['An invented fee for parcels', 'An invented fee for returns', 'An invented fee for calls'])
    await stage.world.ana.client.call(incidents.declare, {
      body: {
        title,
        systems: ['support-bot'],
        archetype: 'misinformation-cascade',
        axes: { harm: 1, reach: 1, data: 0, regulatory: 0, autonomy: 0, control: 1 },
      },
    });
});
afterAll(() => stage?.close());

it('sees that three small incidents add up, and a person declares what they are together', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(world.url);
  const proposal = page.getByRole('list', { name: 'Incidents that add up' });
  await proposal.getByText('3 small incidents on support-bot may be one graver one').waitFor({ timeout: 30_000 });
  await proposal.getByText('All with').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'add-up-now-1440-light');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(world.url);
  await phone.getByText('3 small incidents on support-bot').waitFor();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'add-up-now-390-dark');

  await page.getByRole('link', { name: 'INC-2026-0002' }).first().click();
  await page.getByRole('heading', { name: 'An invented fee for returns' }).waitFor();
  await page.getByText('3 small incidents on support-bot').waitFor();
  await page.getByRole('button', { name: 'Declare the parent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is happening, taken together').fill('The bot invents fees');
  await dialog.getByRole('button', { name: /^Declare Sev/ }).click();
  await page.getByRole('heading', { name: 'The bot invents fees' }).waitFor();
  await page.getByRole('heading', { name: 'Parts · 3' }).waitFor();
  await page.getByText('put 3 incidents under it').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'add-up-parent-1440-light');
  await page.getByRole('link', { name: 'INC-2026-0001' }).first().click();
  await page.getByRole('heading', { name: 'Part of' }).waitFor();
  await page.getByText('It became part of INC-2026-0004').waitFor();
});
