import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Someone } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let theo: Someone;
let labels: string[] = [];

beforeAll(async () => {
  stage = await openStage();
  const { client } = stage.world.ana;
  await supportBot(stage.world);
  // From before the incidents: a right given meanwhile lets nothing go.
  theo = await stage.world.person('Theo Lind', ['lead']);
  for (const title of ['Support bot invents a policy', 'Answers of somebody else']) {
    const { incident } = await client.call(incidents.declare, { body: { title, systems: ['support-bot'] } });
    await client.call(containment.order, {
      params: { incident: incident.id },
      body: { system: 'support-bot', what: { kind: 'disable', feature: 'policy-answers' }, reason: 'It must stop' },
    });
    labels = [...labels, incident.label];
  }
});
afterAll(() => stage?.close());

it('says of a feature that two incidents hold it, and of letting one go that nothing changes', async () => {
  const { world } = stage;
  const [first, second] = labels as [string, string];
  const page = await stage.page(theo, { width: 390, theme: 'dark' });
  await page.goto(`${world.url}/systems/support-bot`);
  await page.getByText(`held by ${second} and ${first}`).waitFor();
  await page.goto(`${world.url}/incidents/${first}/contain`);
  await page.getByText(`Held as well by HLD-2 of ${second}. Ending this one ends none of the others.`).waitFor();
  await page.getByRole('button', { name: 'Lift …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`Nothing changes for users of support-bot: HLD-2 of ${second} still holds it.`).waitFor();
  expect(await sideways(page)).toBe(0);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'two-incidents-390-dark');
  await dialog.getByLabel('Why it is safe to let go').fill('That story was another one');
  await dialog.getByRole('button', { name: 'Lift it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.goto(`${world.url}/incidents/${second}/contain`);
  await page.getByRole('button', { name: 'Lift …' }).click();
  await page.getByRole('dialog').getByText('It would no longer disable policy-answers on support-bot.').waitFor();
});
