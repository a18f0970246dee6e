import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLink, openPglite, openServer, readConfig, type Server, slices } from '@firebreak/server';
import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { buildWeb, findings, newContext, picture } from './stage.ts';

let server: Server;
let browser: Browser;
let page: Page;
let url: string;
let folder: string;

beforeAll(async () => {
  await buildWeb();
  folder = await mkdtemp(join(tmpdir(), 'firebreak-first-day-'));
  const config = readConfig({ FIREBREAK_DATA: folder, FIREBREAK_PORT: '0', FIREBREAK_GATEWAY_PORT: '0' });
  server = await openServer(config, slices, {
    db: await openPglite({ durable: false }),
    log: pino({ level: 'error' }),
  });
  url = await server.listen();
  browser = await openBrowser();
  page = await (await newContext(browser, {})).newPage();
  page.setDefaultTimeout(8_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

it('sends a stranger to the sign-in screen, which says where the first link is', async () => {
  await page.goto(url);
  await page.waitForURL(/\/sign-in/);
  await page.getByText('Nobody has an account here yet').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'sign-in-1440-light');
});

it('explains a link that was cut', async () => {
  await page.goto(`${url}/welcome`);
  await page.getByRole('heading', { name: 'This link is not whole' }).waitFor();
  expect(await findings(page)).toEqual([]);
});

it('makes the first administrator with the one-time link', async () => {
  const link = new URL((await firstLink(server.deps))!);
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByRole('heading', { name: 'Make the first administrator' }).waitFor();
  await picture(page, 'welcome-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByLabel('Name').fill('Ana Nkemelu');
  await page.getByLabel('E-mail').fill('ana@example.test');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make my account' }).click();
  await page.getByText('use at least 10 characters').first().waitFor();
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Make my account' }).click();
  await page.getByRole('heading', { name: 'Now', level: 1 }).waitFor();
  expect(page.url()).not.toContain('token');
});

it('teaches on every empty screen what would be there', async () => {
  await page.getByText('Nothing burns').waitFor();
  await page.getByText('No AI system is registered').waitFor();
  await picture(page, 'empty-now-1440-light');
  expect(await findings(page)).toEqual([]);
  for (const [name, lesson] of [
    ['Candidates', 'Nothing waits for a decision'],
    ['Incidents', 'No incident is open'],
    ['Systems', 'No AI system is registered yet'],
    ['Settings', 'No program may talk to Firebreak yet'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await page.getByText(lesson).waitFor();
    expect(await findings(page), name).toEqual([]);
  }
  // What is looked at by day stands behind one button.
  await page.getByRole('button', { name: 'Prepare' }).click();
  expect(await findings(page), 'the list of Prepare').toEqual([]);
  await page.getByRole('link', { name: 'Playbooks' }).click();
  await page.getByRole('heading', { name: 'Playbooks', level: 1 }).waitFor();
  await page.getByRole('button', { name: /Playbooks\s*, Prepare/ }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
});

it('signs out and in again, and says calmly when the password is wrong', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel('E-mail').fill('ana@example.test');
  await page.getByLabel('Password').fill('wrong horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('E-mail or password is wrong').waitFor();
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Now', level: 1 }).waitFor();
});

it('registers a system and makes an API key that is shown once', async () => {
  await page.goto(url);
  await page.getByRole('link', { name: 'Register the first one' }).click();
  await page.getByRole('button', { name: 'Register' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Support Bot');
  expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('support-bot');
  await page.getByLabel('Features').fill('Policy answers, Order status');
  await page.getByRole('dialog').getByRole('button', { name: 'Register' }).click();
  await page.getByRole('heading', { name: 'Support Bot', level: 1 }).waitFor();
  await page.getByText('No guard has ever connected').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('guards');
  await page.getByLabel('read orders and acknowledge them').check();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const secret = page.getByRole('dialog').locator('output');
  expect(await secret.textContent()).toMatch(/^fbk_/);
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText('never used').waitFor();
  expect(await page.content()).not.toContain('fbk_');
});
