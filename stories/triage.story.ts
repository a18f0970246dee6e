import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { type Instant, instant } from '@firebreak/core/kernel';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';

const HELP = [{ id: 'devices', title: 'Devices', text: 'You can use up to five devices with one subscription.' }];
let stage: Stage;
let page: Page;
let candidate: `cnd_${string}`;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  const sender = await world.program('telemetry:write', 'feedback:write', 'read');
  await world.ana.client.call(inventory.register, {
    body: {
      key: 'support-bot',
      name: 'Support bot',
      type: 'generative',
      owner: 'Support team',
      features: [{ key: 'policy-answers', name: 'Policy answers' }],
    },
  });
  const deploy = (prompt: string, note: string, occurredAt: Instant) =>
    world.ana.client.call(inventory.deploy, {
      params: { system: 'support-bot' },
      body: { deployment: 'production', versions: { model: 'm-1', prompt }, note, occurredAt },
    });
  let count = 0;
  const answer = (prompt: string, output: string) => ({
    id: `i-${++count}`,
    system: 'support-bot',
    feature: 'policy-answers',
    versions: { model: 'm-1', prompt },
    subject: `u-${count}`,
    input: 'How many devices may I use?',
    output,
    retrieved: HELP,
  });
  const good = 'You can use up to five devices with one subscription.';
  const ago = (minutes: number) => instant(new Date(Date.now() - minutes * 60_000).toISOString());
  await deploy('v41', 'first release', ago(600));
  await deploy('v42', 'be brief about limits', ago(4));
  const send = (body: object[]) => sender.call(signals.sendInteractions, { body: body as never });
  await send(Array.from({ length: 30 }, () => answer('v41', good)));
  await send(
    Array.from({ length: 24 }, (_, i) =>
      answer('v42', i % 2 === 0 ? 'Each subscription is limited to one device.' : good),
    ),
  );
  const text = 'since when is it one device?';
  await sender.call(signals.sendFeedback, {
    body: { system: 'support-bot', kind: 'comment', text, interaction: `i-${count - 1}` },
  });
  const found = async () =>
    (await sender.call(candidates.listCandidates, { query: { system: 'support-bot' } })).items[0];
  await vi.waitFor(async () => expect((await found())?.coheredAt).toBeTruthy(), { timeout: 8_000, interval: 100 });
  candidate = (await found())!.id;
  page = await stage.page(world.ana);
});
afterAll(() => stage?.close());

it('has the pack ready when somebody opens the candidate', async () => {
  await page.goto(`${stage.world.url}/candidates/${candidate}`);
  await page.getByRole('link', { name: 'Triage pack' }).click();
  await page.getByText('named by the signals').first().waitFor();
  await page.getByText('v41 → v42').waitFor();
  await page.getByText('Went wrong, seen').click();
  await page.getByText('What no detector and nobody noticed is not in it').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'triage-pack-1440-light');
});

it('goes with the incident, on a phone as well, and fits on one page of paper', async () => {
  const { incident } = await stage.world.ana.client.call(incidents.declare, {
    body: { title: 'Support bot invents a device limit', candidate, systems: ['support-bot'] },
  });
  const phone = await stage.page(stage.world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${stage.world.url}/incidents/${incident.label}`);
  await phone.getByRole('link', { name: 'Triage' }).click();
  await phone.getByText('v41 → v42').waitFor();
  expect(await findings(phone)).toEqual([]);
  await picture(phone, 'triage-pack-390-dark');
  await page.goto(`${stage.world.url}/incidents/${incident.label}/triage`);
  await page.getByText('v41 → v42').waitFor();
  const paper = await page.pdf({
    format: 'A4',
    scale: 0.6,
    margin: { top: '8mm', bottom: '8mm', left: '8mm', right: '8mm' },
  });
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});
