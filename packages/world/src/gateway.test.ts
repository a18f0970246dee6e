import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGateway, type Gateway } from '@firebreak/gateway';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { openWorld, type World } from './index.ts';

let world: World;
let vendor: StandInVendor;
let gateway: Gateway;

beforeAll(async () => {
  world = await openWorld({ listen: true });
  vendor = await openStandInVendor();
  const body = {
    key: 'support-bot',
    name: 'Bot',
    type: 'generative' as const,
    features: [{ key: 'answers', name: 'Answers' }],
  };
  await world.ana.client.call(inventory.register, { body });
  const { key } = await world.program('guard', 'telemetry:write');
  gateway = await createGateway({
    port: 0,
    guard: { url: world.url, key, bootFailMode: 'deny' },
    upstreams: { openai: vendor.url },
    record: { url: world.url, key },
  });
});
afterAll(async () => {
  await gateway.close();
  await vendor.close();
  await world.close();
});

const listed = async () =>
  (await world.ana.client.call(signals.listInteractions, { query: { system: 'support-bot' } })).items;

it('obeys an order, and what passed and what was refused is on record with its hold', async () => {
  const openai = new OpenAI({
    apiKey: 'sk',
    baseURL: `${gateway.url}/openai/v1`,
    defaultHeaders: { 'x-firebreak-system': 'support-bot', 'x-firebreak-feature': 'answers' },
  });
  const ask = (stream?: true) =>
    openai.chat.completions.create({
      model: 'm1',
      messages: [{ role: 'user', content: 'How many devices?' }],
      ...(stream && { stream }),
    });
  await until('the gateway knows the state', () =>
    ask().then(
      () => true,
      () => false,
    ),
  );
  for await (const _ of (await ask(true)) as AsyncIterable<unknown>);

  const incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
  const what = { kind: 'disable', feature: 'answers', message: 'Answers are paused.' } as const;
  const order = { params: { incident }, body: { system: 'support-bot', what, reason: 'it invents' } };
  const { hold } = await world.ana.client.call(containment.order, order);
  let refusal: unknown;
  await until('it is refused', async () => {
    refusal = await ask().catch((reason: unknown) => reason);
    return refusal instanceof OpenAI.PermissionDeniedError;
  });
  expect(String(refusal)).toContain('Answers are paused.');

  await until('all of it is on record', async () => (await listed()).some((each) => each.verdict?.hold === hold));
  const items = await listed();
  expect(items.find((each) => each.verdict?.hold === hold)).toMatchObject({
    feature: 'answers',
    verdict: { action: 'deny' },
  });
  const answered = items.filter((each) => each.verdict?.action === 'allow');
  expect(answered.length).toBeGreaterThanOrEqual(2);
  for (const each of answered) expect(each).toMatchObject({ answer: 'Hello from vendor', versions: { model: 'm1' } });
  expect(gateway.stats().recorder).toMatchObject({ refused: 0, dropped: 0 });

  await until('the hold is seen in traffic', async () => {
    const shown = await world.ana.client.call(containment.showHold, { params: { hold } });
    return shown.seen.refused > 0 && shown.confirmation === 'confirmed';
  });
});
