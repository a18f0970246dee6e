import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory } from '@firebreak/contract/prepare/inventory';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-files-'));
  stage = await openStage();
  await stage.world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
  page = await stage.page(stage.world.ana);
});
afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

async function pick(name: string, text: string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, text);
  await page.getByRole('dialog').getByLabel('File').setInputFiles(file);
}

it('says where a file is wrong, before anything is sent', async () => {
  await page.goto(`${stage.world.url}/systems`);
  await page.getByRole('button', { name: 'Apply a file' }).click();
  await pick('twice.yaml', '- key: crm\n  owner: A\n  owner: B\n');
  await page.getByText('line 3, column 3: “owner” stands twice').waitFor();
  await pick('tags.yaml', '- key: !env CRM\n');
  await page.getByText('tags such as !name are not read').waitFor();
  expect(await findings(page)).toEqual([]);
});

it('shows the difference, names the bad rows by line, and applies the rest', async () => {
  await pick(
    'systems.yaml',
    [
      'systems:',
      '  - key: support-bot',
      '    owner: Support engineering',
      '    tools:',
      '      - name: refund_order',
      '        permissions: [refund up to 50 EUR]',
      '  - key: credit-score',
      '    name: Credit score',
      '    type: predictive',
      '    riskClass: annex-iii-5',
      '    dependencies:',
      '      - on: support-bot',
      '  - key: Not A Key',
      '    name: Broken',
      '  - key: hr-screen',
      '    name: HR screen',
      '    colour: red',
      '',
    ].join('\n'),
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nothing is changed yet: 1 new, 1 changed, 2 rows cannot be taken.').waitFor();
  await dialog.getByText('Line 13').waitFor();
  await dialog.getByText('Line 15').waitFor();
  await dialog.getByText('Support engineering').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'systems-file-1440-light');
  await dialog.getByRole('button', { name: 'Apply to 2 systems' }).click();
  await dialog.getByText('Applied: 1 new, 1 changed, 2 rows cannot be taken.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('link', { name: 'Credit score' }).waitFor();
  expect(await sideways(page)).toBe(0);
});

it('exports what is there, and finds no difference when it comes back', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain(
    '- key: credit-score\n    name: Credit score\n    type: predictive\n    riskClass: annex-iii-5',
  );
  await page.getByRole('button', { name: 'Apply a file' }).click();
  await pick('again.yaml', text);
  await page.getByText('No difference: 2 systems as they are.').waitFor();
  expect(await page.getByRole('button', { name: 'Apply', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();
});

it('takes hundreds of systems with three bad rows, and keeps the rest', async () => {
  const row = (i: number) =>
    `- key: sys-${i}\n  name: System ${i}\n  owner: Team ${i % 40}\n  purpose: Answers customers about their contract\n  features: [{key: answers, name: Answers}]\n`;
  const rows = Array.from({ length: 300 }, (_, i) => row(i));
  rows[17] = '- key: sys-17\n  name: System 17\n  colour: red\n';
  rows[200] = '- key: sys-4\n  name: Once more\n';
  rows[299] = '- key: sys-299\n';
  await page.getByRole('button', { name: 'Apply a file' }).click();
  await pick('many.yaml', rows.join(''));
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nothing is changed yet: 297 new, 3 rows cannot be taken.').waitFor();
  await dialog.getByText('Line 86').waitFor();
  await dialog.getByText('“sys-4” stands in row 5 already').waitFor();
  await picture(page, 'systems-file-many-1440-light');
  await dialog.getByRole('button', { name: 'Apply to 297 systems' }).click();
  await dialog.getByText('Applied: 297 new, 3 rows cannot be taken.').waitFor();
  const { systems } = await stage.world.ana.client.call(inventory.list, {});
  expect(systems).toHaveLength(299);
});
