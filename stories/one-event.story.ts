import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { candidates } from '@firebreak/contract/detect/candidates';
import { evals } from '@firebreak/contract/detect/evals';
import { monitors } from '@firebreak/contract/detect/monitors';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../conformance/stand-in-model.ts';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

const RIGHT = 'You may use your subscription on all your devices.';
const WRONG = 'Our policy allows only one device per subscription as a core security feature.';
const COMPLAINT =
  'It says the policy allows only one device per subscription as a core security feature. Nobody ever told us of one device per subscription.';
const HEADLINE =
  'Northwind support bot invents a policy: only one device per subscription, called a core security feature';

let stage: Stage;
let model: StandInModel;
let press: Server;
let feed = '';

const deploy = (prompt: string) =>
  stage.world.ana.client.call(inventory.deploy, {
    params: { system: 'support-bot' },
    body: { versions: { model: 'm1', prompt } },
  });

beforeAll(async () => {
  model = await openStandInModel(() => RIGHT);
  press = createServer((_, response) => {
    response
      .setHeader('content-type', 'application/rss+xml')
      .end(`<rss version="2.0"><channel><title>Trade press</title>${feed}</channel></rss>`);
  });
  await new Promise<void>((done) => press.listen(0, '127.0.0.1', done));
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  await stage.world.ana.client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      owner: 'Support',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  await deploy('v41');
});
afterAll(async () => {
  await stage?.close();
  await model.close();
  press.closeAllConnections();
  press.close();
});

async function clean(page: Page, name: string): Promise<void> {
  expect(await findings(page), name).toEqual([]);
  expect(await sideways(page), name).toBe(0);
}

/** A golden set that passes on v41, of twelve questions about devices. */
async function watchAnswers(): Promise<`evs_${string}`> {
  const { client } = stage.world.ana;
  const { target } = await client.call(evals.addTarget, {
    body: { name: 'Bot, production', kind: 'openai', address: model.url, system: 'support-bot', model: 'm1' },
  });
  const { suite } = await client.call(evals.add, {
    body: { name: 'Subscriptions', target: target.id, feature: 'answers' },
  });
  const cases = Array.from({ length: 12 }, (_, i) => ({
    id: `device-${i}`,
    input: [{ role: 'user', content: `May I use my subscription on ${i + 2} devices?` }],
    checks: [{ kind: 'not-contains' as const, value: 'one device' }],
  }));
  await client.call(evals.keepCases, { params: { suite: suite.id }, body: { cases } });
  return suite.id as `evs_${string}`;
}

it('a golden set that drops, a customer who complains and the press become one candidate, and one incident', async () => {
  const { world } = stage;
  const { client } = world.ana;
  const page = await stage.page(world.ana);
  const suite = await watchAnswers();
  await page.goto(`${world.url}/golden-sets/${suite}`);
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('First of its kind · model m1, prompt v41').waitFor({ timeout: 60_000 });

  model.says = () => WRONG;
  await deploy('v42');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByText('Regressed · model m1, prompt v42').waitFor({ timeout: 60_000 });

  const sender = await world.program('feedback:write');
  await sender.call(signals.sendFeedback, {
    body: [{ system: 'support-bot', feature: 'answers', kind: 'thumbs-down', text: COMPLAINT }],
  });
  feed = `<item><title>${HEADLINE}</title><link>https://news.test/1</link><guid>1</guid><pubDate>${new Date().toUTCString()}</pubDate></item>`;
  await client.call(monitors.add, {
    body: {
      name: 'Trade press',
      kind: 'feed',
      address: `http://127.0.0.1:${(press.address() as AddressInfo).port}/feed`,
      system: 'support-bot',
      keywords: { brand: ['Northwind'] },
    },
  });

  await page.goto(`${world.url}/candidates`);
  const list = page.getByRole('list', { name: 'Candidates' });
  await list.getByText(/1 report from outside/).waitFor({ timeout: 30_000 });
  expect(await list.getByRole('listitem').count()).toBe(1);
  await list.getByText(/1 complaint/).waitFor();
  await list.getByText(/golden answer/).waitFor();
  await list.getByText(/^Together because /).waitFor();
  await clean(page, 'candidates');
  await picture(page, 'one-event-candidates-1440-light');

  await list.getByRole('link').click();
  await page.getByText(HEADLINE, { exact: false }).first().waitFor();
  await page.getByText(COMPLAINT.slice(0, 60), { exact: false }).first().waitFor();
  await clean(page, 'candidate');
  await picture(page, 'one-event-candidate-1440-light');

  const together = page.locator('section', { hasText: 'Why these belong together' });
  await together.getByText(/both say “only one device per subscription”/).waitFor();
  await together
    .getByText(/both soon after a change/)
    .first()
    .waitFor();
  await together.getByText(/seen through two channels that do not know of each other/).waitFor();

  const { items } = await client.call(candidates.listCandidates, { query: { state: 'open' } });
  expect(items.map(({ title }) => title)).toHaveLength(1);
  const one = await client.call(candidates.readCandidate, { params: { candidate: items[0]!.id } });
  expect(one.signals.map(({ channel }) => channel).sort()).toEqual(['external', 'feedback', 'golden-set']);

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/candidates`);
  await phone.getByText(/^Together because /).waitFor();
  await clean(phone, 'candidates on a phone');
  await picture(phone, 'one-event-candidates-390-dark');
  await phone.getByRole('list', { name: 'Candidates' }).getByRole('link').tap();
  await phone.getByText(HEADLINE, { exact: false }).first().waitFor();
  await clean(phone, 'candidate on a phone');
  await picture(phone, 'one-event-candidate-390-dark');

  await page.getByRole('button', { name: 'Declare' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Declare Sev 2/ }).waitFor();
  expect(await dialog.getByLabel('What is happening').inputValue()).not.toBe('');
  expect(await dialog.getByLabel('Support bot').isChecked()).toBe(true);
  await clean(page, 'declare');
  await picture(page, 'one-event-declare-1440-light');
  await dialog.getByRole('button', { name: /^Declare Sev 2/ }).click();
  await page.waitForURL(/\/incidents\/INC-/);
  await page.getByText('Commander missing').waitFor();
  await clean(page, 'war room');
  await picture(page, 'one-event-room-1440-light');

  const { incidents: open } = await client.call(incidents.list, { query: {} });
  expect(open).toHaveLength(1);
  await page.goto(`${world.url}/candidates`);
  await page.getByText('Nothing waits for a decision').waitFor();
});
