import { signals } from '@firebreak/contract/detect/signals';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

it('stops a feature before anybody looks, and waits for a person to adopt it and to arm it again', async () => {
  const { world } = stage;
  const [guard] = await guards(world, 'pod-1');
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByText('Nothing is pulled by itself').waitFor();
  await page.getByRole('button', { name: 'Set a tripwire' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Keys come out');
  await dialog.getByLabel('Pulls').selectOption('Stop policy answers');
  await dialog.getByLabel('Of these kinds').fill('secret-disclosed');
  await dialog.getByLabel('How many').fill('2');
  await dialog.getByLabel('Why it may act first').fill('A key is used within minutes');
  await dialog.getByText('Pulls “Stop policy answers” after 2 signals that prove themselves').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'tripwire-form-1440-light');
  await dialog.getByRole('button', { name: 'Set it' }).click();
  const list = page.getByRole('list', { name: 'Tripwires' });
  await list.getByText('armed', { exact: true }).waitFor();

  const sender = await world.program('signals:write');
  const asked = { system: 'support-bot', feature: 'policy-answers' };
  expect(guard!.check(asked).action).toBe('allow');
  for (const key of ['payment', 'mail'])
    await sender.call(signals.sendSignals, {
      body: {
        ...asked,
        kind: 'secret-disclosed',
        detector: 'secrets',
        channel: 'output-filter',
        evidenceClass: 'verified',
        archetype: 'data-exfiltration',
        text: `An answer held the key of the ${key} service.`,
      },
    });
  await list.getByText('tripped', { exact: true }).waitFor();
  await expect.poll(() => guard!.check(asked).action).toBe('deny');
  expect(guard!.check({ ...asked, feature: 'order-status' }).action).toBe('allow');
  expect(await findings(page)).toEqual([]);
  await list.scrollIntoViewIfNeeded();
  await picture(page, 'tripwire-tripped-1440-light');

  await list.getByRole('link', { name: /^INC-/ }).click();
  await page.getByText('Tripwire “Keys come out”').first().waitFor();
  await page
    .getByRole('button', { name: /^Adopt/ })
    .first()
    .click();
  await expect.poll(async () => (await page.getByRole('button', { name: /^Adopt/ }).count()) === 0).toBe(true);

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/systems/support-bot`);
  await phone.getByRole('button', { name: 'Arm again: Keys come out' }).click();
  await phone.getByLabel('Why it may act again').fill('The keys were changed');
  expect(await findings(phone)).toEqual([]);
  await phone.getByRole('button', { name: 'Arm it' }).click();
  const small = phone.getByRole('list', { name: 'Tripwires' });
  await small.getByText('armed', { exact: true }).waitFor();
  await small.scrollIntoViewIfNeeded();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'tripwire-390-dark');
});
