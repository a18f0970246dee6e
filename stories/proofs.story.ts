import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signals } from '@firebreak/contract/detect/signals';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { BEAT_MS, type GuardUp } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import type { Guard } from '@firebreak/guard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { ago, guards, supportBot } from './support-bot.ts';

let stage: Stage;
let page: Page;
let bot: Guard[] = [];
let frozen: WebSocket;
let beating: NodeJS.Timeout;
let pager: Server;
const pages: { type: string; data: Record<string, unknown> }[] = [];
let room = '';

beforeAll(async () => {
  pager = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      pages.push(JSON.parse(body));
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' });
  const { world } = stage;
  const { client } = world.ana;
  await supportBot(world);
  bot = await guards(world, 'bot-1', 'bot-2');
  await client.call(links.subscribe, {
    body: {
      name: 'On-call phone',
      url: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/`,
      events: ['candidate.paged'],
    },
  });
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'Support bot invents a policy', systems: ['support-bot'] },
  });
  room = `${world.url}/incidents/${incident.label}`;
  const sender = await world.program('telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: { id: 'before', system: 'support-bot', feature: 'policy-answers', at: ago(2), input: 'Why?', output: 'So.' },
  });
  // One process is stopped: it lives, as far as its socket goes, and never answers again.
  const { secret } = await client.call(people.createKey, { body: { name: 'frozen', scopes: ['guard'] } });
  frozen = new WebSocket(`${world.url.replace('http', 'ws')}/api/v1/guard/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const send = (message: GuardUp) => frozen.send(JSON.stringify(message));
  await new Promise((open) => frozen.once('open', open));
  send({ type: 'hello', instance: 'bot-frozen', system: 'support-bot', host: 'rack-9', kind: 'guard' });
  beating = setInterval(() => send({ type: 'beat', epoch: 0 }), BEAT_MS / 2);
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: { system: 'support-bot', what: { kind: 'disable', feature: 'policy-answers' }, reason: 'It must stop' },
  });
  page = await stage.page(world.ana);
});
afterAll(async () => {
  clearInterval(beating);
  frozen?.close();
  for (const guard of bot) guard.close();
  await stage?.close();
  await new Promise((resolve) => pager.close(resolve));
});

const cardOf = (on: Page) => on.getByRole('article', { name: /disable policy-answers/ });

it('shows a proof that is there and one that is missing apart, with what to do, and pages on-call once', async () => {
  await page.goto(room);
  const card = cardOf(page);
  await card.locator('[data-truth=probe]').getByText('it works').waitFor();
  await card.locator('[data-truth=probe]').getByText('2 / 2').waitFor();
  const mark = card.locator('[data-missing=acknowledged]');
  await mark.waitFor({ timeout: 30_000 });
  await mark.getByText('bot-frozen on rack-9').waitFor();
  await mark.getByText('Kill process bot-frozen on host rack-9').waitFor();
  await mark.getByText(/Told .*: On-call phone/).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Still not obeyed everywhere' }).first().waitFor();
  await card.getByRole('button', { name: 'Who obeys' }).click();
  await card.getByText('Level 1 of 4').waitFor();
  await card.getByText('tried: it works').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'proofs-missing-1440-light');
  expect(pages).toMatchObject([{ type: 'containment.unproven', data: { missing: [{ instance: 'bot-frozen' }] } }]);
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(room);
  await cardOf(phone).locator('[data-missing=acknowledged]').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'proofs-missing-390-dark');
});

it('names what gets past in traffic, and opens its record', async () => {
  const sender = await stage.world.program('telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: {
      id: 'past',
      system: 'support-bot',
      feature: 'policy-answers',
      at: new Date().toISOString(),
      input: 'How many devices?',
      output: 'One device only.',
    },
  });
  const card = cardOf(page);
  await card.locator('[data-missing=traffic]').getByText('1 request got past').waitFor({ timeout: 20_000 });
  await card.locator('[data-truth=traffic]').getByText('1 past').waitFor();
  await picture(page, 'proofs-past-1440-light');
  await card.getByRole('list', { name: 'What got past' }).getByRole('link').first().click();
  await page.getByText('One device only.').first().waitFor();
  await page.goto(stage.world.url);
  await page.getByText('1 hold is not obeyed everywhere.').waitFor();
});

it('ends the mark by itself when the process is gone', async () => {
  clearInterval(beating);
  frozen.close(1000);
  await page.goto(room);
  const card = cardOf(page);
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Obeyed everywhere after all' })
    .first()
    .waitFor({ timeout: 20_000 });
  expect(await card.locator('[data-missing=acknowledged]').count()).toBe(0);
  await card.locator('[data-truth=acknowledged]').getByText('2 / 2').waitFor();
});
