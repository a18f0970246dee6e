import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Someone } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let theo: Someone;
let room: string;
beforeAll(async () => {
  stage = await openStage();
  theo = await stage.world.person('Theo Lind', ['lead']);
  const { client } = stage.world.ana;
  await client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'The bot invents a device policy', systems: ['support-bot'] },
  });
  room = `/incidents/${incident.label}/contain`;
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: {
      system: 'support-bot',
      what: { kind: 'disable', feature: 'answers' },
      reason: 'It invents a policy of one device.',
      gate: { checks: ['Legal has read the new prompt'], suites: [], approvals: 1, watchMinutes: 60 },
    },
  });
});
afterAll(() => stage?.close());

it('lets go step by step: conditions, another person, a tenth first, and back at once', async () => {
  const { world } = stage;
  const ana = await stage.page(world.ana);
  await ana.goto(`${world.url}${room}`);
  await ana.getByText('has conditions: 1 check').waitFor();
  expect(await ana.getByRole('button', { name: 'Lift …' }).count()).toBe(0);
  await ana.getByRole('button', { name: 'Let go step by step …' }).click();
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Why it is safe to let go').fill('Prompt v42 is live, and 120 questions were asked.');
  expect(await findings(ana)).toEqual([]);
  await picture(ana, 'restoration-ask-1440-light');
  await dialog.getByRole('button', { name: 'Ask for it' }).click();

  const card = ana.getByRole('region', { name: /^Letting go of HLD-/ });
  await card.getByText('1 of 1 conditions are open.').waitFor();
  await card.getByRole('button', { name: 'It is so …' }).click();
  await card.getByLabel('How you know').fill('Lea read it at noon.');
  await card.getByRole('button', { name: 'Say so' }).click();
  await card.getByText('One more person has to agree.').waitFor();
  await card.getByText('You asked for it, so somebody else has to agree.').waitFor();
  expect(await card.getByRole('button', { name: 'Agree to let go' }).count()).toBe(0);

  const phone = await stage.page(theo, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}${room}`);
  const his = phone.getByRole('region', { name: /^Letting go of HLD-/ });
  await his.getByRole('button', { name: 'Agree to let go' }).click();
  await his.getByText('The next step begins').waitFor();
  await phone.getByText('lets 10 % go already').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'restoration-staged-390-dark');

  await card.getByRole('button', { name: 'Hold everybody again' }).click();
  await card.getByLabel('What you see').fill('Two customers were told the old policy.');
  await card.getByRole('button', { name: 'Hold again' }).click();
  await his.getByText('came back').waitFor();
  await picture(ana, 'restoration-halted-1440-light');
});
