import { signals } from '@firebreak/contract/detect/signals';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

it('pages on every screen until somebody looks, and says why the rest paged nobody', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/paging`);
  await page.getByText('Nothing is silenced').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Silence …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Words in the signal').fill('load test');
  await dialog.getByLabel('Why').fill('The load test of Saturday');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'silence-form-1440-light');
  await dialog.getByRole('button', { name: 'Silence it' }).click();
  const silences = page.getByRole('list', { name: 'Silences' });
  await silences.getByText('words “load test”').waitFor();

  const sender = await world.program('signals:write');
  const raise = (text: string, more: object = {}) =>
    sender.call(signals.sendSignals, {
      body: {
        system: 'support-bot',
        feature: 'policy-answers',
        kind: 'secret-disclosed',
        detector: 'secrets',
        channel: 'output-filter',
        evidenceClass: 'verified',
        archetype: 'data-exfiltration',
        text,
        ...more,
      },
    });
  await raise('The load test sent a planted key.');
  await silences.getByRole('button', { name: 'held back one signal' }).click();
  await silences.getByText('The load test sent a planted key.').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'paging-silences-1440-light');

  await page.getByRole('link', { name: 'Conditions' }).click();
  await page.getByRole('button', { name: 'Page only when …' }).click();
  await dialog.getByLabel('AI system').selectOption('support-bot');
  await dialog.getByRole('textbox', { name: 'Detector' }).fill('latency');
  await dialog.getByLabel('Why').fill('Flaps when it is deployed');
  await picture(page, 'condition-form-1440-light');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Set it' }).click();
  await page.getByRole('list', { name: 'Conditions' }).getByText('not met now').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'paging-conditions-1440-light');

  await raise('An answer repeated the key of the payment service.', { feature: 'order-status' });
  const banner = page.getByRole('alert').filter({ hasText: 'nobody looks yet' });
  await banner.getByText('Nobody could be told').waitFor();
  expect(await findings(page)).toEqual([]);
  await banner.getByRole('link').click();
  const told = page
    .getByRole('region', { name: 'Who was told' })
    .or(page.getByText('Who was told').locator('..').locator('..'));
  await told.getByText('nobody could be told: no channel').first().waitFor();
  await page.getByRole('button', { name: 'Did it page?' }).first().click();
  await picture(page, 'candidate-paged-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'I am looking' }).click();
  await page.getByText(/Ana Nkemelu looks at it/).waitFor();
  await banner.waitFor({ state: 'detached' });

  await raise('An answer named the address of another customer.', {
    feature: 'policy-answers',
    detector: 'personal-data',
  });
  for (const [width, theme] of [
    [390, 'light'],
    [390, 'dark'],
    [1440, 'dark'],
  ] as const) {
    const other = await stage.page(world.ana, { width, theme });
    await other.goto(`${world.url}/`);
    await other.getByText('nobody looks yet').first().waitFor();
    await picture(other, `now-paged-${width}-${theme}`);
    expect(await findings(other)).toEqual([]);
    for (const at of [page.url(), `${world.url}/paging`, `${world.url}/paging?show=conditions`]) {
      await other.goto(at);
      await other
        .getByText(/I am looking|words “load test”|not met now|Ana Nkemelu looks/)
        .first()
        .waitFor();
      await other.waitForTimeout(300);
      await picture(
        other,
        `${at.includes('cand') ? 'candidate-paged' : at.includes('show') ? 'conditions' : 'silences'}-${width}-${theme}`,
      );
      expect(await findings(other)).toEqual([]);
      expect(await sideways(other)).toBe(0);
    }
  }
});
