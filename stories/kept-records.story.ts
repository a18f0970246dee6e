import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
  const sender = await world.program('telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: { id: 'a-1', system: 'support-bot', input: 'Where is my parcel?', output: 'On Friday.' },
  });
  const { incident } = await client.call(incidents.declare, { body: { title: 'It promises days', summary: 'x' } });
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: { system: 'support-bot', what: { kind: 'disable', feature: 'answers' }, reason: 'stop it' },
  });
});
afterAll(() => stage?.close());

it('says what is kept for an incident and until when, and somebody else than whoever closed it releases it', async () => {
  const { world } = stage;
  const bo = await world.person('Bo Lindqvist', ['lead']);
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/records/rules`);
  await page.getByRole('heading', { name: 'Kept for incidents' }).waitFor();
  await page.getByText('support-bot before its orders').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'kept-records-rules-1440-light');
  await page.getByRole('link', { name: /^INC-/ }).click();

  await page.getByText('No rule deletes them while this incident is not closed').waitFor();
  await page.getByText('until its order').waitFor();
  expect(await page.getByRole('button', { name: 'Release …' }).count()).toBe(0);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'kept-records-open-1440-light');
  const incident = /incidents\/([^/]+)\//.exec(page.url())![1]!;
  await world.ana.client.call(incidents.move, { params: { incident }, body: { to: 'closed', reason: 'settled' } });
  await page.getByText('Kept until').waitFor();
  expect(await page.getByRole('button', { name: 'Release …' }).isDisabled()).toBe(true);

  const phone = await stage.page(bo, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/incidents/${incident}/evidence`);
  await phone.getByRole('button', { name: 'Release …' }).click();
  await phone.getByLabel('Why nobody needs them any more').fill('The customer was called, nothing is claimed');
  expect(await findings(phone)).toEqual([]);
  await phone.getByRole('button', { name: 'Release them' }).click();
  await phone.getByText('not kept any more').waitFor();
  await phone.getByText('Released by Bo Lindqvist').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await phone.getByText('not kept any more').scrollIntoViewIfNeeded();
  await picture(phone, 'kept-records-released-390-dark');

  await page.goto(`${world.url}/records/rules`);
  await page.getByText('Nothing is kept for an incident').waitFor();
});
