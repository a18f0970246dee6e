import { measures } from '@firebreak/contract/detect/measures';
import { predictions } from '@firebreak/contract/detect/predictions';
import { signals } from '@firebreak/contract/detect/signals';
import { changes } from '@firebreak/contract/prepare/changes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: { key: 'loan-desk', name: 'Loan desk', type: 'predictive', owner: 'Lending' },
  });
  await client.call(changes.report, {
    body: {
      system: 'loan-desk',
      kind: 'model',
      from: 'scorer-7',
      to: 'scorer-8',
      occurredAt: ago(42),
      id: 'deploy-8',
    } as never,
  });
  const sender = await world.program('telemetry:write');
  const points = Array.from({ length: 260 }, (_, i) => {
    const at = ago(1_300 - 5 * i);
    const late = 1_300 - 5 * i < 40;
    return [
      { system: 'loan-desk', name: 'loans-declined', count: late ? 14 : 5 + (i % 3), of: 20, at },
      {
        system: 'loan-desk',
        name: 'review-backlog',
        value: Math.round(30 + 8 * Math.sin(i / 20) + (late ? 30 : 0)),
        at,
        groups: { team: 'claims' },
      },
    ];
  }).flat();
  await sender.call(measures.send, { body: points as never });
  await sender.call(signals.sendInteractions, {
    body: Array.from({ length: 60 }, (_, i) => ({
      id: `s${i}`,
      system: 'loan-desk',
      feature: 'letters',
      versions: { model: i % 2 ? 'scorer-8' : 'scorer-7' },
      output: 'You can ask for the reasons of this decision, and a person looks at it for you.',
      latencyMs: 800 + 20 * i,
      tokens: { input: 200 + i, output: 40 + (i % 9) },
    })) as never,
  });
});
afterAll(() => stage?.close());

it('looks at a number over time, tries a rule on what is stored, and is told when it alarms', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/measures`);
  await page.getByText('loans-declined').first().waitFor({ timeout: 30_000 });
  await page.getByText('latency').first().waitFor({ timeout: 30_000 });
  expect(await findings(page)).toEqual([]);
  await picture(page, 'measures-1440-light');

  await page.getByRole('link', { name: 'loans-declined' }).click();
  await page.getByText('upright: changes of the system').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Watch it …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: false }).first().fill('More loans declined');
  await dialog.getByText('Its alarm pages alone').click();
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('1 alarm on what is stored').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'watch-form-1440-light');
  await dialog.getByRole('button', { name: 'Start watching' }).click();
  await page.getByText('goes on').waitFor({ timeout: 60_000 });
  await page.getByText('The newest change before: model').first().waitFor();
  await page.getByText('shaded: alarms').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'measure-1440-light');
  await page.getByText('The same as a table').click();
  await page.getByRole('button', { name: '7d' }).click();
  await page.getByText('Steps of 1 hours').waitFor();

  await page.goto(`${world.url}/candidates`);
  await page.getByText('loans-declined:', { exact: false }).first().waitFor({ timeout: 20_000 });

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/measures/loan-desk/loans-declined`);
  await phone.getByText('shaded: alarms').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'measure-390-dark');
  await phone.goto(`${world.url}/measures`);
  await phone.getByText('false pages a week').first().waitFor();
  await phone.getByText('loans-declined').first().waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'measures-390-dark');
  await phone.getByRole('button', { name: 'Change the budget …' }).click();
  await phone.getByRole('dialog').getByLabel('False pages a week').fill('0.01');
  await phone.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await phone.getByText('over budget').waitFor();

  await page.goto(`${world.url}/channels`);
  await page.getByText('Telemetry of loan-desk').waitFor();
  await page.getByText('The detectors').waitFor();
  await page.getByRole('button', { name: 'How often: Telemetry of loan-desk' }).click();
  await dialog.getByText('Every so many minutes').click();
  await dialog.getByLabel('Minutes', { exact: true }).fill('30');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('expected every 30 min, as somebody said').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'channels-1440-light');
  await phone.goto(`${world.url}/channels`);
  await phone.getByText('expected every 30 min, as somebody said').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'channels-390-dark');

  await page.goto(`${world.url}/oversight`);
  await page.getByRole('button', { name: 'Agree on Loan desk' }).click();
  await dialog.getByLabel('Models that may answer').fill('scorer-7*');
  await dialog.getByLabel('Features a person has to look at').fill('letters');
  await dialog.getByText('Write each as a feature and its minutes').waitFor();
  await dialog.getByLabel('Features a person has to look at').fill('letters 1');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('may answer: scorer-7*').waitFor();
  await world.program('telemetry:write').then((sender) =>
    sender.call(signals.sendInteractions, {
      body: [
        { id: 'x1', system: 'loan-desk', feature: 'letters', versions: { model: 'scorer-9' }, output: 'You can ask.' },
      ] as never,
    }),
  );
  await page
    .getByRole('list', { name: 'What broke it' })
    .getByText('with the model scorer-9')
    .waitFor({ timeout: 20_000 });
  await page.getByText('1 wait for a person').waitFor({ timeout: 20_000 });
  expect(await findings(page)).toEqual([]);
  await picture(page, 'oversight-1440-light');
  await phone.goto(`${world.url}/oversight`);
  await phone.getByRole('list', { name: 'What broke it' }).getByText('with the model scorer-9').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'oversight-390-dark');
});

it('shows how a predictive system does', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await world.program('telemetry:write').then((program) =>
    program.call(predictions.send, {
      body: Array.from({ length: 600 }, (_, i) => ({
        id: `p${i}`,
        system: 'loan-desk',
        score: ((i * 37) % 100) / 100,
        positive: (i * 37) % 100 >= (i >= 400 ? 70 : 50),
        actual: (i * 37) % 100 >= 50,
        groups: { region: i % 2 ? 'north' : 'south' },
        features: { income: i >= 400 ? 10 + (i % 7) : 30 + (i % 7) },
      })) as never,
    }),
  );
  await page.goto(`${world.url}/predictions`);
  await page.getByText('moved', { exact: true }).first().waitFor({ timeout: 20_000 });
  await page.getByText('Brier score').waitFor();
  await page.getByRole('list', { name: 'Said and true' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'predictions-data-1440-light');
  await phone.goto(`${world.url}/predictions`);
  await phone.getByText('moved', { exact: true }).first().waitFor({ timeout: 20_000 });
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'predictions-data-390-dark');
});
