import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findings, openStage, picture, type Stage } from './stage.ts';
import { supportBot } from './support-bot.ts';
import { type Wire, wireTo } from './wire.ts';

let stage: Stage;
let wire: Wire;

beforeAll(async () => {
  stage = await openStage();
  await supportBot(stage.world);
  wire = await wireTo(stage.world.url);
});
afterAll(async () => {
  await stage?.close();
  await wire?.close();
});

it('says that the view is old and how old, comes back by itself, and misses nothing', async () => {
  const { client } = stage.world.ana;
  const { incident } = await client.call(incidents.declare, { body: { title: 'Support bot invents a policy' } });
  const note = (text: string) => client.call(warRoom.note, { params: { incident: incident.id }, body: { text } });
  const page = await stage.page(stage.world.ana, { url: wire.url });
  await page.goto(`${wire.url}/incidents/${incident.label}`);
  await page.getByText('Ana Nkemelu declared Sev 2').waitFor();
  await note('before the cut');
  await page.getByText('before the cut').waitFor();

  wire.cut();
  const banner = page.getByRole('alert').filter({ hasText: 'Connection lost' });
  await banner.getByText(/This view is \d+ s old/).waitFor();
  await picture(page, 'stale-1440-light');
  expect(await findings(page)).toEqual([]);
  expect(await page.getByText('before the cut').isVisible()).toBe(true);

  await page.getByLabel('Note', { exact: true }).fill('typed while alone');
  await page.getByRole('button', { name: 'Write' }).click();
  await page.getByText('The server does not answer').waitFor();
  expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('typed while alone');

  for (let n = 1; n <= 5; n += 1) await note(`while away ${n}`);
  wire.mend();
  // It comes back by itself, at times before anybody can press.
  const gone = banner.waitFor({ state: 'detached' });
  const pressed = banner.getByRole('button', { name: 'Try now' }).click();
  await Promise.race([gone, pressed.catch(() => gone)]);
  await gone;
  await page.getByText('while away 5').waitFor();
  expect(await page.getByText(/while away \d/).count()).toBe(5);
  expect(await page.getByText('before the cut').count()).toBe(1);
  await page.getByRole('button', { name: 'Write' }).click();
  await page.getByRole('listitem').filter({ hasText: 'typed while alone' }).waitFor();
});

it('shows what happened after a page had read and before it was told what happens', async () => {
  const { client } = stage.world.ana;
  const { incident } = await client.call(incidents.declare, { body: { title: 'Between the read and the stream' } });
  for (const told of [true, false]) {
    const text = `between, ${told ? 'told' : 'not told'} by the server where the page begins`;
    const page = await stage.page(stage.world.ana);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    await page.route('**/api/v1/live', async (route) => {
      await opened;
      await route.continue();
    });
    // Something before the server may take the header away.
    if (!told)
      await page.route('**/incidents/*', async (route) => {
        const response = await route.fetch();
        const { 'server-timing': _, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
    await page.goto(`${stage.world.url}/incidents/${incident.label}`);
    await page.getByText('Ana Nkemelu declared Sev 2').waitFor();
    await client.call(warRoom.note, { params: { incident: incident.id }, body: { text } });
    open();
    await page.getByText(text).waitFor();
  }
});
