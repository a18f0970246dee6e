import { people } from '@firebreak/contract/prepare/people';
import { createGateway, type Gateway } from '@firebreak/gateway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../conformance/stand-in-vendor.ts';
import { findings, openStage, picture, type Stage, sideways } from './stage.ts';
import { supportBot } from './support-bot.ts';

let stage: Stage;
let vendors: StandInVendor[];
let gateway: Gateway;
beforeAll(async () => {
  stage = await openStage();
  const { world } = stage;
  await supportBot(world);
  vendors = await Promise.all(['openai', 'azure'].map((name) => openStandInVendor(name)));
  const key = (await world.ana.client.call(people.createKey, { body: { name: 'gateway', scopes: ['guard'] } })).secret;
  const [openai, azure] = vendors as [StandInVendor, StandInVendor];
  gateway = await createGateway({
    port: 0,
    guard: { url: world.url, key, bootFailMode: 'deny', instance: 'gateway-eu-1' },
    firebreak: { url: world.url, key },
    source: '/etc/firebreak/gateway.json',
    upstreams: {
      openai: { url: openai.url, credential: { name: 'openai-prod', secret: 'sk-1' } },
      azure: { url: azure.url, credential: { name: 'azure-prod', secret: 'sk-2' } },
    },
    routes: {
      chat: { upstreams: ['openai', 'azure'], system: 'support-bot', feature: 'policy-answers' },
      search: { upstreams: ['openai'], system: 'search', record: 'figures' },
    },
    clients: [{ name: 'support-bot-prod', secret: 'fbg_1', system: 'support-bot' }],
    health: { failures: 2, ejectMs: 120_000 },
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all((vendors ?? []).map((vendor) => vendor.close()));
  await stage?.close();
});

it('shows which vendor serves, which one is left out, and whose keys are held', async () => {
  const { world } = stage;
  vendors[0]!.mode = 'fail';
  const ask = () =>
    fetch(`${gateway.url}/chat/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer fbg_1' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] }),
    });
  await until('another vendor serves', async () => (await ask()).ok);
  await ask();
  await ask();

  const page = await stage.page(world.ana);
  await page.goto(`${world.url}/systems/support-bot`);
  const card = page.locator('[data-gateway="gateway-eu-1"]');
  await card
    .getByText(/left out for \d+ s/)
    .first()
    .waitFor();
  await card.getByText('azure-prod').first().waitFor();
  expect(await card.getByText('/search').count()).toBe(0);
  await card.getByText('1 client key').click();
  await card.getByText('support-bot-prod').waitFor();
  expect(await page.content()).not.toMatch(/sk-1|fbg_1/);
  expect(await findings(page)).toEqual([]);
  await card.scrollIntoViewIfNeeded();
  await picture(page, 'gateways-system-1440-light');

  gateway.refused('/etc/firebreak/gateway.json cannot be used:\n/upstreams/azure/url: Invalid URL');
  const phone = await stage.page(world.ana, { width: 390, theme: 'dark' });
  await phone.goto(`${world.url}/settings`);
  const small = phone.locator('[data-gateway="gateway-eu-1"]');
  await small.getByText('The newest setup was refused').waitFor();
  await small.getByText('/search').waitFor();
  expect(await sideways(phone)).toBe(0);
  expect(await findings(phone)).toEqual([]);
  await small.scrollIntoViewIfNeeded();
  await picture(phone, 'gateways-settings-390-dark');
});
