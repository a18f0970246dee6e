import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { BEAT_MS, type GuardUp } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Guard } from '@firebreak/guard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
let bot: Guard[] = [];

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  bot = await guards(stage.world, 'bot-1', 'bot-2');
  page = await stage.page(stage.world.ana);
});
afterAll(async () => {
  for (const guard of bot) guard.close();
  await stage?.close();
});

it('tests a control now: it was not ready, every instance passes, and no real request met it', async () => {
  await page.goto(`${stage.world.url}/systems/support-bot`);
  const controls = page.getByRole('list', { name: 'Controls' });
  const stop = controls.getByRole('listitem').filter({ hasText: 'Stop policy answers' });
  await stop.getByText('not ready: never tested').waitFor();
  await page.getByRole('button', { name: 'Test now: Stop policy answers' }).click();
  await page.getByRole('heading', { name: 'Test of Stop policy answers' }).waitFor();
  await page.getByText('2 instances passed.').waitFor({ timeout: 20_000 });
  await page.getByText('Instances · 2 of 2 passed').waitFor();
  expect(bot.map((guard) => guard.stats().refused)).toEqual([0, 0]);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'control-test-1440-light');
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(page.url());
  await phone.getByText('2 instances passed.').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'control-test-390-dark');

  await page.getByRole('link', { name: 'support-bot' }).first().click();
  await stop.getByText('ready', { exact: true }).waitFor();
  await stop.getByText(/in effect after \d+ ms/).waitFor();
  await page.getByText('One control was never tested.').waitFor();
  await stop.scrollIntoViewIfNeeded();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'controls-ready-1440-light');
});

it('plans the tests of a control', async () => {
  await page.getByRole('button', { name: 'Plan the tests of Back to prompt v40' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who answers for it').fill('Platform team');
  await dialog.getByLabel('Tested every … days').fill('0');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.getByText('Use a whole number from 1 to 365.').waitFor();
  await dialog.getByLabel('Tested every … days').fill('7');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'control-plan-1440-light');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('Platform team answers for it').waitFor();
  await page.getByText('tested every 7 days').waitFor();
});

it('rehearses a control in an exercise, on record', async () => {
  const { incident } = await stage.world.ana.client.call(incidents.declare, {
    body: { title: 'An exercise', systems: ['support-bot'], drill: true },
  });
  await page.goto(`${stage.world.url}/incidents/${incident.label}`);
  await page.getByRole('button', { name: 'Rehearse: Back to prompt v40' }).click();
  await page.getByText('2 instances passed.').waitFor({ timeout: 20_000 });
  await page.getByText('a rehearsal').waitFor();
  await page.getByRole('link', { name: 'Open its room' }).click();
  await page.getByRole('listitem').filter({ hasText: 'The rehearsal passed' }).first().waitFor();
  await picture(page, 'rehearsal-1440-light');
});

it('stops and asks where the first instance cannot judge with an order, and sends it on by force', async () => {
  const { world } = stage;
  const { secret } = await world.ana.client.call(people.createKey, { body: { name: 'broken', scopes: ['guard'] } });
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/guard/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const say = (message: GuardUp) => socket.send(JSON.stringify(message));
  await new Promise((open) => socket.once('open', open));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type !== 'try') return;
    say({ type: 'tried', trial: JSON.parse(message.payload).trial, state: 'fault', says: 'out of memory' });
  });
  say({ type: 'hello', instance: 'edge-1', system: '*', host: 'rack-3', kind: 'gateway', checks: true });
  const beating = setInterval(() => say({ type: 'beat', epoch: 0 }), BEAT_MS / 2);
  try {
    await page.goto(`${world.url}/systems/support-bot`);
    await page.getByText('edge-1').first().waitFor();
    await page
      .getByRole('button', { name: /^Contain/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Something that is not wired in advance').click();
    await dialog.getByText('Disable the whole system').click();
    await dialog.getByLabel('Type support-bot').fill('support-bot');
    await dialog.getByLabel('Why').fill('It must stop');
    await dialog.getByRole('button', { name: /^Order: disable the whole system/ }).click();
    await dialog.getByText('edge-1 cannot judge requests with it: out of memory').waitFor();
    expect((await world.ana.client.call(containment.listHolds, { query: {} })).holds).toEqual([]);
    const anyway = dialog.getByRole('button', { name: 'Send it to everybody anyway' });
    const place = (await anyway.boundingBox())!;
    expect(place.y + place.height).toBeLessThan(900);
    expect(await findings(page)).toEqual([]);
    await picture(page, 'canary-1440-light');
    await anyway.click();
    const card = page.getByRole('article', { name: /disable the whole system/ });
    await card.locator('[data-truth=acknowledged]').waitFor();
    await page.getByText('sent to everybody though the first instance did not take it').waitFor();
  } finally {
    clearInterval(beating);
    socket.close(1000);
  }
});
