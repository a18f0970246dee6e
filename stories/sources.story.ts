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

const MAPPING =
  '{"title": event.what, "severity": event.grade, "status": event.over ? "resolved" : "open", "dedupKey": event.no}';
const told = (over: boolean) => ({ event: { what: 'Refund promised that nobody allows', grade: 'P2', over, no: 41 } });

it('adds a source, previews its mapping, and sees what comes in as a signal that ends', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/sources`);
  await page.getByText('No source is set up').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add the first source' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Product').selectOption('custom');
  await dialog.getByLabel('Name', { exact: true }).fill('Review team');
  await dialog.getByLabel('About which AI system').selectOption('support-bot');
  await dialog.getByLabel('Mapping (JSONata)').fill('{"name": event.what}');
  await dialog.getByLabel('A payload to try').fill(JSON.stringify(told(false)));
  await dialog.getByRole('button', { name: 'Show what it becomes' }).click();
  await dialog.getByText('result 0 has no “title”').waitFor();
  await dialog.getByLabel('Mapping (JSONata)').fill(MAPPING);
  await dialog.getByRole('button', { name: 'Show what it becomes' }).click();
  const becomes = dialog.getByRole('list', { name: 'What it becomes' });
  await becomes.getByText('Refund promised that nobody allows').waitFor();
  await becomes.getByText('firing: raises a signal').waitFor();
  expect(await findings(page)).toEqual([]);
  await becomes.scrollIntoViewIfNeeded();
  await picture(page, 'source-preview-1440-light');
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await dialog.getByText('Shown only now').waitFor();
  const key = /fbi[A-Za-z0-9]{29}/.exec((await dialog.textContent())!)![0];
  await dialog.getByRole('button', { name: 'I have kept it' }).click();

  await page.getByText('Nothing has come yet').waitFor();
  const address = (await page.getByText('/intake/hook/src_').textContent())!;
  const send = (over: boolean) =>
    fetch(`${world.url}${new URL(address).pathname}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(told(over)),
    });
  expect((await send(false)).status).toBe(200);
  await send(false);
  const seen = page.getByRole('list', { name: 'Signals' });
  await seen.getByText('Refund promised that nobody allows').waitFor();
  await seen.getByText('told 2 times').waitFor();
  await seen.getByText('open', { exact: true }).waitFor();
  expect((await fetch(`${world.url}${new URL(address).pathname}`, { method: 'POST', body: '{}' })).status).toBe(401);
  await page.getByText('it carries no intake key').waitFor();
  await send(true);
  await seen.getByText(/^resolved/).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, 'source-1440-light');
  const dark = await stage.page(world.ana, { theme: 'dark' });
  await dark.goto(page.url());
  await dark.getByText('told 2 times').waitFor();
  await picture(dark, 'source-1440-dark');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(page.url());
  await phone.getByText('told 2 times').waitFor();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'source-390-dark');

  await seen.getByRole('link', { name: 'its candidate' }).click();
  await page
    .getByRole('list', { name: 'Signals' })
    .getByText(/^resolved/)
    .waitFor();
  await picture(page, 'source-candidate-1440-light');
  const { items } = await world.ana.client.call(signals.listSignals, { query: { detector: 'Review team' } });
  expect(items).toHaveLength(1);
  await page.goto(`${world.url}/sources`);
  await page.getByText('3 taken, 1 refused').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'sources-1440-light');
});
