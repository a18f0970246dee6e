import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitors } from '@firebreak/contract/detect/monitors';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let press: Server;
let at: string;
const story = (id: string, title: string) =>
  `<item><title>${title}</title><link>https://news.test/${id}</link><guid>${id}</guid><pubDate>${new Date().toUTCString()}</pubDate></item>`;

beforeAll(async () => {
  press = createServer((request, response) => {
    if (request.url === '/feed')
      response.end(
        `<rss version="2.0"><channel>${story('1', 'Northwind chatbot invents a fee for calling')}${story('2', 'Northwind opens an office in Oslo')}</channel></rss>`,
      );
    else response.setHeader('content-type', 'text/html').end('<!doctype html><html><body>Please log in</body></html>');
  });
  await new Promise<void>((done) => press.listen(0, '127.0.0.1', done));
  at = `http://127.0.0.1:${(press.address() as AddressInfo).port}`;
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  await stage.world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
});
afterAll(async () => {
  await stage?.close();
  press.closeAllConnections();
  press.close();
});

it('tries a source before watching it, hears the press, and sees why the rest was dropped', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/monitors`);
  await page.getByRole('button', { name: 'Watch the first source' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Source').selectOption('feed');
  await dialog.getByLabel('Name', { exact: false }).first().fill('Trade press');
  await dialog.getByLabel('AI system it is about').selectOption('support-bot');
  await dialog.getByLabel('Names of the product or brand').fill('Northwind');
  await dialog.getByLabel('Address').fill(`${at}/login`);
  await dialog.getByRole('button', { name: 'Test run' }).click();
  await dialog.getByText('It answers a web page (HTML)').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.waitForTimeout(1_200);
  await dialog.getByLabel('Address').fill(`${at}/feed`);
  await dialog.getByRole('button', { name: 'Test run' }).click();
  await dialog.getByText('1 of 2 would be kept').waitFor();
  await dialog.getByText('Why dropped: no word of failure, or only negated ones').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'monitor-form-1440-light');
  await dialog.getByRole('button', { name: 'Start watching' }).click();
  await page.getByRole('button', { name: 'dropped by Trade press' }).click();
  await page.getByText('listening', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByText('Northwind chatbot invents a fee for calling').waitFor();
  await page.getByRole('button', { name: '1 dropped', exact: true }).click();
  await page.getByText('Northwind opens an office in Oslo').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'monitors-1440-light');

  await page.getByRole('button', { name: 'Pause Trade press' }).click();
  await dialog.getByLabel('Why').fill('The campaign is over');
  await dialog.getByRole('button', { name: 'Pause it' }).click();
  await page.getByText('Paused: The campaign is over').waitFor();
  const { monitors: rows } = await world.ana.client.call(monitors.list, { query: {} });
  expect(rows).toMatchObject([{ kept: 1, dropped: 1, paused: 'The campaign is over' }]);

  await page.goto(`${world.url}/candidates`);
  await page.getByText('Northwind chatbot invents a fee for calling').first().waitFor();
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/monitors`);
  await phone.getByText('Paused: The campaign is over').waitFor();
  await phone.getByRole('button', { name: 'dropped by Trade press' }).click();
  await phone.getByText('Northwind chatbot invents a fee for calling').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'monitors-390-dark');
});
