import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

it('shows an empty directory as not ready, and names two people for a role', async () => {
  const { world } = stage;
  await world.person('Bo Lindqvist', ['lead']);
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/roles`);
  await page.getByText('Not ready: 9 gaps').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Name commander' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Primary').selectOption({ label: world.ana.name });
  expect(await dialog.getByLabel('Secondary').locator('option').allTextContents()).not.toContain(world.ana.name);
  await dialog.getByLabel('Secondary').selectOption({ label: 'Bo Lindqvist' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not ready: 8 gaps').waitFor();
  await page.getByRole('button', { name: 'Change: May speak to the press and the public' }).click();
  await page.getByRole('checkbox', { name: 'Executive sponsor' }).check();
  await picture(page, 'roles-1440-light');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Communications lead, executive sponsor').waitFor();
  const { roles } = await world.ana.client.call(roleDirectory.show, {});
  expect(roles[0]).toMatchObject({ primary: { name: world.ana.name }, secondary: { name: 'Bo Lindqvist' } });
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/roles`);
  await phone.getByText('Not ready: 8 gaps').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'roles-390-dark');
});
