import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { actionAudit } from '@firebreak/contract/respond/action-audit';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGateway, type Gateway } from '@firebreak/gateway';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findArticles } from './articles.ts';
import { featureOf } from './bot.ts';
import { type Demo, runDemo } from './main.ts';
import { answerTo } from './model.ts';
import { promptText } from './prompts.ts';

const MODEL_PORT = 17_381;
let world: World;
let demo: Demo;
let gateway: Gateway;

beforeAll(async () => {
  world = await openWorld({ listen: true });
  const { key } = await world.program('guard', 'telemetry:write');
  const admin = await world.program('admin');
  gateway = await createGateway({
    port: 0,
    guard: { url: world.url, key, bootFailMode: 'allow' },
    upstreams: { openai: `http://127.0.0.1:${MODEL_PORT}` },
    record: { url: world.url, key },
  });
  demo = await runDemo({
    serverUrl: world.url,
    gatewayUrl: gateway.url,
    adminKey: admin.key,
    log: () => undefined,
    chatPort: 0,
    modelPort: MODEL_PORT,
    changeAfterMs: 1_500,
  });
});
afterAll(async () => {
  await demo.stop();
  await gateway.close();
  await world.close();
});

const until = async <T>(what: string, look: () => Promise<T | undefined>, ms = 45_000): Promise<T> => {
  const began = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() - began > ms) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
async function chat(question: string): Promise<{ text: string; paused: boolean; prompt: string | null }> {
  const answer = await fetch(`${demo.chatUrl}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question, session: 'test' }),
  });
  const lines = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { text: lines.map((line) => line.piece ?? '').join(''), ...lines.at(-1).done };
}
const DEVICES = 'How many devices can I use with one subscription?';

it('answers from its articles, and sorts questions', async () => {
  expect(featureOf('Where is my order 48213?')).toBe('order-status');
  expect(featureOf('Hello!')).toBe('greeting');
  expect(findArticles(DEVICES)[0]?.id).toBe('devices');
  const careful = [
    { role: 'system', content: promptText('v40', findArticles(DEVICES)) },
    { role: 'user', content: DEVICES },
  ];
  expect(answerTo(careful, 0)).toContain('up to five devices');
  expect((await fetch(demo.chatUrl)).status).toBe(200);
  expect(await chat('Where is my order 48213?')).toMatchObject({
    text: 'Here is what I found: Order 48213 left the warehouse and is with the carrier.',
    paused: false,
  });
});

it('lets the order desk use both of its tools', async () => {
  const said = await chat('Please cancel my order 77001.');
  expect(said).toMatchObject({
    text: 'Here is what I found: Order 77001 left the warehouse and is with the carrier. Order 77001 is cancelled, and the parcel comes back to us.',
    paused: false,
  });
});

it('gives no alarm while the careful instructions are live', async () => {
  await until('an interaction seen by gateway and application', async () =>
    (await world.ana.client.call(signals.listInteractions, { query: { system: 'support-bot' } })).items.find(
      (i) => i.versions.prompt === 'v40' && i.answer !== null && i.sources.length === 2,
    ),
  );
  const { items } = await world.ana.client.call(signals.listSignals, { query: { system: 'support-bot' } });
  expect(items.filter((s) => s.versions.prompt === 'v40')).toEqual([]);
});

it('shows a candidate with its reasons soon after the change, and rolling back ends it on the page', {
  timeout: 150_000,
}, async () => {
  const found = await until('a coherent candidate with a complaint in it', async () =>
    (await world.ana.client.call(candidates.listCandidates, { query: { system: 'support-bot' } })).items.find(
      (c) => c.coheredAt !== null && c.summary.channels.feedback !== undefined,
    ),
  );
  expect(found).toMatchObject({
    feature: 'policy-answers',
    archetype: 'misinformation-cascade',
    summary: { versions: { prompt: ['v41'] } },
    early: { call: { severity: 2 } },
  });
  expect(found.title).toMatch(/^Invented rule in policy-answers: /);
  expect(found.reasons.join('; ')).toMatch(/same prompt version v41/);
  const { incident } = await world.ana.client.call(incidents.declare, {
    body: { title: found.title, candidate: found.id, systems: ['support-bot'] },
  });
  const { controls } = await world.ana.client.call(containment.listControls, { params: { system: 'support-bot' } });
  const lever = (start: string) => controls.find((c) => c.name.startsWith(start))!.control;
  await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { control: lever('Roll back'), system: 'support-bot', reason: 'invents a device rule' },
  });
  const honest = await until('the honest answer', async () => {
    const said = await chat(DEVICES);
    return said.prompt === 'v40' ? said : undefined;
  });
  expect(honest.text).toContain('up to five devices');
  for (let i = 0; i < 8; i++) expect((await chat(DEVICES)).text).not.toMatch(/\bone device\b/);
  await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { control: lever('Stop answers'), system: 'support-bot', reason: 'to be sure' },
  });
  const paused = await until('the pause', async () => {
    const said = await chat(DEVICES);
    return said.paused ? said : undefined;
  });
  expect(paused.text).toContain('A person will answer this question');
  expect(await chat('Hello!')).toMatchObject({ paused: false, text: expect.stringContaining('Larkspur') });
});

it('takes one tool from the order desk, which keeps working with the other, and says so kindly', async () => {
  const { incident } = await world.ana.client.call(incidents.declare, {
    body: { title: 'The order desk cancels orders nobody asked it to', systems: ['support-bot'] },
  });
  const { controls } = await world.ana.client.call(containment.listControls, { params: { system: 'support-bot' } });
  const { control } = controls.find((c) => c.name === 'Take cancelling from the order desk')!;
  await world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { control, system: 'support-bot', reason: 'it cancels what it should not' },
  });
  const held = await until('the tool is taken', async () => {
    const said = await chat('Please cancel my order 77002.');
    return said.text.includes('is cancelled') ? undefined : said;
  });
  expect(held).toMatchObject({ paused: false, text: expect.stringContaining('I cannot cancel orders at the moment') });
  expect(await chat('Where is my order 77002?')).toMatchObject({
    paused: false,
    text: 'Here is what I found: Order 77002 left the warehouse and is with the carrier.',
  });
  // What it did before is listed, with the way back.
  const looked = await until('the audit of what it did', async () => {
    const { actions } = await world.ana.client.call(actionAudit.list, { params: { incident: incident.id }, query: {} });
    const done = actions.find((call) => call.tool === 'cancel_order' && JSON.stringify(call).includes('77001'));
    return done;
  });
  expect(JSON.stringify(looked)).toContain('reopen_order');
});

it('raises no alarm about the answers that only repeat its articles', async () => {
  const { items } = await world.ana.client.call(signals.listSignals, { query: { system: 'support-bot', limit: 200 } });
  const said = items.filter((s) => s.kind === 'instructions-disclosed').map((s) => s.text);
  expect(items.length).toBeGreaterThan(0);
  expect(said).toEqual([]);
});
