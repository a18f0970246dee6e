import { candidates } from '@firebreak/contract/detect/candidates';
import { similar } from '@firebreak/contract/detect/similar';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { supportBot, wrongAnswers } from './support-bot.ts';

let stage: Stage;
let page: Page;

const SNAPSHOT = `incident_id,date,title,description
77,2024-05-06,Shop bot invents a device limit,Subscribers were told that one subscription covers one device.
78,2024-05-07,Robot blocks a tram,It stood on the rails.`;

beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await supportBot(stage.world);
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'Assistant claims that one subscription covers one device', summary: 'Nobody wrote such a policy.' },
  });
  await client.call(incidents.move, {
    params: { incident: incident.id },
    body: { to: 'resolved', reason: 'back to the prompt of last week' },
  });
  await client.call(similar.importCorpus, { body: { text: SNAPSHOT } });
  await wrongAnswers(stage.world);
  await vi.waitFor(
    async () => expect((await client.call(candidates.listCandidates, { query: {} })).open).toBeGreaterThan(0),
    { timeout: 20_000, interval: 250 },
  );
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

it('shows beside a candidate what kind of failure it is and what ended the last one like it', async () => {
  await page.goto(`${stage.world.url}/candidates`);
  await page.locator('[data-row]').first().click();
  await page.getByText('as our detectors say').waitFor();
  const past = page.getByRole('list', { name: 'Similar incidents' });
  await past.getByText('How it ended: resolved: back to the prompt of last week').waitFor();
  const own = past.getByRole('link', { name: 'Assistant claims that one subscription covers one device' });
  expect(await own.getAttribute('href')).toMatch(/^\/incidents\/INC-/);
  const known = past.getByRole('link', { name: 'Shop bot invents a device limit' });
  expect(await known.getAttribute('href')).toBe('https://incidentdatabase.ai/cite/77');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'seen-before-1440-light');
});

it('suggests a kind of failure while somebody declares, and finds the past one in the war room', async () => {
  await page.goto(`${stage.world.url}/incidents`);
  await page.getByRole('button', { name: 'Declare', exact: false }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is happening').fill('Bot invents a refund policy for one device');
  const hint = dialog.getByRole('region', { name: 'Suggested archetype' });
  await hint.getByText('Misinformation cascade', { exact: true }).waitFor();
  await hint.getByText(/“invents”/).waitFor();
  await dialog
    .getByLabel('What is happening')
    .fill('The coding agent deleted the production database without approval');
  await hint.getByText('Agentic misalignment', { exact: true }).waitFor();
  await dialog.getByLabel('What is happening').fill('Bot says that one subscription covers one device');
  await dialog.getByRole('button', { name: /^Declare Sev/ }).click();
  await page.getByRole('list', { name: 'Similar incidents' }).getByText('How it ended').waitFor();
  expect(await findings(page)).toEqual([]);
});
