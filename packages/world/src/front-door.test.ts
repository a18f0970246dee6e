import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlTests } from '@firebreak/contract/respond/control-tests';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Control } from '@firebreak/core/respond/containment';
import { createGateway, type Gateway } from '@firebreak/gateway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInMcp, type StandInMcp } from '../../../conformance/stand-in-mcp.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { openWorld, type World } from './index.ts';

let world: World;
let vendor: StandInVendor;
let mcp: StandInMcp;
let gateway: Gateway;
const system = 'support-bot';

beforeAll(async () => {
  world = await openWorld({ listen: true });
  vendor = await openStandInVendor();
  mcp = await openStandInMcp('2026');
  const features = [{ key: 'answers', name: 'Answers' }];
  await world.ana.client.call(inventory.register, { body: { key: system, name: 'Bot', type: 'generative', features } });
  const { key } = await world.program('guard', 'telemetry:write');
  gateway = await createGateway({
    port: 0,
    guard: { url: world.url, key, bootFailMode: 'deny', instance: 'gate-1' },
    // A credential of its own: whoever asks here needs a key.
    upstreams: { openai: { url: vendor.url, credential: { name: 'ours', secret: 'sk' } } },
    record: { url: world.url, key },
    mcp: { servers: { crm: { url: mcp.url } } },
  });
});
afterAll(async () => {
  await gateway.close();
  await vendor.close();
  await mcp.close();
  await world.close();
});

const CONTROLS: readonly Control[] = [
  { kind: 'disable', feature: 'answers' },
  { kind: 'fence', countries: { mode: 'deny', list: ['DE'] } },
  { kind: 'route', from: { model: 'm2' }, to: { model: 'm1' } },
  { kind: 'block', phrases: ['one device'], direction: 'input' },
  { kind: 'input', attachments: 'refuse' },
  { kind: 'revoke', tools: ['refund'] },
];

it.each(CONTROLS.map((what) => [what.kind, what] as const))(
  'a test of %s goes through the front door of a gateway, and neither reaches the vendor nor the records',
  async (_, what) => {
    const { control } = await world.ana.client.call(containment.declareControl, {
      params: { system },
      body: { name: JSON.stringify(what), what },
    });
    const before = gateway.stats().requests;
    const { test } = await world.ana.client.call(controlTests.begin, { params: { system, control }, body: {} });
    let last = test;
    await until('the test has ended', async () => {
      last = (await world.ana.client.call(controlTests.show, { params: { test: test.test } })).test;
      return last.ended !== null;
    });
    expect(last.ended).toMatchObject({
      outcome: 'passed',
      instances: [{ instance: 'gate-1', surface: 'gateway', outcome: 'passed' }],
    });
    // What is asked of a tool comes through the MCP proxy, which counts apart.
    if (what.kind !== 'revoke') expect(gateway.stats().requests).toBeGreaterThan(before);
    expect(vendor.asked).toEqual([]);
    expect([mcp.ran, mcp.heard]).toEqual([[], []]);
  },
);

it('an order is proven at the front door, and what was made up is counted nowhere', async () => {
  const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } });
  const { hold } = await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { system, what: { kind: 'disable', feature: 'answers' }, reason: 'it invents' },
  });
  const shown = () => world.ana.client.call(containment.showHold, { params: { hold } });
  await until('it is proven', async () => (await shown()).proofs?.probe.state === 'have');
  const { acknowledgements, seen } = await shown();
  expect(acknowledgements).toMatchObject([{ instance: 'gate-1', tried: 'effective', door: 'effective' }]);
  expect(seen).toMatchObject({ refused: 0, rerouted: 0 });
});

it('a revocation is proven at the door of the MCP proxy, and no tool ran', async () => {
  const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'it pays' } });
  const { hold } = await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { system, what: { kind: 'revoke', tools: ['refund'] }, reason: 'it pays' },
  });
  const shown = () => world.ana.client.call(containment.showHold, { params: { hold } });
  await until('it is proven', async () => (await shown()).proofs?.probe.state === 'have');
  expect((await shown()).acknowledgements).toMatchObject([{ tried: 'effective', door: 'effective' }]);
  expect(mcp.ran).toEqual([]);
});

it('takes nobody else’s request for one of its own', async () => {
  const stranger = await fetch(`${gateway.url}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-firebreak-made-up': 'guess', 'x-firebreak-system': system, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(stranger.status).toBe(401);
  await gateway.close();
  const { items } = await world.ana.client.call(signals.listInteractions, { query: { system } });
  expect(items).toEqual([]);
});
