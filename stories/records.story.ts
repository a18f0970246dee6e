import { evals } from '@firebreak/contract/detect/evals';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', features: [] },
  });
  const sender = await world.program('telemetry:write', 'feedback:write');
  const judge = async (name: string, score: number, label: string | null, explanation: string | null) => {
    const text = (key: string, it: string | null) => (it === null ? [] : [{ key, value: { stringValue: it } }]);
    const record = {
      eventName: 'gen_ai.evaluation.result',
      attributes: [
        ...text('gen_ai.evaluation.name', name),
        { key: 'gen_ai.evaluation.score.value', value: { doubleValue: score } },
        ...text('gen_ai.evaluation.score.label', label),
        ...text('gen_ai.evaluation.explanation', explanation),
        ...text('gen_ai.response.id', 'chatcmpl-5'),
      ],
    };
    const answer = await world.send('POST', '/v1/logs', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: text('service.name', 'support-bot') },
            scopeLogs: [{ logRecords: [record] }],
          },
        ],
      }),
    });
    expect(answer.status).toBe(200);
  };
  const say = (part: object) =>
    sender.call(signals.sendInteractions, {
      body: { system: 'support-bot', feature: 'answers', versions: { model: 'm-1', prompt: 'v41' }, ...part },
    });
  await say({
    id: 'a-1',
    input: 'Where is my parcel?',
    output: 'It arrives on Friday.',
    subject: 'u-1',
    latencyMs: 812,
  });
  await say({
    id: 'a-2',
    input: 'Please refund order 4711.',
    output: 'I have refunded 40 EUR.',
    subject: 'u-2',
    toolCalls: [{ name: 'refund', arguments: '{"order":"4711","amount":40}', result: 'done' }],
  });
  const traceId = 'c'.repeat(32);
  await say({ id: 'a-3', input: 'How do I log in?', error: 'timeout of the model', traceId, spanId: 'a'.repeat(16) });
  await say({
    id: 'a-5',
    input: 'May I return it?',
    output: 'Returns are free for a year.',
    responseId: 'chatcmpl-5',
    traceId,
    spanId: 'b'.repeat(16),
    versions: { model: 'm-1', prompt: 'v41', index: 'i-7', tools: 't-3', fingerprint: 'fp_4f2' },
  });
  await judge('Groundedness', 1.5, 'fail', 'The rules say 30 days. Nothing that was retrieved speaks of a year.');
  await judge('Politeness', 4.8, 'pass', null);
  await judge('Reading grade', 7, null, null);
  await sender.call(signals.sendEvaluations, {
    body: [
      { system: 'support-bot', interaction: 'a-5', name: 'Tone', label: 'somewhat stiff' },
      { system: 'support-bot', traceId, spanId: 'd'.repeat(16), name: 'Goal', label: 'not_resolved' },
    ],
  });
  await say({ id: 'a-4', input: 'Give me a key', output: `Use ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}` });
});
afterAll(() => stage?.close());

it('finds a question by its words and a refund by its tool, and reads the whole of it', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/records`);
  await page.getByText('timeout of the model').or(page.getByText('It arrives on Friday.')).first().waitFor();
  await page.getByText('1 signal').first().waitFor({ timeout: 15_000 });
  expect(await findings(page)).toEqual([]);
  await picture(page, 'records-1440-light');
  await page.getByLabel('Words in what was asked, answered, read or called').fill('PARCEL');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('It arrives on Friday.').waitFor();
  await page.getByText('I have refunded').waitFor({ state: 'detached' });
  expect(page.url()).toContain('text=PARCEL');

  await page.getByLabel('Words in what was asked, answered, read or called').fill('');
  await page.getByText('Versions, person, tool, evaluation, score').click();
  await page.getByLabel('Tool that was called').fill('refund');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('I have refunded 40 EUR.').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('One tool was called').click();
  await dialog.getByText('{"order":"4711","amount":40}').waitFor();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'record-1440-light');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByLabel('Tool that was called').fill('nothing');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Nothing was found').waitFor();

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/records`);
  await phone.getByText('It arrives on Friday.').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'records-390-dark');
});

it('finds an answer by the build that gave it and by the evaluation it failed, and reads what was said of it', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/records?fingerprint=fp_4f2`);
  await page.getByText('1 failed evaluation').waitFor({ timeout: 15_000 });
  await page.getByText('Returns are free for a year.').waitFor();
  expect(await page.getByRole('list', { name: 'Records' }).getByRole('listitem').count()).toBe(1);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'records-filters-1440-light');
  await page.getByLabel('Build of the supplier').fill('');
  await page.getByRole('textbox', { name: /^Evaluation/ }).fill('groundedness');
  await page.getByLabel('Score of at most').fill('2');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Returns are free for a year.').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('build fp_4f2 of the supplier · index i-7 · tools t-3').waitFor();
  const said = dialog.getByRole('region', { name: 'Evaluations' });
  await said.getByText('The rules say 30 days.').waitFor();
  await said.getByText('label somewhat stiff, its sender does not say whether that is good').waitFor();
  await said.getByText('label not_resolved, of this trace; which answer it judges is not known').waitFor();
  expect(await said.getByRole('listitem').count()).toBe(5);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'record-evaluated-1440-light');

  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(page.url());
  await phone.getByRole('region', { name: 'Evaluations' }).getByText('The rules say 30 days.').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'record-evaluated-390-dark');
});

it('makes a case of a golden set of what was really asked', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/records?text=PARCEL`);
  await page.getByText('It arrives on Friday.').click();
  await page.getByRole('button', { name: 'Make it a case of a golden set' }).click();
  await page.getByText('support-bot has no golden set yet').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();

  const { target } = await world.ana.client.call(evals.addTarget, {
    body: { name: 'Bot', kind: 'openai', address: 'https://93.184.215.14/v1', system: 'support-bot', model: 'm1' },
  });
  const { suite } = await world.ana.client.call(evals.add, { body: { name: 'Parcels', target: target.id } });
  await page.reload(); // it opens where it was
  await page.getByRole('button', { name: 'Make it a case of a golden set' }).click();
  await page.getByText('What was answered then').waitFor();
  expect(await page.getByLabel('Question', { exact: true }).inputValue()).toBe('Where is my parcel?');
  await page.getByRole('button', { name: 'Add a check' }).click();
  await page.getByLabel('The answer', { exact: true }).selectOption('contains');
  await page.getByRole('list').getByRole('textbox').fill('Friday');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'records-case-1440-light');
  await page.getByRole('button', { name: 'Keep the case' }).click();
  await page.getByLabel('Question', { exact: true }).waitFor({ state: 'detached' });
  const { cases } = await world.ana.client.call(evals.show, { params: { suite: suite.id } });
  expect(cases).toMatchObject([
    { input: [{ content: 'Where is my parcel?' }], checks: [{ kind: 'contains', value: 'Friday' }] },
  ]);
});

it('takes addresses out of what comes in from now on, and keeps everything while a legal hold lies', async () => {
  const { world } = stage;
  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/records/rules`);
  await page.getByText('Kept for 30 days, as everywhere; taken out before: nothing.').waitFor();
  await page.getByRole('button', { name: 'Change the rule of Support bot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kept for so many days').fill('7');
  await dialog.getByText('Older records will be deleted').waitFor();
  await dialog.getByLabel('Kept for so many days').fill('90');
  await dialog.getByLabel('e-mail addresses').check();
  await dialog.getByLabel('Part of the traffic that is sent').fill('10');
  await dialog.getByLabel('Why').fill('Data protection impact assessment');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'record-rule-1440-light');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Kept for 90 days; taken out before: e-mail addresses; only 10 % is sent.').waitFor();

  const sender = await world.program('telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: { system: 'support-bot', input: 'I am jo@customer.example', output: 'Hello.' },
  });
  await page.getByRole('button', { name: 'Legal hold on Support bot' }).click();
  await dialog.getByLabel('Why').fill('A customer claims damages');
  await dialog.getByLabel('Matter').fill('INC-2026-0007');
  await dialog.getByRole('button', { name: 'Place it' }).click();
  await page.getByText('A customer claims damages (INC-2026-0007)').waitFor();
  expect(await page.getByRole('button', { name: 'Lift …' }).isDisabled()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'record-rules-1440-light');

  const lead = await world.person('Theo Lind', ['lead']);
  const phone = await stage.page(lead, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/records/rules`);
  await phone.getByText('1 × e-mail addresses').waitFor({ timeout: 15_000 });
  await phone.getByRole('button', { name: 'Lift …' }).click();
  await phone.getByLabel('Why the matter is closed').fill('Settled');
  await phone.getByRole('button', { name: 'Lift it' }).click();
  await phone.getByText('lifted by Theo Lind: Settled').waitFor();
  expect(await findings(phone)).toEqual([]);
  expect(await sideways(phone)).toBe(0);
  await picture(phone, 'record-rules-390-dark');

  await page.goto(`${world.url}/records`);
  await page.getByText('support-bot 10 %, says its owner').waitFor();
  await page.getByText('I am [EMAIL_ADDRESS taken out]').waitFor();
});
