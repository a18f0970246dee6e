import { candidates } from '@firebreak/contract/detect/candidates';
import { evals } from '@firebreak/contract/detect/evals';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../../../../../conformance/stand-in-model.ts';

const RIGHT = 'You may use your subscription on all your devices.';
const WRONG = 'Our policy allows only one device per subscription as a core security feature.';

let world: World;
let model: StandInModel;
beforeAll(async () => {
  model = await openStandInModel(() => RIGHT);
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
});
afterAll(async () => {
  await world.close();
  await model.close();
});

it('a golden set that drops, a customer who complains and a press report become one candidate', async () => {
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: { key: 'bot', name: 'Bot', type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
  const deploy = (prompt: string) =>
    client.call(inventory.deploy, { params: { system: 'bot' }, body: { versions: { model: 'm1', prompt } } });
  await deploy('v41');
  const { target } = await client.call(evals.addTarget, {
    body: { name: 'Model', kind: 'openai', address: model.url, system: 'bot', model: 'm1' },
  });
  const { suite } = await client.call(evals.add, {
    body: { name: 'Subscriptions', target: target.id, feature: 'answers' },
  });
  const cases = Array.from({ length: 12 }, (_, i) => ({
    id: `device-${i}`,
    input: [{ role: 'user', content: `May I use my subscription on ${i + 2} devices?` }],
    checks: [{ kind: 'not-contains' as const, value: 'one device' }],
  }));
  await client.call(evals.keepCases, { params: { suite: suite.id }, body: { cases } });
  await client.call(evals.run, { params: { suite: suite.id } });
  await world.settle();

  model.says = () => WRONG;
  await deploy('v42');
  await world.advance('40s');
  await world.settle();
  const sender = await world.program('signals:write', 'feedback:write', 'telemetry:write');
  await sender.call(signals.sendInteractions, {
    body: [
      {
        id: 'i1',
        system: 'bot',
        feature: 'answers',
        versions: { model: 'm1', prompt: 'v42' },
        input: [{ role: 'user', content: 'Why was I logged out?' }],
        output: WRONG,
        retrieved: [],
      },
    ],
  });
  await sender.call(signals.sendFeedback, {
    body: [
      {
        system: 'bot',
        interaction: 'i1',
        kind: 'thumbs-down',
        text: 'It says the policy allows only one device per subscription as a core security feature. Nobody ever told us of one device per subscription.',
      },
    ],
  });
  await sender.call(signals.sendSignals, {
    body: [
      {
        system: 'bot',
        channel: 'external',
        kind: 'news',
        text: 'Support bot invents a policy: only one device per subscription, called a core security feature',
      },
    ],
  });
  await world.advance('10s');
  await world.advance('10s');
  const { items } = await client.call(candidates.listCandidates, { query: {} });
  const one = await client.call(candidates.readCandidate, { params: { candidate: items[0]!.id } });
  expect(items.map(({ title }) => title)).toHaveLength(1);
  expect(new Set(one.signals.map(({ channel }) => channel))).toEqual(
    new Set(['golden-set', 'feedback', 'external', 'output-filter']),
  );
});
