import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let page: Page;
let room: string;

beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await client.call(inventory.register, {
    body: { key: 'travel-agent', name: 'Travel agent', type: 'agent', features: [{ key: 'book', name: 'Booking' }] },
  });
  const { incident } = await client.call(incidents.declare, {
    body: { title: 'A hotel page tells the agent what to book', systems: ['travel-agent'] },
  });
  room = `/incidents/${incident.label}`;
  page = await stage.page(stage.world.ana);
});
afterAll(() => stage?.close());

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const FILE = {
  type: 'playbook',
  spec_version: 'cacao-2.0',
  id: `playbook--${uuid(1)}`,
  name: 'Close the booking gate',
  created_by: `identity--${uuid(2)}`,
  created: '2026-11-20T12:00:00.000Z',
  modified: '2026-11-20T12:00:00.000Z',
  workflow_start: `start--${uuid(3)}`,
  workflow: {
    [`start--${uuid(3)}`]: { type: 'start', on_completion: `action--${uuid(4)}` },
    [`action--${uuid(4)}`]: {
      type: 'action',
      name: 'Close the gate',
      commands: [{ type: 'bash', command: 'systemctl stop gate', playbook_activity: 'restrict-access' }],
      agent: `group--${uuid(5)}`,
      on_completion: `end--${uuid(6)}`,
    },
    [`end--${uuid(6)}`]: { type: 'end' },
  },
  agent_definitions: { [`group--${uuid(5)}`]: { type: 'group', name: 'crew' } },
};

async function choose(name: string, text: string): Promise<void> {
  await page
    .getByLabel('CACAO 2.0 file')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

async function exported(): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CACAO' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

it('shows what there is for each kind of failure', async () => {
  await page.goto(`${stage.world.url}/playbooks`);
  await page.getByText('Prompt injection in an agent').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByLabel('Type of system').selectOption('voice');
  await page.getByText('Prompt injection in an agent').waitFor({ state: 'detached' });
});

it('brings a CACAO file in, runs nothing, and gives the same file back', async () => {
  await page.goto(`${stage.world.url}/playbooks`);
  await page.getByRole('button', { name: 'Import CACAO' }).click();
  await choose('broken.json', JSON.stringify({ ...FILE, workflow_start: `start--${uuid(9)}` }));
  await page.getByText('broken.json does not conform to CACAO 2.0').waitFor();
  await page.getByText('The workflow begins at a start step; this is none.').waitFor();
  expect(await page.getByRole('button', { name: 'Keep it' }).isDisabled()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'playbook-import-refused-1440-light');
  await choose('gate.json', JSON.stringify(FILE));
  await page.getByText('gate.json conforms to CACAO 2.0').waitFor();
  await page.getByText('Commands kept as text, none run: 1 bash.').waitFor();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('heading', { name: 'Close the booking gate', level: 1 }).waitFor();
  await page.getByText('1 command in the file, kept as text').click();
  await page.getByText('bash: systemctl stop gate').waitFor();
  expect(JSON.parse(await exported())).toEqual(FILE);
});

it('saves a change as a version, and shows what changed', async () => {
  await page.goto(`${stage.world.url}/playbooks/prompt-injection.agent`);
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('button', { name: 'Add a step' }).click();
  await page
    .getByRole('textbox', { name: /^Step \d+$/ })
    .last()
    .fill('Call the booking desk');
  await page
    .getByText(/^More about step/)
    .last()
    .click();
  await page.getByLabel('By minute').last().fill('8');
  await page.getByLabel('Only when').last().fill('a booking has been made');
  await page.getByLabel('Control it orders').last().fill('disable');
  await page.getByLabel('Right it takes').last().selectOption('containment.order');
  await page
    .getByRole('button', { name: /^Move step \d+ up$/ })
    .last()
    .click();
  await page.getByLabel('Kind of failure').selectOption('prompt-injection');
  await page.getByLabel('Why this changes').fill('The desk was not told in the drill');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await page.getByText('The desk was not told in the drill').waitFor();
  await page.getByRole('button', { name: 'What changed in version 2' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Call the booking desk').waitFor();
  expect(await dialog.getByRole('listitem').count()).toBe(1);
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByText('only: a booking has been made').waitFor();
  await page.getByText('takes the right to order containment').first().waitFor();
  const { playbook } = await stage.world.ana.client.call(playbooks.show, {
    params: { playbook: 'prompt-injection.agent' },
    query: {},
  });
  expect(playbook.content.steps.at(-2)).toMatchObject({
    text: 'Call the booking desk',
    withinMinutes: 8,
    condition: 'a booking has been made',
    control: 'disable',
    mayRun: 'containment.order',
  });
});

it('begins one from nothing, leaves the commands of a file out, and retires it', async () => {
  await page.goto(`${stage.world.url}/playbooks/close-the-booking-gate`);
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByText(/^More about step/).click();
  await page.getByRole('button', { name: 'Leave out the commands of step 1' }).click();
  await page.getByLabel('Why this changes').fill('Done by hand here');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await page.getByText('Done by hand here').waitFor();
  expect(await page.getByText('1 command in the file').count()).toBe(0);

  await page.goto(`${stage.world.url}/playbooks`);
  await page.getByRole('button', { name: 'New', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Close the booking gate');
  await dialog.getByText('There is a playbook with the key').waitFor();
  await dialog.getByLabel('Name').fill('The desk is down');
  await dialog.getByLabel('Kind of failure').selectOption('vendor-failure');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Begin it' }).click();
  await page.getByRole('heading', { name: 'The desk is down', level: 1 }).waitFor();
  await page.getByText('One person commands: take the role, say so').waitFor();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Kind of failure').selectOption('control-failure');
  await page.getByText(/^More about step 1:/).click();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'playbook-editor-1440-light');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Retire this playbook …' }).click();
  await dialog.getByLabel('Reason').fill('Only a try');
  await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
  await page.getByRole('heading', { name: 'Playbooks', level: 1 }).waitFor();
  await expect.poll(() => page.getByText('The desk is down').count(), { timeout: 10_000 }).toBe(0);
});

it('makes the steps tasks of an incident, ticked by people and by the record', async () => {
  await page.goto(`${stage.world.url}${room}`);
  await page.getByRole('button', { name: 'Follow one' }).click();
  await page.getByLabel('What it looks like').selectOption('prompt-injection');
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Follow it' }).click();
  await page.getByText('Prompt injection in an agent', { exact: false }).first().waitFor();
  await page.getByText('Call the booking desk').waitFor();
  await page.getByText('by minute 8').waitFor();
  await page.getByText(/^Find the way in/).click();
  await page
    .getByText(/ticked/)
    .first()
    .waitFor();
  expect(await page.getByLabel(/Find the way in/).isChecked()).toBe(true);
  const { client } = stage.world.ana;
  await client.call(incidents.takeRole, {
    params: { incident: room.split('/').at(-1)!, role: 'commander' },
    body: {},
  });
  await page.getByText('done, the record shows it').first().waitFor();
  expect(await findings(page)).toEqual([]);
});

const samples = new URL('../../shared/reference/cacao/samples/', import.meta.url);
describe.runIf(existsSync(samples))('published files', () => {
  const files = existsSync(samples)
    ? readdirSync(samples).flatMap((folder) =>
        readdirSync(new URL(`${folder}/`, samples)).map((name) => ({ folder, name })),
      )
    : [];
  it.each(files)('$folder/$name comes in, goes out, and comes in again as it was', async ({ folder, name }) => {
    await page.goto(`${stage.world.url}/playbooks`);
    await page.getByRole('button', { name: 'Import CACAO' }).click();
    await page.getByLabel('Mend what can be mended').check();
    await choose(name, readFileSync(new URL(`${folder}/${name}`, samples), 'utf8'));
    await page.getByText(folder === 'own' ? `${name} conforms to CACAO 2.0` : 'but could be read').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('link', { name: 'Export CACAO' }).waitFor();
    const at = page.url();
    const out = await exported();
    await page.goto(`${stage.world.url}/playbooks`);
    await page.getByRole('button', { name: 'Import CACAO' }).click();
    await choose('again.json', out);
    await page.getByText('again.json conforms to CACAO 2.0').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.waitForURL(at);
    await page.getByText('Version 1', { exact: true }).waitFor();
    expect(await page.getByText('Version 2', { exact: true }).count()).toBe(0);
    expect(JSON.parse(await exported())).toEqual(JSON.parse(out));
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([1440, 390] as const)('fits %d pixels', async (width) => {
    const own = await stage.page(stage.world.ana, { width, theme });
    for (const [name, at, whole] of [
      ['playbooks', '/playbooks', 'Control failure in an agent'],
      ['playbook', '/playbooks/prompt-injection.agent', 'Call the booking desk'],
      ['playbook-room', room, 'Prompt injection in an agent'],
    ] as const) {
      await own.goto(`${stage.world.url}${at}`);
      await own.getByText(whole).first().waitFor();
      await picture(own, `${name}-${width}-${theme}`);
      expect(await findings(own), name).toEqual([]);
      expect(await sideways(own), `${name} reaches past the edge`).toBe(0);
    }
  });
});
