import { reviews } from '@firebreak/contract/detect/reviews';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
  const sender = await world.program('feedback:write');
  const system = 'support-bot';
  await sender.call(signals.sendFeedback, {
    body: [
      { system, kind: 'comment', text: 'It charged me $3 for calling, since when?' },
      { system, kind: 'comment', text: 'It charged me $4 for calling, since when?' },
      { system, kind: 'comment', text: 'It charged me $9 for calling, since when?' },
      { system, kind: 'thumbs-down' },
      { system, kind: 'ticket', text: 'My bill is wrong', ticket: 'https://desk.example.test/4711' },
      { system, kind: 'abuse', text: 'It insulted my child' },
      { system, kind: 'thumbs-up' },
    ],
  });
});
afterAll(() => stage?.close());

it('works the queue with the keyboard: takes, declares, answers, and decides three at once', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/review`);
  await page.getByText('6 wait, the oldest for').waitFor();
  await page.getByText('It insulted my child').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByText('you look at it').waitFor();
  await page.getByText('It insulted my child').waitFor();
  await page.keyboard.press('3');
  await page.getByText('It is declared as one, or belongs to one that is open.').waitFor();
  await page.getByLabel('Why').fill('Seen in the transcript');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'review-1440-light');
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await page.getByText('5 wait,').waitFor();
  await page.getByRole('list', { name: 'Decided' }).getByText('It insulted my child').waitFor();

  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'https://desk.example.test/4711' }).waitFor();
  await page.keyboard.press('4');
  await page.getByLabel('Why').fill('The bill was explained');
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await page.getByText('4 wait,').waitFor();

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/review`);
  await phone.getByText('2 more say the same').first().waitFor();
  await phone.getByText('It charged me $3').tap();
  const decision = phone.getByRole('button', { name: 'Confirmed' });
  await decision.tap();
  expect((await decision.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await phone.getByLabel('Why').fill('No such fee');
  await phone.getByLabel('Decide the 2 others that say the same as well').check();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await phone.getByLabel('Why').scrollIntoViewIfNeeded();
  await picture(phone, 'review-390-dark');
  await phone.getByRole('button', { name: 'Decide 3 together' }).tap();
  await phone.getByText('1 waits,').waitFor();

  const { items } = await world.ana.client.call(reviews.decided, { query: {} });
  expect(items.map((it) => it.as).sort()).toEqual(['answered', 'confirmed', 'confirmed', 'confirmed', 'incident']);
  const { incidents: open } = await world.ana.client.call(incidents.list, { query: {} });
  expect(open).toMatchObject([{ title: 'It insulted my child' }]);
});
