import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let page: Page;
let receiver: Server;
let address: string;
const heard: string[] = [];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    for await (const _ of request);
    heard.push(`${request.headers['content-type']} ${request.headers.authorization ?? 'nobody'}`);
    response.writeHead(request.url === '/deaf' ? 503 : 202).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  page = await stage.page(stage.world.ana);
});
afterAll(async () => {
  await stage?.close();
  receiver?.close();
});

it('tells an identity provider of revoked agents, and shows that a test arrived', async () => {
  await page.goto(`${stage.world.url}/settings`);
  await page.getByRole('button', { name: 'Tell another tool' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('An incident is declared').waitFor();
  await dialog.getByLabel('Security Event Tokens').check();
  expect(await dialog.getByText('An incident is declared').count()).toBe(0);
  await dialog.getByLabel('Name', { exact: true }).fill('Our IdP');
  await dialog.getByLabel('Address it is told at').fill(`${address}/ssf`);
  await dialog.getByLabel('Authorization header').fill('Bearer of-the-receiver');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await dialog.getByText('say whom the tokens are meant for').first().waitFor();
  await dialog.getByLabel('Whom the tokens are for').fill('https://idp.example/ssf');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'told-others-dialog-1440-light');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await page.getByText('Security Event Tokens for https://idp.example/ssf').waitFor();
  expect(await page.content()).not.toContain('of-the-receiver');
  await page.getByRole('button', { name: 'Send a test to Our IdP' }).click();
  await page.getByRole('list', { name: 'Deliveries' }).getByText('arrived').waitFor();
  expect(heard).toEqual(['application/secevent+jwt Bearer of-the-receiver']);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'told-others-1440-light');
});

it('shows on a phone what a receiver did not take, and why', async () => {
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/settings`);
  await phone.getByRole('button', { name: 'Tell another tool' }).click();
  const dialog = phone.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Jira');
  await dialog.getByLabel('Address it is told at').fill(`${address}/deaf`);
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await phone.getByText('whsec_').waitFor();
  await phone.getByRole('button', { name: 'I have kept it' }).click();
  await phone.getByRole('button', { name: 'Send a test to Jira' }).click();
  await phone.getByText('one try: answered 503').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'told-others-390-dark');
});
