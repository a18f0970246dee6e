import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Guard } from '@firebreak/guard';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot } from './support-bot.ts';

let stage: Stage;
let bot: Guard;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await supportBot(world);
  [bot] = (await guards(world, 'bot-1')) as [Guard];
  const { client } = world.ana;
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'Support bot invents return rules', systems: ['support-bot'] },
  });
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: {
      system: 'support-bot',
      what: { kind: 'review', feature: 'policy-answers' },
      reason: 'A person looks at every policy answer',
    },
  });
  while (bot.check({ feature: 'policy-answers' }).action !== 'review')
    await new Promise((resolve) => setTimeout(resolve, 20));
});
afterAll(async () => {
  bot?.close();
  await stage?.close();
});

it('keeps an answer until a person has edited it, and a call until one has declined it', async () => {
  const { world } = stage;
  const rae = await world.person('Rae Okafor', ['responder']);
  const page = await stage.page(rae);
  await page.goto(`${world.url}/held`);
  await page.getByText('No answer waits for a person').waitFor();
  expect(await findings(page)).toEqual([]);

  const { hold } = bot.check({ feature: 'policy-answers' });
  const answer = bot.review({
    feature: 'policy-answers',
    ...(hold !== undefined && { hold }),
    question: 'How long may I take to return it?',
    text: 'You may return any device within 90 days, opened or not.',
  });
  await page.getByText('You may return any device within 90 days').waitFor();
  await page.getByText(/held by INC-/).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'held-1440-light');
  await page.getByRole('button', { name: 'Edit …' }).click();
  await page.getByLabel('Say this instead').fill('You may return an unopened device within 30 days.');
  await page.getByLabel('Why').fill('The policy says 30 days, unopened.');
  await page.getByRole('button', { name: 'Say this instead' }).click();
  expect(await answer).toMatchObject({
    state: 'edited',
    text: 'You may return an unopened device within 30 days.',
    reason: 'The policy says 30 days, unopened.',
  });
  await page.getByText('Said instead: You may return an unopened device').waitFor();

  const phone = await stage.page(rae, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/held`);
  const call = bot.review({ feature: 'policy-answers', tool: 'refund', arguments: { amount: 1_900, order: 'A-17' } });
  await phone.getByText('refund', { exact: true }).waitFor();
  await picture(phone, 'held-390-dark');
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await phone.getByRole('button', { name: 'Decline' }).tap();
  expect(await call).toMatchObject({ state: 'declined' });
  await phone.getByText('No answer waits for a person').waitFor();
});
