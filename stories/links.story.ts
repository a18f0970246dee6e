import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

it('links a ticket, shows what is said of it there, and refuses to tell a private address', async () => {
  const { world } = stage;
  const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'The bot invents a fee' } });
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/incidents/${incident.label}`);
  await page.getByText('Nothing is linked').waitFor();
  await page.getByRole('button', { name: 'Link …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill('mailto:somebody');
  await dialog.getByRole('button', { name: 'Link it' }).click();
  await dialog.getByText('Use a whole http or https address').first().waitFor();
  await dialog.getByLabel('Address').fill('https://example.test/browse/OPS-17');
  await dialog.getByLabel('Tool').fill('jira');
  await dialog.getByLabel('Its key there').fill('OPS-17');
  await dialog.getByLabel('Title').fill('Fees');
  await dialog.getByRole('button', { name: 'Link it' }).click();
  await page.getByRole('link', { name: 'Fees' }).waitFor();
  const program = await world.program('respond');
  await program.call(links.told, { body: { tool: 'jira', key: 'OPS-17', state: 'Closed' } });
  await page.reload();
  await page.getByText('this incident keeps its own state').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('list', { name: 'Links' }).scrollIntoViewIfNeeded();
  await picture(page, 'links-room-1440-light');

  await page.goto(`${world.url}/settings`);
  await page.getByRole('button', { name: 'Tell another tool' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Jira, project OPS');
  await dialog.getByLabel('Address it is told at').fill('http://192.168.0.1/hook');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await dialog.getByText('an address of a private network').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'links-private-1440-light');
  // A name nobody knows is taken, and shows that nothing arrives.
  await dialog.getByLabel('Address it is told at').fill('https://receiver.invalid/hook');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await dialog.getByText('whsec_').waitFor();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await world.ana.client.call(incidents.declare, { body: { title: 'Another one' } });
  await page.getByText('tried again').waitFor({ timeout: 20_000 });
  expect(await findings(page)).toEqual([]);
  await page.getByRole('list', { name: 'Deliveries' }).scrollIntoViewIfNeeded();
  await picture(page, 'links-settings-1440-light');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/settings`);
  await phone.getByText('tried again').waitFor();
  expect(await sideways(phone)).toBe(0);
  await phone.getByRole('list', { name: 'Deliveries' }).scrollIntoViewIfNeeded();
  await picture(phone, 'links-settings-390-dark');
  await page.getByRole('button', { name: 'End Jira, project OPS' }).click();
  await dialog.getByLabel('Why').fill('moved to another tool');
  await dialog.getByRole('button', { name: 'End it' }).click();
  await page.getByText('moved to another tool').waitFor();
});
