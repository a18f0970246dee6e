import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import type { Guard } from '@firebreak/guard';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways, type Theme } from './stage.ts';
import { ago, guards, supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let obeying: Guard[] = [];
let traffic: NodeJS.Timeout;

beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await supportBot(world);
  obeying = await guards(world, 'bot-1', 'bot-2', 'bot-3');
  await world.person('Theo Lind', ['lead']);
  await wrongAnswers(world);
  const { client } = world.ana;
  const { incident } = await client.call(incidents.declare, {
    body: {
      title: 'Support bot invents a “one device per subscription” policy',
      summary: 'Customers are told that their plan covers one device.',
      systems: ['support-bot'],
      axes: { harm: 2, reach: 3, data: 0, regulatory: null, autonomy: null, control: 3 },
      startedAt: ago(48),
    },
  });
  await client.call(incidents.takeRole, { params: { incident: incident.id, role: 'commander' }, body: {} });
  await client.call(warRoom.note, {
    params: { incident: incident.id },
    body: { text: 'Fails 23 of 100 on v41, 0 of 100 on v40.' },
  });
  const { controls } = await client.call(containment.listControls, { params: { system: 'support-bot' } });
  await client.call(containment.order, {
    params: { incident: incident.id },
    body: {
      control: controls.find((each) => each.name === 'Back to prompt v40')!.control,
      reason: 'Wrong policy told to customers',
    },
  });
  traffic = setInterval(() => obeying[0]!.check({ feature: 'policy-answers', prompt: 'v41' }), 200);
});
afterAll(async () => {
  clearInterval(traffic);
  for (const guard of obeying) guard.close();
  await stage?.close();
});

const ROOM = '/incidents/INC-2026-0001'.replace('2026', String(new Date().getUTCFullYear()));

interface Screen {
  readonly name: string;
  readonly at: string;
  /** Text that is there once the screen is whole. */
  readonly whole: string | RegExp;
  readonly open?: (page: Page) => Promise<unknown>;
}

const SCREENS: readonly Screen[] = [
  { name: 'now', at: '/', whole: /hold in force\./ },
  { name: 'candidates', at: '/candidates', whole: /Together because/ },
  {
    name: 'candidate',
    at: '/candidates',
    whole: /Together because/,
    open: (page) => page.locator('[data-row]').first().click(),
  },
  { name: 'incidents', at: '/incidents', whole: 'since declared' },
  { name: 'room', at: ROOM, whole: 'Confirmed by all 3 live instances' },
  { name: 'room-contain', at: `${ROOM}/contain`, whole: 'What can stop support-bot' },
  { name: 'room-evidence', at: `${ROOM}/evidence`, whole: 'Download the bundle' },
  { name: 'room-people', at: `${ROOM}/people`, whole: 'Executive sponsor' },
  { name: 'systems', at: '/systems', whole: '3 guards live' },
  { name: 'system', at: '/systems/support-bot', whole: 'bot-3' },
  { name: 'doctor', at: '/doctor', whole: 'stop altogether' },
  { name: 'held', at: '/held', whole: 'No answer waits for a person' },
  { name: 'review', at: '/review', whole: 'Review queue' },
  { name: 'predictions', at: '/predictions', whole: 'No prediction came in' },
  { name: 'access', at: '/access', whole: 'What is usual' },
  { name: 'oversight', at: '/oversight', whole: 'No notice was recorded' },
  { name: 'channels', at: '/channels', whole: 'The detectors' },
  { name: 'measures', at: '/measures', whole: 'false pages a week' },
  { name: 'measure', at: '/measures/support-bot/errors', whole: /(Nobody watches it|Errors go up)/ },
  { name: 'monitors', at: '/monitors', whole: 'Nobody listens outside' },
  { name: 'records', at: '/records', whole: 'How they are kept' },
  { name: 'record-rules', at: '/records/rules', whole: 'as everywhere' },
  { name: 'moderators', at: '/moderators', whole: 'No model is asked' },
  { name: 'executors', at: '/executors', whole: 'No switch is bound' },
  { name: 'sources', at: '/sources', whole: 'No source is set up' },
  { name: 'paging', at: '/paging', whole: 'Nothing is silenced' },
  { name: 'conditions', at: '/paging?show=conditions', whole: 'Every signal counts from the first on' },
  { name: 'golden-sets', at: '/golden-sets', whole: 'Nobody asks your systems' },
  { name: 'probes', at: '/probes', whole: 'Getting at the instructions (10)' },
  { name: 'quality', at: '/quality', whole: 'Limits are Wilson' },
  { name: 'fire-drills', at: '/quality?show=drills', whole: 'Detection was never drilled' },
  { name: 'backtests', at: '/quality?show=backtests', whole: 'Nothing was tried yet' },
  { name: 'settings', at: '/settings', whole: 'support-bot guards' },
  { name: 'not-found', at: '/nowhere', whole: 'There is nothing at this address' },
  { name: 'unknown-incident', at: '/incidents/INC-1999-0001', whole: 'There is nothing at this address' },
  { name: 'guide', at: ROOM.replace('/incidents', '/contain'), whole: 'Three questions, answered from what is known' },
  { name: 'contain', at: ROOM, whole: 'Timeline', open: contain },
  { name: 'declare', at: '/', whole: /hold in force\./, open: declare },
  {
    name: 'lift',
    at: ROOM,
    whole: 'Timeline',
    open: async (page) => {
      await page.getByRole('button', { name: 'Lift …' }).first().click();
      await page.getByText('somebody else must lift it').waitFor();
    },
  },
  {
    name: 'wire-a-control',
    at: '/systems/support-bot',
    whole: 'bot-3',
    open: (page) => page.getByRole('button', { name: 'Wire a control' }).click(),
  },
];

async function declare(page: Page): Promise<void> {
  await page.keyboard.press('d');
  await page.getByLabel('What is happening').waitFor();
}

async function contain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Contain', exact: true }).filter({ visible: true }).click();
  await page.getByRole('dialog').getByText('Stop policy answers').click();
  await page.getByText('3 live instances will obey').waitFor();
}

const THEMES = ['light', 'dark'] as const satisfies Theme[];

describe.each([1440, 390] as const)('at %d pixels', (width) => {
  it('every screen is whole and reachable and fits, in both themes', { timeout: 400_000 }, async () => {
    const page = await stage.page(stage.world.ana, { width });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    for (const screen of SCREENS) {
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.goto(`${stage.world.url}${screen.at}`);
        await page.getByText(screen.whole).first().waitFor();
        await screen.open?.(page);
        await page.waitForTimeout(250);
        await picture(page, `${screen.name}-${width}-${theme}`);
        // The theme changes nothing but colours.
        const rules = theme === 'light' ? undefined : ['color-contrast'];
        expect(await findings(page, rules), `${screen.name}, ${theme}`).toEqual([]);
      }
      expect(await sideways(page), `${screen.name} reaches past the edge`).toBe(0);
    }
    expect(faults).toEqual([]);
  });
});

it('keeps the theme a person chose, whatever the device says', async () => {
  const page = await stage.page(stage.world.ana, { theme: 'light' });
  await page.goto(`${stage.world.url}/settings`);
  await page.getByLabel('Dark', { exact: true }).check();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
});

it('answers what happens with one thumb: brake, note and menu lie at the bottom of a phone', async () => {
  const page = await stage.page(stage.world.ana, { width: 390 });
  for (const at of ['/', '/candidates', ROOM, `${ROOM}/evidence`, '/systems/support-bot', '/settings']) {
    await page.goto(`${stage.world.url}${at}`);
    const brake = page.getByRole('button', { name: 'Contain', exact: true }).filter({ visible: true });
    await brake.waitFor();
    expect(await brake.count(), at).toBe(1);
    const box = (await brake.boundingBox())!;
    expect(box.y, at).toBeGreaterThan(844 - 100);
    expect(box.height, at).toBeGreaterThanOrEqual(44);
    expect(box.width, at).toBeGreaterThanOrEqual(120);
  }
  await page.goto(`${stage.world.url}${ROOM}/evidence`);
  await page.getByRole('button', { name: 'Note' }).tap();
  await page.waitForURL(/#note$/);
  expect(await page.getByLabel('Note', { exact: true }).evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
  await page.getByRole('button', { name: 'Menu' }).tap();
  await page.getByRole('dialog').getByRole('link', { name: 'Systems' }).tap();
  await page.getByRole('heading', { name: 'Systems', level: 1 }).waitFor();
});
