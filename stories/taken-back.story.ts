import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

const REFUNDS = 'Refunds are promised within one hour of the purchase.';
const DEVICES = 'Each subscription is limited to a single device.';

it('takes a merge back, says what follows from what, and hears what is told after an incident was closed', async () => {
  const { world } = stage;
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: {
      key: 'search-index',
      name: 'Search index',
      type: 'generative',
      purpose: 'Finds passages',
      owner: 'Search',
      riskClass: 'limited',
      population: '',
      regions: [],
      features: [],
    },
  });
  await client.call(systemParts.declareDependency, { params: { system: 'support-bot' }, body: { on: 'search-index' } });
  const sender = await world.program('signals:write');
  const raise = (system: string, text: string, more: object = {}) =>
    sender.call(signals.sendSignals, {
      body: {
        system,
        kind: 'claim',
        detector: 'claims',
        channel: 'output-filter',
        evidenceClass: 'strong',
        archetype: 'misinformation-cascade',
        text,
        ...more,
      },
    });
  const found = (text: string) =>
    vi.waitFor(
      async () => {
        const { items } = await client.call(candidates.listCandidates, { query: { state: 'all' } });
        const it_ = items.find(({ title }) => title.includes(text));
        expect(it_).toBeDefined();
        return it_!;
      },
      { timeout: 8_000, interval: 100 },
    );
  await raise('search-index', 'The index answers with passages of last year.', { archetype: 'quality-drift' });
  await found('passages of last year');
  await raise('support-bot', REFUNDS);
  const refunds = await found('Refunds');
  await raise('support-bot', DEVICES);
  const devices = await found('single device');
  await client.call(candidates.mergeCandidates, {
    params: { candidate: devices.id },
    body: { into: refunds.id, reason: 'The same prompt version' },
  });

  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/candidates/${devices.id}`);
  await page.getByRole('button', { name: 'Take the merge back …' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('Two different rules were invented');
  await picture(page, 'take-back-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Part them again' }).click();
  await page.getByText('Parted again: Two different rules were invented').waitFor();

  await page.goto(`${world.url}/candidates/${refunds.id}`);
  await page
    .getByText(/support-bot needs search-index, which began to fail/)
    .first()
    .waitFor();
  await picture(page, 'parent-1440-light');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'It follows' }).click();
  await page.getByText('this follows from it').waitFor();

  const { incident } = await client.call(incidents.declare, {
    body: { title: 'One device only', candidate: devices.id },
  });
  for (const to of ['contained', 'resolved', 'closed'] as const)
    await client.call(incidents.move, { params: { incident: incident.id }, body: { to, reason: 'Rolled back' } });
  await vi.waitFor(
    async () =>
      expect((await client.call(candidates.readCandidate, { params: { candidate: devices.id } })).state).toBe('closed'),
    { timeout: 8_000, interval: 100 },
  );
  await raise('support-bot', DEVICES, {
    channel: 'external',
    kind: 'press report',
    detector: 'press',
    evidenceClass: 'weak',
  });
  await page.goto(`${world.url}/`);
  const late = page.getByRole('list', { name: 'Late reports' });
  await late.getByText('1 report from outside since it was closed').waitFor();
  await picture(page, 'late-now-1440-light');
  expect(await findings(page)).toEqual([]);
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  for (const at of ['/', `/candidates/${refunds.id}`, `/candidates/${devices.id}`]) {
    await phone.goto(`${world.url}${at}`);
    await phone
      .getByText(/since it was closed|this follows from it|Told after its incident/)
      .first()
      .waitFor();
    await picture(phone, `late${at.replaceAll('/', '-').slice(0, 14)}-390-dark`);
    expect(await findings(phone)).toEqual([]);
    expect(await sideways(phone)).toBe(0);
  }
  await late.getByRole('link', { name: 'Go to the incident' }).click();
  await page.getByRole('button', { name: 'Open it again' }).click();
  await page.getByText('the incident was opened again').waitFor();
  await picture(page, 'late-room-1440-light');
  expect((await client.call(incidents.show, { params: { incident: incident.id } })).incident.state).toBe('open');
});
