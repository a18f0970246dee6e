import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { BEAT_MS, type GuardUp } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Guard } from '@firebreak/guard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
let obeying: Guard[] = [];
let deaf: WebSocket;
let beating: NodeJS.Timeout;

beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await supportBot(world);
  obeying = await guards(world, 'bot-1');
  const { client } = world.ana;
  const { secret } = await client.call(people.createKey, { body: { name: 'deaf', scopes: ['guard'] } });
  deaf = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/guard/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const send = (message: GuardUp) => deaf.send(JSON.stringify(message));
  await new Promise((open) => deaf.once('open', open));
  send({ type: 'hello', instance: 'bot-deaf', system: 'support-bot', host: 'rack-9', kind: 'guard', version: '0.1.0' });
  beating = setInterval(() => send({ type: 'beat', epoch: 0 }), BEAT_MS / 2);
  await client.call(incidents.declare, { body: { title: 'Support bot invents a policy', systems: ['support-bot'] } });
  page = await stage.page(world.ana);
});
afterAll(async () => {
  clearInterval(beating);
  deaf?.close();
  for (const guard of obeying) guard.close();
  await stage?.close();
});

it('names the instance that lives and does not obey, and never calls the order confirmed', async () => {
  const { client } = stage.world.ana;
  const { incidents: rows } = await client.call(incidents.list, { query: {} });
  const incident = rows[0]!.label;
  await page.goto(`${stage.world.url}/incidents/${incident}`);
  await page.getByText('Nothing is stopped yet').waitFor();
  await client.call(containment.order, {
    params: { incident },
    body: { system: 'support-bot', what: { kind: 'disable' }, reason: 'It must stop', typed: 'support-bot' },
  });
  const card = page.getByRole('article', { name: /disable the whole system/ });
  await card.locator('[data-truth=acknowledged]').getByText('1 / 2').waitFor();
  await card.getByText('Not obeyed everywhere.').waitFor({ timeout: 20_000 });
  await card
    .getByText(/bot-deaf on rack-9/)
    .first()
    .waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Not obeyed everywhere' }).first().waitFor();
  await card.getByRole('button', { name: 'Who obeys' }).click();
  await card.getByText('has not answered').waitFor();
  await picture(page, 'disobeyed-1440-light');
  expect(await findings(page)).toEqual([]);
  expect(await page.getByText(/^Confirmed by/).count()).toBe(0);
  await page.goto(stage.world.url);
  await page.getByText('1 hold is not obeyed everywhere.').waitFor();
});

it('goes on without one that somebody says is gone, and says aloud when it is heard again', async () => {
  const { incidents: rows } = await stage.world.ana.client.call(incidents.list, { query: {} });
  await page.goto(`${stage.world.url}/incidents/${rows[0]!.label}/contain`);
  const card = page.getByRole('article', { name: /disable the whole system/ });
  clearInterval(beating);
  await card.getByRole('button', { name: 'It is gone … bot-deaf' }).first().click();
  await card.getByLabel('How you know that bot-deaf is gone').fill('Its machine was deleted');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'gone-asked');
  await card.getByRole('button', { name: 'It is gone', exact: true }).click();
  await card.getByText('acknowledged, 1 said to be gone').waitFor();
  await card.getByText(/bot-deaf on rack-9 is said to be gone, by Ana/).waitFor();
  await picture(page, 'gone-said');
  deaf.send(JSON.stringify({ type: 'beat', epoch: 0 } satisfies GuardUp));
  await card.getByRole('alert').getByText('Not gone: bot-deaf is heard again.').waitFor();
  await card.getByRole('alert').getByRole('link', { name: 'Set one up' }).waitFor();
  await card.locator('[data-truth=acknowledged]').getByText('1 / 2').waitFor();
  await picture(page, 'gone-heard-again');
  expect(await findings(page)).toEqual([]);
});
