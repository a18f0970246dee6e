import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Someone } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeOutside } from '../apps/server/src/respond/executors/outside.fixture.ts';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let theo: Someone;
let outside: FakeOutside;
let room: string;

beforeAll(async () => {
  outside = await new FakeOutside().open();
  stage = await openStage({ FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' });
  theo = await stage.world.person('Theo Lind', ['lead']);
  const { client } = stage.world.ana;
  await client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      owner: 'Support',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  await client.call(containment.declareControl, {
    params: { system: 'support-bot' },
    body: {
      name: 'Stop answers',
      what: { kind: 'disable', feature: 'answers' },
      sideEffects: 'People reach the form instead.',
      expiry: { mode: 'until-lifted' },
    } as never,
  });
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'The bot invents a device policy', systems: ['support-bot'] },
  });
  room = `/incidents/${incident.label}/contain`;
});
afterAll(async () => {
  await stage?.close();
  outside.close();
});

it('binds a flag, tries it, sees it hold and set back, and sees red when it does not', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/executors`);
  await page.getByText('No switch is bound').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Bind the first switch' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(outside.url);
  await dialog.getByLabel('Project').fill('bots');
  await dialog.getByLabel('Flag').fill('answers');
  await dialog.getByLabel('Token of a service account').fill('good');
  await dialog.getByLabel('Stop answers · support-bot').check();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'executor-form-1440-light');
  await dialog.getByRole('button', { name: 'Bind it' }).click();
  await page.getByText('not proven').waitFor();
  await page.getByRole('button', { name: 'Try it: Unleash' }).click();
  await page.getByText('flag answers is on in production; its secret may change it').waitFor();
  expect(outside.changes()).toEqual([]);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'executors-1440-light');

  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByText('also: turn off flag answers in production').waitFor();

  const { client } = world.ana;
  const incident = room.split('/')[2]!;
  const [control] = (await client.call(containment.listControls, { params: { system: 'support-bot' } })).controls;
  const { hold } = await client.call(containment.order, {
    params: { incident },
    body: { control: control!.control, reason: 'It invents a policy of one device.' },
  });
  await page.goto(`${world.url}${room}`);
  const switches = page.getByRole('region', { name: 'Switches of other products' });
  await switches.getByText('confirmed').waitFor();
  await switches.getByText('Flag answers is off in production.').waitFor();
  expect(outside.flags.unleash).toBe(false);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'executor-held-1440-light');

  // Somebody has taken the right away: the switch is not set back, and everybody can see it.
  for (let n = 0; n < 3; n++) outside.faults.push({ at: /\/on$/, how: { status: 403, body: '{"message":"no"}' } });
  await theo.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'Prompt v42 is live.' } });
  const phone = await stage.page(theo, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}${room}`);
  const his = phone.getByRole('region', { name: 'Switches of other products' });
  await his.getByText('This switch was not set back.').waitFor({ timeout: 20_000 });
  await his.getByText('Nobody was told: no paging channel is set up.').waitFor();
  await his.scrollIntoViewIfNeeded();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'executor-red-390-dark');
  outside.faults.length = 0;
  await his.getByRole('button', { name: 'Try again: Unleash' }).click();
  await his.getByText('set back', { exact: true }).waitFor({ timeout: 20_000 });
  expect(outside.flags.unleash).toBe(true);

  await phone.goto(`${world.url}/executors`);
  await phone.getByText('proven', { exact: true }).waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'executor-list-390-dark');
  await page.goto(`${world.url}/incidents/${incident}`);
  await page.getByText('Unleash is set back').waitFor();
});
