import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  for (const [key, type, architecture] of [
    ['desk', 'generative', 'rag'],
    ['scores', 'predictive', 'predictive'],
  ] as const)
    await client.call(inventory.register, {
      body: { key, name: key, type, architecture, features: [{ key: 'answers', name: 'Answers' }] },
    });
  const wire = (name: string, what: object) =>
    client.call(containment.declareControl, { params: { system: 'scores' }, body: { name, what: what as never } });
  await wire('Back to prompt one', { kind: 'route', to: { prompt: 'v1' } });
  await wire('Back to model one', { kind: 'route', to: { model: 'm-1' } });
});
afterAll(() => stage?.close());

it('says what is worth wiring for what a system is built of, and puts what fits first when something burns', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/systems/desk`);
  await page.getByText('Turn off one retrieval index: comes first for such a system').waitFor();
  await page.getByRole('button', { name: /wire/i }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Worth wiring for this architecture').click();
  await dialog.getByText('answers are made without the index that is wrong or poisoned').waitFor();
  await dialog.getByText('it calls no tools').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'levers-form-1440-light');

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/systems/scores`);
  await phone.getByRole('button', { name: 'Contain' }).click();
  const sheet = phone.getByRole('dialog');
  await sheet.getByLabel('Which system').selectOption('scores');
  await sheet.getByText('Comes first for what this system is built of').first().waitFor();
  await sheet.getByText('Something that is not wired in advance').click();
  await sheet.getByText('Does nothing here: a predictive model has no prompt').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'levers-contain-390-dark');
});

it('shows what lies downstream of a failure, and how sure that is', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/systems/desk`);
  await page.getByRole('button', { name: 'Add a dependency' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It needs desk').click();
  await dialog.getByLabel('Key of the system').fill('scores');
  await dialog.getByLabel('What passes').selectOption('feeds');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  const depend = (system: string, body: object) =>
    world.ana.client.call(systemParts.declareDependency, { params: { system }, body: body as never });
  await depend('scores', { direction: 'down', kind: 'service', on: 'letters' });
  await depend('scores', {
    direction: 'down',
    kind: 'service',
    on: 'payments',
    flow: 'writes',
    approval: 'the payment desk',
  });
  const { incident } = await world.ana.client.call(incidents.declare, {
    body: { title: 'Wrong answers', systems: ['desk'] },
  });
  await page.goto(`${world.url}/incidents/${incident.label}/triage`);
  const list = page.getByRole('list', { name: 'Downstream' });
  await list.getByText('scores').first().waitFor();
  await list.getByText('derived').waitFor();
  await list.getByText('assumed').waitFor();
  await list.getByText('only after the payment desk approves').waitFor();
  expect(await findings(page)).toEqual([]);
  await list.scrollIntoViewIfNeeded();
  await picture(page, 'downstream-1440-light');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/incidents/${incident.label}/triage`);
  await phone.getByRole('list', { name: 'Downstream' }).scrollIntoViewIfNeeded();
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'downstream-390-dark');
});
