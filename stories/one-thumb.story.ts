import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { containment } from '@firebreak/contract/respond/containment';
import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import type { Guard } from '@firebreak/guard';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { guards, supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let phone: Page;
let link: string;
let obeying: Guard[] = [];
let taps = 0;

const tap = async (what: Locator): Promise<void> => {
  await what.tap();
  taps += 1;
};

/** Things to press on the screen that are smaller than a thumb, by what they say; links inside sentences excepted. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main button, main summary, main select, main input, main a')]
      .filter((each) => each.checkVisibility() && !each.closest('p'))
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 44 || box.width < 44)
      .map(({ each, box }) => `${each.textContent?.slice(0, 40)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  );

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  obeying = await guards(stage.world, 'bot-1', 'bot-2');
  await wrongAnswers(stage.world);
  const { client } = stage.world.ana;
  for (let tries = 0; tries < 100 && link === undefined; tries += 1) {
    const { items } = await client.call(candidates.listCandidates, { query: { system: 'support-bot' } });
    const found = items.find(({ summary }) => summary.count >= 6);
    // What a page carries: the address of the candidate.
    if (found) link = `${stage.world.url}/candidates/${found.id}`;
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
});
afterAll(async () => {
  for (const guard of obeying) guard.close();
  await stage?.close();
});

it('goes from the link of a page to a confirmed order with one thumb', async () => {
  await phone.goto(link);
  await tap(phone.getByRole('link', { name: 'What can stop it' }));
  await phone.getByText('Can it go back to a version that was good?').waitFor();
  await phone.getByText('prompt v40 served before v41').waitFor();
  await phone.getByText('2 live instances will obey').waitFor();
  const order = phone.getByRole('button', { name: /^Order: roll back prompt v41 → v40/ });
  await order.waitFor();
  const box = (await order.boundingBox())!;
  expect(box.height).toBeGreaterThanOrEqual(44);
  // Under the thumb: in the lower half of the screen, nearly as wide as it, without scrolling.
  expect(box.y).toBeGreaterThan(422);
  expect(box.y + box.height).toBeLessThanOrEqual(844);
  expect(box.width).toBeGreaterThan(300);
  expect(await tooSmall(phone)).toEqual([]);
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'one-thumb-390-dark');
  await tap(order);
  await phone.getByText(/^Confirmed: roll back prompt v41 → v40/).waitFor();
  await phone.getByText('2 / 2 acknowledged').waitFor();
  await picture(phone, 'one-thumb-confirmed-390-dark');
  expect(await tooSmall(phone)).toEqual([]);
  expect(await findings(phone)).toEqual([]);
  expect(taps).toBeLessThanOrEqual(4);
  expect(obeying[0]!.check({ feature: 'policy-answers', prompt: 'v41' })).toMatchObject({
    action: 'reroute',
    to: { prompt: 'v40' },
  });
});

it('records what was recommended and taken, for the incident it declared in the same breath', async () => {
  const { client } = stage.world.ana;
  const { incidents: rows } = await client.call(incidents.list, { query: {} });
  expect(rows).toHaveLength(1);
  const { facts } = await client.call(warRoom.facts, { params: { incident: rows[0]!.id }, query: {} });
  expect(facts.find(({ type }) => type === 'containment.chosen')!.data).toMatchObject({
    taken: 'roll-back-prompt',
    recommended: 'roll-back-prompt',
  });
  await phone.getByRole('link', { name: 'Go to the war room' }).tap();
  await phone.getByText('Ana Nkemelu took what was recommended').waitFor();
});

it('climbs to the next heavier rung with one press, and keeps what is held', async () => {
  const { client } = stage.world.ana;
  const page = await stage.page(stage.world.ana);
  const [row] = (await client.call(incidents.list, { query: {} })).incidents;
  await page.goto(`${stage.world.url}/incidents/${row!.label}/contain`);
  const ladder = page.getByRole('list', { name: 'Ladder, heaviest first' });
  await ladder.getByText('HLD-1 holds').waitFor();
  await ladder.getByText('next heavier').waitFor();
  await picture(page, 'ladder-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Go heavier: disable policy-answers' }).click();
  await ladder.getByText('HLD-2 holds').waitFor({ timeout: 20_000 });
  await page.getByText('HLD-2 is confirmed: HLD-1 may be lifted, by somebody else than ordered it.').waitFor();
  const { holds } = await client.call(containment.listHolds, { query: {} });
  expect(holds.map(({ label }) => label).sort()).toEqual(['HLD-1', 'HLD-2']);
  expect(obeying[1]!.check({ feature: 'policy-answers' }).action).toBe('deny');
});

it('weighs an order in place, and names what is unknown', async () => {
  const page = await stage.page(stage.world.ana);
  const { client } = stage.world.ana;
  const [row] = (await client.call(incidents.list, { query: {} })).incidents;
  await page.goto(`${stage.world.url}/contain/${row!.label}?lever=human-review`);
  await page.getByText('Not weighed: something is unknown.').click();
  await page.getByText('What an hour of harm costs.').waitFor();
  await page.getByLabel('An hour of harm costs').fill('1000');
  await page.getByLabel('One good request not served costs').fill('2');
  await page.getByLabel('If it was needless, it costs on top').fill('50');
  await page.getByText(/^Worth it if you believe harm is likelier than about \d+ %\.$/).waitFor();
  await page.getByText(/loss 1,000 × prevented 0\.\d/).waitFor();
  await page.getByLabel('It prevents, in percent of the harm').fill('25');
  await page.getByText('loss 1,000 × prevented 0.25').waitFor();
  await page.getByText('Worth it if you believe harm is likelier than about 15 %.').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'guide-1440-light');
});

it('does not order what would meet something else than a moment ago, and shows the difference', async () => {
  const page = await stage.page(stage.world.ana);
  await page.goto(`${stage.world.url}/systems/support-bot`);
  await page.getByRole('button', { name: 'Contain' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Something that is not wired in advance').click();
  await dialog.getByText('Disable Order status').click();
  await dialog.getByText('It would have met 0 of 4 requests of the last hour').waitFor();
  await dialog.getByLabel('Why').fill('It shows orders of strangers');
  const busy = await stage.world.program('telemetry:write');
  await busy.call(signals.sendInteractions, {
    body: Array.from({ length: 60 }, (_, index) => ({
      id: `busy-${index}`,
      system: 'support-bot',
      feature: 'order-status',
      input: [{ role: 'user', content: 'Where is my parcel?' }],
      output: 'It is on its way.',
    })),
  });
  await dialog.getByRole('button', { name: 'Order: disable order-status' }).click();
  await dialog.getByText('Not ordered: it would meet something else than a moment ago').waitFor();
  await dialog.getByText('It would meet 94 % of the traffic; the preview said 0 %.').waitFor();
  await dialog.getByText('It would have met 60 of 64 requests of the last hour').waitFor();
  await picture(page, 'reach-changed-1440-light');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Order: disable order-status' }).click();
  await page.getByText('Ana Nkemelu ordered: disable order-status').waitFor();
});

it('says why an order was refused, and goes on in the contain dialog', async () => {
  const { client } = stage.world.ana;
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'A slip of the tongue', systems: ['support-bot'] },
  });
  const page = await stage.page(stage.world.ana);
  await page.goto(`${stage.world.url}/contain/${incident.label}?lever=rate-limit`);
  const order = page.getByRole('button', { name: /^Order: at most 10 a minute and person/ });
  await order.waitFor();
  // It touches all of the system.
  expect(await order.isDisabled()).toBe(true);
  await page.getByLabel('Type support-bot').fill('support-bot');
  await client.call(incidents.move, {
    params: { incident: incident.id },
    body: { to: 'closed', reason: 'somebody else looked' },
  });
  await order.click();
  await page.getByText('The incident is closed').first().waitFor();
  await page.getByRole('button', { name: 'Go on in the contain dialog' }).click();
  await page.getByRole('dialog', { name: 'Contain' }).waitFor();
  expect(await findings(page)).toEqual([]);
});

it('asks where a second person has to agree before anything changes', async () => {
  const { client } = stage.world.ana;
  const rule = { ...SHIPPED.wide, second: { when: 'before' as const, minutes: 10 } };
  const change = (to: typeof rule | null) =>
    client.call(decisionRights.set, {
      params: { system: 'support-bot', of: 'wide' },
      body: { rule: to, reason: 'agreed with the owner' },
    });
  await change(rule);
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'Another slip of the tongue', systems: ['support-bot'] },
  });
  const page = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await page.goto(`${stage.world.url}/contain/${incident.label}?lever=rate-limit`);
  await page.getByText('This control wants a second person').waitFor();
  await page.getByLabel('Type support-bot').fill('support-bot');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'guide-second-390-dark');
  await page.getByRole('button', { name: /^Ask for: at most 10 a minute and person/ }).click();
  await page.getByText('Nothing changes until somebody else agrees').waitFor();
  const { holds } = await client.call(containment.listHoldsOfIncident, { params: { incident: incident.id } });
  expect(holds).toEqual([]);
  await page.getByRole('link', { name: `the room of ${incident.label}` }).click();
  await page.getByText('Waiting for a second person').first().waitFor();
  await change(null);
});

it('says what to do by hand where nothing obeys, and asks what it cannot know', async () => {
  for (const guard of obeying.splice(0)) guard.close();
  const page = await stage.page(stage.world.ana, { width: 390 });
  await page.goto(`${stage.world.url}/contain/support-bot`);
  await page.getByText('Nothing can stop this from here: do it by hand').waitFor({ timeout: 30_000 });
  await page.getByText('Support engineering, who answers for Meridian Support').waitFor();
  expect(await page.getByRole('button', { name: /^Order:/ }).count()).toBe(0);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'by-hand-390-light');
});

it('asks for a second look before a pattern refuses harmless texts', async () => {
  const { client } = stage.world.ana;
  await client.call(containment.declareControl, {
    params: { system: 'support-bot' },
    body: { name: 'Block the word plan', what: { kind: 'block', phrases: ['plan'] } },
  });
  const harmless = await stage.world.program('telemetry:write');
  await harmless.call(signals.sendInteractions, {
    body: Array.from({ length: 5 }, (_, index) => ({
      id: `fine-${index}`,
      system: 'support-bot',
      feature: 'order-status',
      input: [{ role: 'user', content: 'Where is my parcel?' }],
      output: 'It is on its way, as planned.',
    })),
  });
  const page = await stage.page(stage.world.ana);
  await page.goto(`${stage.world.url}/systems/support-bot`);
  await page.getByText('Block the word plan').first().waitFor();
  await page.getByRole('button', { name: 'Contain' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Block the word plan').click();
  await dialog.getByText('Look a second time: it would refuse harmless texts').waitFor();
  await dialog.getByText('“It is on its way, as planned.”').waitFor();
  await dialog.getByLabel('Why').fill('It promises plans nobody has');
  const order = dialog.getByRole('button', { name: /^Order: block/ });
  expect(await order.isDisabled()).toBe(true);
  await dialog.getByLabel('I have looked; refuse them all the same').check();
  expect(await order.isEnabled()).toBe(true);
  await picture(page, 'second-look-1440-light');
  expect(await findings(page)).toEqual([]);
});
