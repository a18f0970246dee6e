import { connect, createServer, type Server, type Socket } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { ofrep } from '@firebreak/contract/respond/ofrep';
import { createGuard } from '@firebreak/guard';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { OFREPWebProvider, type OFREPWebProviderOptions } from '@openfeature/ofrep-web-provider';
import { type Client, OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** The provider that pages load, with what a browser gives it: events without headers, and a memory that outlives the page. */
const FLAG = 'contain.web-bot.answers.allowed';
let world: World;
let program: Awaited<ReturnType<World['program']>>;
let ben: Someone;
let way: Way;
let number = 0;
const kept = new Map<string, string>();

/** Between the page and the server: it can be cut. */
class Way {
  private readonly sockets = new Set<Socket>();
  private listener: Server | undefined;
  down = false;
  url = '';

  async open(to: URL): Promise<void> {
    const listener = createServer((near) => {
      if (this.down) return void near.destroy();
      const far = connect(Number(to.port), to.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    this.listener = listener;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(listener.address() as { port: number }).port}`;
  }

  cut(): void {
    this.down = true;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.listener?.close();
  }
}

beforeAll(async () => {
  vi.stubGlobal('EventSource', EventSource);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  world = await openWorld({ listen: true });
  program = await world.program('flags');
  ben = await world.person('Ben', ['lead']);
  const features = [{ key: 'answers', name: 'Answers' }];
  await world.ana.client.call(inventory.register, {
    body: { key: 'web-bot', name: 'Bot', type: 'generative', features },
  });
  way = new Way();
  await way.open(new URL(world.url));
});
afterAll(async () => {
  way.close();
  await world.close();
  vi.unstubAllGlobals();
});
beforeEach(() => {
  way.down = false;
  kept.clear();
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  const { holds } = await world.ana.client.call(containment.listHolds, { query: { system: 'web-bot' } });
  for (const { hold, incident } of holds)
    await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'over' } });
});

async function order() {
  const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } });
  const what = { kind: 'disable', feature: 'answers' } as const;
  const body = { system: 'web-bot', what, reason: 'it invents' };
  return world.ana.client.call(containment.order, { params: { incident: incident.id }, body });
}

/** A page that has loaded: what it is told, and what its provider says of itself. */
async function page(options: Partial<OFREPWebProviderOptions> = {}, domain = `page-${++number}`) {
  const heard: string[] = [];
  const client: Client = OpenFeature.getClient(domain);
  for (const event of [ProviderEvents.ConfigurationChanged, ProviderEvents.Stale, ProviderEvents.Error] as const)
    client.addHandler(event, () => void heard.push(event));
  const provider = new OFREPWebProvider({
    baseUrl: way.url,
    headers: [['authorization', `Bearer ${program.key}`]],
    timeoutMs: 5_000,
    ...options,
  });
  await OpenFeature.setContext(domain, { targetingKey: 'u1', system: 'web-bot' });
  // Its types do not know `exactOptionalPropertyTypes`.
  await OpenFeature.setProviderAndWait(domain, provider as unknown as Provider);
  return { client, heard, allowed: () => client.getBooleanValue(FLAG, true) };
}
const until = (so: () => void) => vi.waitFor(so, { timeout: 20_000, interval: 20 });

describe('the OpenFeature web provider', () => {
  it('hears of an order over events that carry no header, and of its end', async () => {
    const shown = await page();
    expect(shown.allowed()).toBe(true);
    const { hold, incident } = await order();
    await until(() => expect(shown.allowed()).toBe(false));
    expect(shown.client.getBooleanDetails(FLAG, true)).toMatchObject({
      variant: 'contained',
      flagMetadata: { hold, incident },
    });
    await until(() => expect(shown.heard).toContain(ProviderEvents.ConfigurationChanged));
    expect(shown.heard).not.toContain(ProviderEvents.Error);
    await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'over' } });
    await until(() => expect(shown.allowed()).toBe(true));
  });

  it('says that it is stale while it hears nothing, and catches up with what it missed when it does again', async () => {
    const shown = await page();
    way.cut();
    await until(() => expect(shown.heard).toContain(ProviderEvents.Stale));
    await order();
    expect(shown.allowed()).toBe(true);
    way.down = false;
    await until(() => expect(shown.allowed()).toBe(false));
  });

  it('catches up by asking again, where it only asks', async () => {
    const shown = await page({ changeDetection: 'polling', pollInterval: 100 });
    way.cut();
    await until(() => expect(shown.heard).toContain(ProviderEvents.Stale));
    await order();
    expect(shown.allowed()).toBe(true);
    way.down = false;
    await until(() => expect(shown.allowed()).toBe(false));
  });

  it('is no brake: loaded again without a way to the server it goes on by what it kept, and the application refuses', async () => {
    expect((await page({}, 'shop')).allowed()).toBe(true);
    const key = (await world.program('guard')).key;
    const guard = await createGuard({ url: world.url, key, system: 'web-bot', bootFailMode: 'deny' });
    try {
      await guard.ready();
      await OpenFeature.clearProviders();
      way.cut();
      await order();
      await until(() => expect(guard.check({ feature: 'answers' }).action).toBe('deny'));
      const again = await page({}, 'shop');
      expect(again.client.getBooleanDetails(FLAG, false)).toMatchObject({ value: true, reason: 'CACHED' });
      way.down = false;
    } finally {
      guard.close();
    }
  });

  it('does not begin with a key that is refused', async () => {
    const begun = page({ headers: [['authorization', 'Bearer fbk_wrong']] });
    await expect(begun).rejects.toThrow();
  });
});

describe('the address that events come from', () => {
  const events = async (uri: string) => {
    const controller = new AbortController();
    const { status } = await fetch(`${world.url}${uri}`, { signal: controller.signal });
    controller.abort();
    return status;
  };
  const addressFor = async (key: string): Promise<string> => {
    const answer = await world.send('POST', ofrep.evaluateAll.path, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{}',
    });
    return (await answer.json()).eventStreams[0].endpoint.requestUri;
  };

  it('is the same each time, is good while its key is, and for no other', async () => {
    const { key } = await world.program('flags');
    const uri = await addressFor(key);
    expect(await addressFor(key)).toBe(uri);
    expect(await events(uri)).toBe(200);
    expect(await events(ofrep.eventsPath)).toBe(401);
    const other = await addressFor(program.key);
    const id = /ticket=([^.]+)\./.exec(uri)![1]!;
    expect(await events(other.replace(/ticket=[^.]+/, `ticket=${id}`))).toBe(401);
    expect(await events(`${ofrep.eventsPath}?ticket=${id}.`)).toBe(401);
    await world.ana.client.call(people.revokeKey, { params: { key: id as `key_${string}` }, body: { reason: 'over' } });
    expect(await events(uri)).toBe(401);
  });
});
