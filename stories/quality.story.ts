import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
});
afterAll(() => stage?.close());

it('drills detection, counts what became of candidates, and tries labelled history', async () => {
  const { world } = stage;
  const { client } = world.ana;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/quality?show=drills`);
  await page.getByText('Detection was never drilled').waitFor();
  await page.getByText('never drilled', { exact: true }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send it' }).click();
  const drills = page.getByRole('list', { name: 'Fire drills' });
  await drills.getByText('nobody was told').waitFor();
  await drills.getByText('It paged, and nobody could be told').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'drills-1440-light');
  await drills.getByRole('link', { name: 'its candidate' }).click();
  await page.getByText('This is a drill').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'drill-candidate-1440-light');

  await page.goto(`${world.url}/quality?show=drills`);
  await page.getByRole('button', { name: 'Simulate a signal …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is observed').fill('The bot promises a refund nobody allows');
  await dialog.getByRole('button', { name: 'Raise it' }).click();
  await dialog.getByText('It is raised.').waitFor();
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Did it page?' }).click();
  await dialog.getByText(/Nobody was paged/).waitFor();
  await picture(page, 'simulate-1440-light');
  await dialog.getByRole('button', { name: 'Done' }).click();

  const sender = await world.program('signals:write');
  const ends = ['promoted', 'false-alarm', 'false-alarm'] as const;
  for (const [i, end] of ends.entries()) {
    await sender.call(signals.sendSignals, {
      body: {
        system: 'support-bot',
        feature: `f${i}`,
        kind: 'secret-disclosed',
        detector: 'secrets',
        channel: 'output-filter',
        evidenceClass: 'verified',
        archetype: 'data-exfiltration',
        text: `Key number ${i} was seen in an answer`,
      },
    });
    const found = await vi.waitFor(
      async () => {
        const { items } = await client.call(candidates.listCandidates, { query: {} });
        const it_ = items.find(({ title, state }) => title.includes(`number ${i}`) && state === 'paged');
        expect(it_).toBeDefined();
        return it_!;
      },
      { timeout: 8_000, interval: 100 },
    );
    if (end === 'promoted') continue;
    await client.call(candidates.dismissCandidate, {
      params: { candidate: found.id },
      body: { as: end, reason: 'A test key' },
    });
  }
  await page.goto(`${world.url}/quality`);
  await page.getByText('0 of 2 · between').waitFor();
  await page.getByText('from drills and simulations are left out').waitFor();
  await page.getByRole('button', { name: 'Its candidates: False pages' }).click();
  await page
    .getByRole('list', { name: 'Candidates of the figure' })
    .getByText('dismissed: false-alarm')
    .first()
    .waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'quality-1440-light');

  await page.getByRole('link', { name: 'Backtests' }).click();
  await page.getByRole('button', { name: 'Try …' }).click();
  const file = join(tmpdir(), `press-${process.pid}.jsonl`);
  await writeFile(
    file,
    ['one device only', 'one device only', 'refunds in an hour']
      .map((text, id) => JSON.stringify({ id, text, group: text }))
      .join('\n'),
  );
  await dialog.getByLabel('Rows').setInputFiles(file);
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Try it' }).click();
  const tests = page.getByRole('list', { name: 'Backtests' });
  await tests.getByText('done').waitFor();
  await tests.getByRole('button', { name: /^Scores/ }).click();
  await tests.getByText('b3 f1', { exact: true }).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'backtests-1440-light');
  for (const [width, theme] of [
    [390, 'dark'],
    [390, 'light'],
    [1440, 'dark'],
  ] as const) {
    const other = await stage.page(world.ana, { width, theme });
    for (const [show, whole] of [
      ['', 'nobody has judged'],
      ['?show=drills', 'Last drill of each system'],
      ['?show=backtests', 'signal-grouping'],
    ] as const) {
      await other.goto(`${world.url}/quality${show}`);
      await other.getByText(whole).first().waitFor();
      await picture(other, `quality${show.replace('?show=', '-')}-${width}-${theme}`);
      expect(await findings(other)).toEqual([]);
      expect(await sideways(other)).toBe(0);
    }
  }
});
