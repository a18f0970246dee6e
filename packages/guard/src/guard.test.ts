import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { ContainedError, createGuard, type Guard, type GuardOptions, type Verdict } from './index.ts';

type Server = Awaited<ReturnType<typeof openStandIn>>;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(options: Parameters<typeof openStandIn>[0] = {}): Promise<Server> {
  const server = await openStandIn(options);
  open.push(server);
  return server;
}
async function guardOf(server: { readonly url: string }, options: Partial<GuardOptions> = {}): Promise<Guard> {
  const guard = await createGuard({
    url: server.url,
    key: STAND_IN_KEY,
    system: 'support-bot',
    bootFailMode: 'deny',
    ...options,
  });
  open.push(guard);
  return guard;
}
const ANSWERS = { kind: 'disable', feature: 'answers' };
const caughtUp = (guard: Guard, server: Server) =>
  until('caught up', () => guard.stats().epoch === server.snapshot().epoch);
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'guard-'));
  open.push({ close: () => rm(path, { recursive: true, force: true }) });
  return path;
}

describe('a guard', () => {
  it('stops a feature in force and lets go again, acknowledging each step', async () => {
    const server = await serve();
    const guard = await guardOf(server);
    await guard.ready();
    expect(guard.check({ feature: 'answers' }).action).toBe('allow');

    const hold = holdOf(ANSWERS);
    server.hold(hold);
    await caughtUp(guard, server);
    expect(guard.check({ feature: 'answers' })).toMatchObject({ action: 'deny', hold: hold.hold, incident: 'inc_t1' });
    expect(guard.check({ feature: 'summary' }).action).toBe('allow');
    expect(() => guard.enforce({ feature: 'answers' })).toThrow(ContainedError);

    server.hold();
    await caughtUp(guard, server);
    expect(guard.check({ feature: 'answers' }).action).toBe('allow');
    await until('three acknowledgements', () => server.heard.filter(({ type }) => type === 'ack').length === 3);
    const acks = server.heard.filter(({ type }) => type === 'ack');
    expect(acks.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(acks[1]?.stateHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives back one and the same object while nothing applies', async () => {
    const guard = await guardOf(await serve());
    await guard.ready();
    expect(guard.check({ feature: 'a' })).toBe(guard.check({ feature: 'b' }));
  });

  it('says no for a system whose state it does not hold', async () => {
    const guard = await guardOf(await serve());
    await guard.ready();
    expect(guard.check({ system: 'support-bot' }).action).toBe('allow');
    expect(guard.check({ system: 'sales-bot' }).action).toBe('deny');
  });

  it('chooses the prompt and the model in force', async () => {
    const server = await serve();
    const guard = await guardOf(server);
    server.hold(holdOf({ kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } }));
    await guard.ready();
    await caughtUp(guard, server);
    expect(guard.resolvePrompt('v41')).toBe('v40');
    expect(guard.resolvePrompt('v39')).toBe('v39');
    expect(guard.resolveModel('m1')).toBe('m1');
  });

  it('reports which hold touched how many requests', async () => {
    const server = await serve();
    const guard = await guardOf(server);
    const hold = holdOf(ANSWERS);
    server.hold(hold);
    await guard.ready();
    await caughtUp(guard, server);
    guard.check({ feature: 'answers' });
    guard.check({ feature: 'answers' });
    await until('a beat with both', () =>
      server.heard.some((each) => JSON.stringify(each.counters ?? {}).includes(`"${hold.hold}":{"refused":2`)),
    );
  });

  it('follows its boot fail mode before any state is known, and says so', async () => {
    const nowhere = { url: 'http://127.0.0.1:9' };
    const closed = await guardOf(nowhere);
    expect(closed.check({})).toMatchObject({ action: 'deny', epoch: 0 });
    expect((await guardOf(nowhere, { bootFailMode: 'allow' })).check({}).action).toBe('allow');
    await expect(closed.ready(200)).rejects.toThrow(/no state from http:\/\/127.0.0.1:9/);
  });

  it('is told when its key is wrong', async () => {
    const guard = await guardOf(await serve(), { key: 'fbk_wrong' });
    await until('a fault', () => guard.stats().lastFault?.includes('401'));
  });

  it.each([
    [{ url: 'firebreak' }, /url/],
    [{ key: '' }, /key/],
    [{ bootFailMode: 'maybe' as never }, /bootFailMode/],
    [{ system: '' }, /system/],
  ])('refuses options that cannot work: %j', async (options, why) => {
    const good = { url: 'http://x', key: 'k', system: 's', bootFailMode: 'deny' } as const;
    await expect(createGuard({ ...good, ...options })).rejects.toThrow(why);
  });
});

describe('contact lost', () => {
  it('keeps what is in force, comes back, and catches up with what it missed', async () => {
    const server = await serve();
    const guard = await guardOf(server);
    server.hold(holdOf(ANSWERS));
    await guard.ready();
    await caughtUp(guard, server);

    const port = Number(new URL(server.url).port);
    await server.close();
    await until('the line is cut', () => guard.stats().transport === 'none');
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');

    const again = await serve({ port, keys: server.keys });
    const kept = server.snapshot().holds;
    again.hold(...kept);
    again.hold(...kept, holdOf({ kind: 'disable', feature: 'summary' }));
    await until('caught up', () => guard.check({ feature: 'summary' }).action === 'deny', 10_000);
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
  });

  it.each([-3_600_000, 3_600_000])('is not confused by a clock that is %d ms off', async (ms) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
    open.push({ close: () => vi.useRealTimers() });
    const server = await serve();
    const guard = await guardOf(server);
    await guard.ready();
    server.hold(holdOf(ANSWERS));
    await caughtUp(guard, server);
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
    await until('acknowledged', () => server.heard.some(({ type, epoch }) => type === 'ack' && epoch === 2));
  });

  it('asks by HTTP while no socket is to be had', async () => {
    const server = await serve();
    server.refuseSockets = true;
    server.hold(holdOf(ANSWERS));
    const guard = await guardOf(server);
    await guard.ready();
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
    await until('acknowledged by HTTP', () =>
      server.heard.some((each) => each.type === 'http' && each.ack !== undefined),
    );
    expect(guard.stats().transport).toBe('poll');
  });

  it('polls only, with ETags, when told to', async () => {
    const server = await serve();
    const guard = await guardOf(server, { transport: 'poll', pollMs: 100 });
    await guard.ready();
    server.hold(holdOf(ANSWERS));
    await until('stopped', () => guard.check({ feature: 'answers' }).action === 'deny');
    expect(server.sockets.size).toBe(0);
  });
});

describe('messages that must not be taken', () => {
  const stopped = async (options: Partial<GuardOptions> = {}) => {
    const server = await serve();
    const guard = await guardOf(server, options);
    server.hold(holdOf(ANSWERS));
    await guard.ready();
    await caughtUp(guard, server);
    return { server, guard };
  };
  const nacked = (server: Server, code: string) =>
    until(`a nack ${code}`, () => server.heard.some((each) => each.type === 'nack' && each.code === code));

  it('a snapshot that was tampered with', async () => {
    const { server, guard } = await stopped();
    const signed = server.signed({ ...server.snapshot(), epoch: 9, holds: [] });
    server.send({ type: 'snapshot', ...signed, payload: signed.payload.replace('"epoch":9', '"epoch":8') });
    await nacked(server, 'signature');
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
  });

  it('a snapshot signed by another key', async () => {
    const { server, guard } = await stopped();
    const other = generateKeyPairSync('ed25519').privateKey;
    server.send({ type: 'snapshot', ...server.signed({ ...server.snapshot(), epoch: 9, holds: [] }, other) });
    await nacked(server, 'signature');
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
  });

  it('an older epoch, replayed', async () => {
    const { server, guard } = await stopped();
    server.send({ type: 'snapshot', ...server.signed({ ...server.snapshot(), epoch: 1, holds: [] }) });
    await nacked(server, 'older');
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
  });

  it('a control with blank fields, whole message and all', async () => {
    const { server, guard } = await stopped();
    const bad = [holdOf({ kind: 'fence', countries: {} })];
    server.send({ type: 'snapshot', ...server.signed({ ...server.snapshot(), epoch: 9, holds: bad }) });
    await nacked(server, 'malformed');
    expect(guard.stats().epoch).toBe(2);
  });

  it('a step with a gap before it: asks for the whole and gets it', async () => {
    const { server, guard } = await stopped();
    const before = server.heard.filter(({ type }) => type === 'hello').length;
    server.send({
      type: 'delta',
      ...server.signed({ schema: 1, system: 'support-bot', generation: 1, from: 7, epoch: 8, add: [], remove: [] }),
    });
    await nacked(server, 'gap');
    await until('asked again', () => server.heard.filter(({ type }) => type === 'hello').length > before);
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
  });

  it('only keys given are trusted, if any are', async () => {
    const server = await serve();
    const stranger = generateKeyPairSync('ed25519')
      .publicKey.export({ format: 'der', type: 'spki' })
      .subarray(-32)
      .toString('base64');
    const guard = await guardOf(server, { trustedKeys: [stranger] });
    await until('refused', () => guard.stats().lastFault?.includes('signature'));
    expect(guard.check({}).action).toBe('deny');
    const friend = await guardOf(server, { trustedKeys: [server.publicKey] });
    await friend.ready();
    expect(friend.check({}).action).toBe('allow');
  });
});

it('goes over to the second of the keys it was given when the server begins to sign with it', async () => {
  const before = await serve();
  const { keys, publicKey } = await serve();
  const guard = await guardOf(before, { trustedKeys: [before.publicKey, publicKey] });
  const strict = await guardOf(before, { trustedKeys: [before.publicKey] });
  await Promise.all([guard.ready(), strict.ready()]);
  before.hold(holdOf(ANSWERS));
  await Promise.all([caughtUp(guard, before), caughtUp(strict, before)]);
  const { port } = new URL(before.url);
  await before.close();
  const after = await serve({ port: Number(port), keys });
  for (let epoch = 1; epoch < 4; epoch += 1) after.hold(holdOf({ kind: 'disable', feature: 'summary' }));
  await caughtUp(guard, after);
  expect(['answers', 'summary'].map((feature) => guard.check({ feature }).action)).toEqual(['allow', 'deny']);
  // Whoever knows only the old key keeps what it was told last, and says why.
  await until('refused', () => strict.stats().lastFault?.includes('signature'));
  expect(['answers', 'summary'].map((feature) => strict.check({ feature }).action)).toEqual(['deny', 'allow']);
});

describe('restart without Firebreak', () => {
  const run = async () => {
    const stateFile = join(await folder(), 'deep', 'state.json');
    const server = await serve();
    const first = await guardOf(server, { stateFile });
    await first.ready();
    server.hold(holdOf(ANSWERS));
    server.hold(...server.snapshot().holds, holdOf({ kind: 'disable', feature: 'summary' }));
    await caughtUp(first, server);
    await until('written', async () => (await readFile(stateFile, 'utf8').catch(() => '')).includes('summary'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.close();
    await server.close();
    return { stateFile, server };
  };

  it('still enforces the signed state of the last run', async () => {
    const { stateFile, server } = await run();
    const second = await guardOf(server, { stateFile, bootFailMode: 'allow' });
    expect(second.check({ feature: 'answers' }).action).toBe('deny');
    expect(second.check({ feature: 'summary' }).action).toBe('deny');
    expect(second.check({ feature: 'other' }).action).toBe('allow');
    expect((await readdir(join(stateFile, '..'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('takes a file that was tampered with for none', async () => {
    const { stateFile, server } = await run();
    await writeFile(stateFile, (await readFile(stateFile, 'utf8')).replaceAll('answers', 'nothing'));
    const second = await guardOf(server, { stateFile });
    expect(second.stats().lastFault).toMatch(/state file cannot be used/);
    expect(second.check({ feature: 'other' })).toMatchObject({ action: 'deny', epoch: 0 });
  });

  it('keeps the key it met first: another server with another key is not believed', async () => {
    const { stateFile, server } = await run();
    const impostor = await serve({ port: Number(new URL(server.url).port) });
    for (let epoch = 0; epoch < 5; epoch += 1) impostor.hold();
    const second = await guardOf(impostor, { stateFile });
    await until('refused', () => second.stats().lastFault?.includes('signature'));
    expect(second.check({ feature: 'answers' }).action).toBe('deny');
  });
});

it('tells listeners, and goes on when one of them throws', async () => {
  const server = await serve();
  const guard = await guardOf(server);
  await guard.ready();
  const seen: (Verdict | number)[] = [];
  guard.on('change', ({ epoch }) => {
    seen.push(epoch);
    throw new Error('the application is unwell');
  });
  guard.on('contained', (verdict) => seen.push(verdict));
  server.hold(holdOf(ANSWERS));
  await caughtUp(guard, server);
  guard.check({ feature: 'answers' });
  expect(seen).toMatchObject([2, { action: 'deny' }]);
  expect(guard.stats().faults).toBe(1);
});

it('counts against a limit once for each request it admits, and says when to come again', async () => {
  const server = await serve();
  const guard = await guardOf(server);
  await guard.ready();
  server.hold(holdOf({ kind: 'limit', requests: 2, seconds: 3_600, per: 'subject' }));
  await caughtUp(guard, server);
  for (let looked = 0; looked < 5; looked += 1) expect(guard.check({ subject: 'ann' }).action).toBe('limit');
  expect([1, 2, 3].map(() => guard.admit({ subject: 'ann' }).action)).toEqual(['limit', 'limit', 'deny']);
  expect(guard.admit({ subject: 'ann' }).retryAfterMs).toBeGreaterThan(1_700_000);
  expect(guard.admit({ subject: 'bob' }).action).toBe('limit');
  const fetched = await guard.fetch(async () => new Response('ok'), { asking: { subject: 'ann' } })('http://vendor/');
  expect([fetched.status, Number(fetched.headers.get('retry-after')) > 1_700]).toEqual([429, true]);
  expect(fetched.headers.get('x-should-retry')).toBe('false');
});

it('does not let pass by itself what waits for a person', async () => {
  const server = await serve();
  const guard = await guardOf(server);
  await guard.ready();
  server.hold(holdOf({ kind: 'review', tools: ['refund'] }));
  await caughtUp(guard, server);
  expect(() => guard.enforce({ tool: 'refund' })).toThrow(ContainedError);
  expect(guard.enforce({ tool: 'search' }).action).toBe('allow');
  let sent = 0;
  const vendor = async () => {
    sent += 1;
    return new Response('ok');
  };
  expect((await guard.fetch(vendor, { asking: { tool: 'refund' } })('http://vendor/')).status).toBe(403);
  expect(sent).toBe(0);
});

it('generates no more freely than ordered', async () => {
  const server = await serve();
  const guard = await guardOf(server);
  await guard.ready();
  server.hold(holdOf({ kind: 'settings', temperature: 0.1, maxTokens: 50 }));
  await caughtUp(guard, server);
  const bodies: unknown[] = [];
  const vendor = guard.fetch(async (_, init) => {
    bodies.push(JSON.parse(String(init?.body)));
    return new Response('ok');
  });
  await vendor('http://vendor/', {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [], temperature: 1 }),
  });
  expect(bodies).toEqual([{ model: 'm', messages: [], temperature: 0.1, max_tokens: 50 }]);
  // What cannot be rewritten is not sent as it is.
  expect((await vendor('http://vendor/', { method: 'POST', body: new Uint8Array([1]) })).status).toBe(403);
  expect(bodies).toHaveLength(1);
});

it('gives a cache of answers another namespace after every order, and never an earlier one again', async () => {
  const server = await serve();
  const guard = await guardOf(server);
  const seen = [guard.cacheNamespace()];
  await guard.ready();
  for (const holds of [[], [holdOf(ANSWERS)], []]) {
    server.hold(...holds);
    await caughtUp(guard, server);
    expect(guard.cacheNamespace()).toBe(guard.cacheNamespace());
    seen.push(guard.cacheNamespace());
  }
  expect(new Set(seen).size).toBe(4);
});
