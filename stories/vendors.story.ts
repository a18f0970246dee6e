import { inventory } from '@firebreak/contract/prepare/inventory';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let room: string;
beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await supportBot(stage.world);
  await client.call(inventory.register, {
    body: { key: 'mailer', name: 'Order mailer', type: 'agent', vendor: 'Northwind', features: [] },
  });
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'The bot answers in another language', systems: ['support-bot'] },
  });
  room = `${stage.world.url}/incidents/${incident.label}`;
});
afterAll(() => stage?.close());

it('registers a vendor that a system names already, says whom to call, and finds it in the room', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/vendors`);
  await page.getByText('No vendor is registered').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Register Northwind' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('Northwind');
  await dialog.getByLabel('Other names').fill('northwind.ai');
  await dialog.getByLabel('Models').fill('gpt-4.1-mini');
  await dialog.getByLabel('Status page').fill('status.northwind.example');
  await dialog.getByRole('button', { name: 'Register', exact: true }).click();
  await dialog.getByText('write a web address that begins with https://').first().waitFor();
  await dialog.getByLabel('Status page').fill('https://status.northwind.example');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Register', exact: true }).click();

  await page.getByText('runs gpt-4.1-mini').waitFor();
  await page.getByText('names it as its vendor').waitFor();
  await page.getByRole('button', { name: 'Name whom to call' }).click();
  await dialog.getByLabel('Name or desk').fill('Duty desk');
  await dialog.getByLabel('Number or address').fill('+49 30 1234567');
  await dialog.getByLabel('Hours').fill('24/7');
  await dialog.getByLabel('Minutes to answer').fill('soon');
  await dialog.getByLabel('Agreed in').fill('MSA 2026, clause 8.2');
  await dialog.getByRole('button', { name: 'Another' }).click();
  await dialog.getByLabel('Name or desk').last().fill('Head of customer success');
  await dialog.getByLabel('How').last().selectOption('email');
  await dialog.getByLabel('Number or address').last().fill('success@northwind.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Write minutes as a number').waitFor();
  await dialog.getByLabel('Minutes to answer').first().fill('30');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'vendor-contacts-1440-light');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('24/7 · answers within 30 min · MSA 2026, clause 8.2').waitFor();

  await page.getByRole('button', { name: 'Say who' }).click();
  await dialog.getByLabel('Noticing it', { exact: true }).selectOption('us');
  await dialog.getByLabel('Keeping the record', { exact: true }).selectOption('nobody');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Keeping the record: nobody does it.').waitFor();

  await page.getByRole('button', { name: /^Answer: In which regions/ }).click();
  await dialog.getByText('not enough', { exact: true }).click();
  await dialog.getByLabel('What they said').fill('EU by default, anywhere during an outage');
  await dialog.getByRole('button', { name: 'Keep the answer' }).click();
  await page.getByText('EU by default, anywhere during an outage').waitFor();
  await page.getByText('What it was asked, 1 of 9 answered').waitFor();
  await page.getByRole('link', { name: 'The bot answers in another language' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, 'vendor-1440-light');

  await page.goto(`${room}/people`);
  await page.getByRole('link', { name: '+49 30 1234567' }).waitFor();
  await page.getByText('support-bot runs gpt-4.1-mini').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'room-vendors-1440-light');
  await page.getByRole('button', { name: 'Ask vendors one question more …' }).click();
  await dialog.getByLabel('Question').fill('Which languages do you test before a release?');
  await dialog.getByLabel('Why it is asked').fill('A release answered Germans in French.');
  await dialog.getByRole('button', { name: 'Add it' }).click();
  await dialog.waitFor({ state: 'detached' });

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/vendors`);
  await phone.getByText('1 incident in a year').waitFor();
  await phone.getByText('1 answer not enough').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'vendors-390-dark');
  await phone.getByRole('link', { name: 'Northwind' }).click();
  await phone.getByText('Which languages do you test before a release?').waitFor();
  await phone.getByText('What it was asked, 1 of 10 answered').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'vendor-390-dark');

  const { questions } = await world.ana.client.call(vendors.questions, {});
  expect(questions.at(-1)).toMatchObject({ incident: room.split('/').at(-1) });
});
