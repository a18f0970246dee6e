import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { ofrep } from '@firebreak/contract/respond/ofrep';
import { home, type Someone } from '@firebreak/world';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let ben: Someone;
/** Of two shops, each with an origin of its own. */
const servers: Server[] = [];
let shop: string;
let other: string;
let key: string;
let page: Page;
const answers: { readonly door: string; readonly status: number }[] = [];

async function shopAt(script: string): Promise<string> {
  const html = '<!doctype html><title>Shop</title><output>Loading</output><script src="/page.js"></script>';
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : html);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const addressOf = (origin: string) => `${origin}/?${new URLSearchParams({ firebreak: stage.world.url, key })}`;

beforeAll(async () => {
  const bundled = await build({
    entryPoints: [join(home, 'stories/shop-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'error',
  });
  const script = bundled.outputFiles[0]!.text;
  shop = await shopAt(script);
  other = await shopAt(script);
  stage = await openStage();
  await supportBot(stage.world);
  ben = await stage.world.person('Ben Ode', ['lead']);
});
afterAll(async () => {
  await stage?.close();
  for (const server of servers) server.close();
});

it('is given a key that everybody may read, for its origin and its system', async () => {
  const { ana, url } = stage.world;
  const settings = await stage.page(ana);
  await settings.goto(`${url}/settings`);
  await settings.getByRole('button', { name: 'New key' }).click();
  const dialog = settings.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('shop, web');
  await dialog.getByLabel('evaluate flags (OpenFeature)').check();
  await dialog.getByLabel('For a web page').check();
  await dialog.getByText('Whoever opens the page can read the key').waitFor();
  await dialog.getByLabel('Origins of the pages').fill(`${shop}/cart`);
  await dialog.getByLabel('Meridian Support').check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByText(`Write ${shop}.`).first().waitFor();
  expect(await findings(settings)).toEqual([]);
  await dialog.getByLabel('Origins of the pages').fill(shop);
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  key = (await dialog.locator('output').textContent())!;
  await dialog.getByText('it is no secret there').waitFor();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await settings.getByText(`on ${shop} · reads support-bot`).waitFor();
  await picture(settings, 'page-key-1440-light');
  expect(await findings(settings)).toEqual([]);
});

it('shows what is allowed, hears of an order and of its end without loading again', async () => {
  const { ana } = stage.world;
  page = await stage.page(null);
  page.on('response', (answer) => {
    if (answer.request().method() === 'POST')
      answers.push({ door: new URL(answer.url()).pathname, status: answer.status() });
  });
  const shown = page.locator('output');
  await page.goto(addressOf(shop));
  await shown.getByText('The assistant answers.').waitFor();
  await page.evaluate(() => {
    document.title = 'loaded once';
  });
  // On connecting it asks again; that nothing changed it can only hear when it may read the tag it was given.
  await expect.poll(() => answers, { timeout: 10_000 }).toContainEqual({ door: ofrep.evaluateAll.path, status: 304 });

  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'It invents a policy' } });
  const { hold } = await ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: {
      system: 'support-bot',
      what: { kind: 'disable', feature: 'policy-answers', message: 'we look into it.' },
      reason: 'It invents a policy',
    },
  });
  await shown.getByText('The assistant rests: we look into it.').waitFor();
  await ben.client.call(containment.lift, { params: { incident: incident.id, hold }, body: { reason: 'over' } });
  await shown.getByText('The assistant answers.').waitFor();
  expect(await page.title()).toBe('loaded once');
});

it('tells nothing to a page of an origin that the key does not name', async () => {
  const elsewhere = await stage.page(null);
  await elsewhere.goto(addressOf(other));
  await elsewhere.locator('output').getByText('Nothing was heard').waitFor();
  expect(await elsewhere.evaluate(() => localStorage.length)).toBe(0);
  // By hand as well: neither a request without anything to ask for beforehand, nor the events of the other page.
  const ticket = await page.evaluate(
    async ([address, secret]) => {
      const answer = await fetch(address!, { method: 'POST', headers: { authorization: `Bearer ${secret}` } });
      return (await answer.json()).eventStreams[0].endpoint.requestUri as string;
    },
    [`${stage.world.url}${ofrep.evaluateAll.path}`, key],
  );
  const tried = await elsewhere.evaluate(
    async ([address, events]) => {
      const asked = await fetch(address!, { method: 'POST' }).then(
        () => 'answered',
        () => 'refused',
      );
      const source = new EventSource(events!);
      const listened = await new Promise((resolve) => {
        source.onopen = () => resolve('open');
        source.onerror = () => resolve(source.readyState === source.CLOSED ? 'closed' : 'again');
      });
      source.close();
      return [asked, listened];
    },
    [`${stage.world.url}${ofrep.evaluateAll.path}`, `${stage.world.url}${ticket}`],
  );
  expect(tried).toEqual(['refused', 'closed']);
});
