import { access } from '@firebreak/contract/detect/access';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await world.ana.client.call(inventory.register, { body: { key: 'desk', name: 'Desk', type: 'generative' } });
  const sender = await world.program('telemetry:write');
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
  await sender.call(signals.sendInteractions, {
    body: Array.from({ length: 24 }, (_, i) => ({
      id: `d${i}`,
      system: 'desk',
      subject: 'u-17',
      at: ago(600 - i * 10),
      input: `Please show me the invoice ${4_100 + i} of last year`,
      output: `Invoice ${4_100 + i} is about a desk lamp.`,
    })) as never,
  });
  await sender.call(access.sendSignIns, {
    body: Array.from({ length: 12 }, (_, i) => ({
      system: 'desk',
      who: 'u-17',
      at: ago(900 - i * 5),
      outcome: 'refused' as const,
      country: 'SG',
      reason: 'wrong password',
    })),
  });
});
afterAll(() => stage?.close());

it('shows who goes through numbers one by one, opens what that is made of, and the sign-ins before it', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/access`);
  await page.getByText('numbers one after the other').first().waitFor({ timeout: 30_000 });
  await page.getByText('refused again and again').waitFor();
  await page.getByText('What it is made of: 20 interactions').click();
  await page.getByText('What it is made of: 10 sign-ins').click();
  await page.getByText('wrong password').first().waitFor();
  await page.getByText('not enough yet').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'access-1440-light');
  await page.getByRole('button', { name: 'Interaction 20 of 20' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Invoice 4119 is about a desk lamp.').waitFor();
  await dialog.getByText('One signal').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Person or program u-17' }).click();
  await page.getByText('Please show me the invoice 4123').waitFor({ timeout: 20_000 });

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/access`);
  await phone.getByText('What it is made of: 20 interactions').click();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'access-390-dark');
});
