import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { gateways } from '@firebreak/contract/respond/gateways';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInMcp } from '../../../conformance/stand-in-mcp.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { openWorld, type ServerProcess, startServer, type World } from './index.ts';
import { home } from './template.ts';

interface Process {
  readonly url: string;
  readonly child: ChildProcess;
  printed(): string;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** A gateway as people run it: its own process, from the build. */
async function startGateway(args: readonly string[], env: Record<string, string>): Promise<Process> {
  const entry = join(home, 'dist/app/gateway.js');
  if (!existsSync(entry)) throw new Error('build the gateway first: npm run build');
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const exited = once(child, 'exit');
  await until(
    `the gateway listens\n${printed}`,
    () => /listens on (\S+):/.test(printed) || child.exitCode !== null,
    30_000,
  );
  const url = /listens on (http:\/\/[\d.]+:\d+)/.exec(printed)?.[1];
  if (url === undefined) throw new Error(printed);
  return {
    url,
    child,
    printed: () => printed,
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

let vendor: StandInVendor;
let folder: string;
let world: World;
beforeAll(async () => {
  vendor = await openStandInVendor();
  folder = await mkdtemp(join(tmpdir(), 'firebreak-gateway-'));
  world = await openWorld({ listen: true });
  await world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Bot', type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
});
afterAll(async () => {
  await world.close();
  await vendor.close();
  await rm(folder, { recursive: true, force: true });
});

const askThrough = (url: string, apiKey: string) =>
  new OpenAI({
    apiKey,
    maxRetries: 0,
    baseURL: `${url}/openai/v1`,
    defaultHeaders: { 'x-firebreak-system': 'support-bot', 'x-firebreak-feature': 'answers' },
  }).chat.completions
    .create({ model: 'm1', messages: [{ role: 'user', content: 'How many devices?' }] })
    .then(
      (answer) => answer.choices[0]?.message.content ?? '',
      (error: InstanceType<typeof OpenAI.APIError>) => `${error.status} ${error.code}`,
    );

async function configFile(name: string, change: object = {}): Promise<string> {
  const file = join(folder, name);
  const setup = {
    listen: { port: 0 },
    upstreams: { openai: { url: vendor.url, credential: { name: 'openai-prod', secret: { env: 'OPENAI_API_KEY' } } } },
    ...change,
  };
  await writeFile(file, JSON.stringify(setup));
  return file;
}

describe('a gateway of its own', () => {
  it('obeys, shows how it is, takes the keys of Firebreak, and lets a revoked one nowhere', async () => {
    const { key } = await world.program('guard', 'telemetry:write');
    const mine = await world.ana.client.call(people.createKey, { body: { name: 'bot-prod', scopes: ['gateway'] } });
    const file = await configFile('one.json');
    const gateway = await startGateway(
      ['--config', file, '--url', world.url, '--key', key, '--state', join(folder, 'one')],
      { OPENAI_API_KEY: 'sk-held' },
    );
    try {
      expect(await askThrough(gateway.url, mine.secret)).toBe('Hello from vendor');
      expect(vendor.asked.at(-1)?.headers.authorization).toBe('Bearer sk-held');
      expect(await askThrough(gateway.url, 'fbk_unknown')).toBe('401 gateway.key-refused');

      const shown = async () => (await world.ana.client.call(gateways.list, {})).gateways[0];
      await until('it is shown', async () => (await shown()) !== undefined);
      const said = (await shown())!;
      expect(said).toMatchObject({
        live: true,
        fault: null,
        routes: [{ name: 'openai', clients: 'known' }],
        upstreams: [{ name: 'openai', state: 'well', credential: 'openai-prod' }],
      });
      expect(JSON.stringify(said)).not.toMatch(/sk-held|fbk_/);
      const roster = await world.ana.client.call(containment.roster, { query: { system: 'support-bot' } });
      expect(roster.instances.find(({ instance }) => instance === said.instance)).toMatchObject({ kind: 'gateway' });

      const asked = vendor.asked.length;
      await world.ana.client.call(people.revokeKey, {
        params: { key: mine.key.id as never },
        body: { reason: 'it leaked' },
      });
      await until(
        'it is refused',
        async () => (await askThrough(gateway.url, mine.secret)) === '401 gateway.key-refused',
      );
      expect(vendor.asked.length).toBeLessThanOrEqual(asked + 1);
    } finally {
      await gateway.end('SIGTERM');
    }
    // It said that it leaves: nobody has to wonder where it is.
    expect((await world.ana.client.call(gateways.list, {})).gateways).toEqual([]);
  });

  it('serves MCP servers of its file by what it holds, and stops a revoked tool', async () => {
    const crm = await openStandInMcp('2025');
    const { key } = await world.program('guard', 'telemetry:write');
    const server = { url: crm.url, system: 'support-bot', agent: 'clerk' };
    const credential = { name: 'crm-prod', secret: { env: 'CRM_TOKEN' } };
    const file = await configFile('mcp.json', { upstreams: {}, mcp: { servers: { crm: { ...server, credential } } } });
    const args = ['--config', file, '--url', world.url, '--key', key, '--state', join(folder, 'mcp')];
    const gateway = await startGateway(args, { CRM_TOKEN: 'crm-held' });
    const client = new Client({ name: 'clerk', version: '1' });
    try {
      await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp/crm`)) as Transport);
      const wipe = () => client.callTool({ name: 'wipe', arguments: {} });
      await wipe();
      expect(crm.heard.at(-1)?.authorization).toBe('Bearer crm-held');
      const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'It wipes' } });
      await world.ana.client.call(containment.order, {
        params: { incident: incident.id },
        body: {
          system: 'support-bot',
          what: { kind: 'revoke', agent: 'clerk', tools: ['wipe'] },
          reason: 'It must stop',
        },
      });
      await until('it is refused', () =>
        wipe().then(
          () => false,
          (error: { code?: number }) => error.code === -32_040,
        ),
      );
      expect(await client.callTool({ name: 'find_order', arguments: {} })).toMatchObject({ content: [{}] });
    } finally {
      await client.close();
      await gateway.end('SIGTERM');
      await crm.close();
    }
  });

  it('works by its file as it changes, and refuses a faulty one whole', async () => {
    const { key } = await world.program('guard', 'telemetry:write');
    const open = { upstreams: { openai: { url: vendor.url } } };
    const file = await configFile('two.json', open);
    const args = ['--config', file, '--url', world.url, '--key', key, '--state', join(folder, 'two')];
    const gateway = await startGateway(args, {});
    try {
      await until('it answers', async () => (await askThrough(gateway.url, 'sk')) === 'Hello from vendor');
      await configFile('two.json', { ...open, limits: { bodyBytes: 10 } });
      await until(
        'it works by the new one',
        async () => (await askThrough(gateway.url, 'sk')) === '413 gateway.too-large',
      );
      await writeFile(
        file,
        '{"upstreams": {"openai": {"url": "nowhere", "credential": {"name": "x", "secret": "sk-1"}}}}',
      );
      await until('it says what is wrong', () => gateway.printed().includes('Nothing has changed'));
      expect(gateway.printed()).toContain('/upstreams/openai/url');
      expect(gateway.printed()).toContain('never the secret itself');
      expect(await askThrough(gateway.url, 'sk')).toBe('413 gateway.too-large');
      await until('and so do the screens', async () =>
        (await world.ana.client.call(gateways.list, {})).gateways.some(({ fault }) =>
          fault?.includes('/upstreams/openai'),
        ),
      );
      await configFile('two.json', open);
      gateway.child.kill('SIGHUP');
      await until('it is mended', async () => (await askThrough(gateway.url, 'sk')) === 'Hello from vendor');
    } finally {
      await gateway.end('SIGTERM');
    }
  });

  it('does not start by a file that cannot be used', async () => {
    const file = await configFile('three.json');
    await expect(startGateway(['--config', file, '--key', 'fbk_x'], {})).rejects.toThrow('OPENAI_API_KEY is not set');
  });
});

describe('without the server', () => {
  let server: ServerProcess;
  afterAll(() => server?.kill());

  it('a gateway that is killed and started again refuses what was stopped, and takes the keys it knew', async () => {
    const data = join(folder, 'data');
    server = await startServer({ FIREBREAK_DATA: data });
    const local = (await readFile(join(data, 'keys/local.key'), 'utf8')).trim();
    const call = async (path: string, body: object) => {
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${local}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    };
    await call('/systems', {
      key: 'support-bot',
      name: 'Bot',
      type: 'generative',
      features: [
        { key: 'answers', name: 'Answers' },
        { key: 'other', name: 'Other' },
      ],
    });
    const { secret: key } = await call('/keys', { name: 'gateway', scopes: ['guard', 'telemetry:write'] });
    const { secret: mine } = await call('/keys', { name: 'bot-prod', scopes: ['gateway'] });
    const file = await configFile('four.json');
    const args = ['--config', file, '--url', server.url, '--key', key, '--state', join(folder, 'four')];
    const env = { OPENAI_API_KEY: 'sk-held' };
    const gateway = await startGateway(args, env);
    await until('it answers', async () => (await askThrough(gateway.url, mine)) === 'Hello from vendor');
    const { incident } = await call('/incidents', { title: 'it invents' });
    await call(`/incidents/${incident.id}/holds`, {
      system: 'support-bot',
      what: { kind: 'disable', feature: 'answers' },
      reason: 'it invents',
    });
    await until('it is refused', async () => (await askThrough(gateway.url, mine)) === '403 containment.denied');
    await until('the state is kept', async () =>
      (await readFile(join(folder, 'four/state.json'), 'utf8')).includes('disable'),
    );

    await server.kill();
    await gateway.end('SIGKILL');
    const again = await startGateway(args, env);
    try {
      expect(await askThrough(again.url, mine)).toBe('403 containment.denied');
      expect(await askThrough(again.url, 'fbk_other')).toBe('401 gateway.key-refused');
      const other = await fetch(`${again.url}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${mine}`,
          'content-type': 'application/json',
          'x-firebreak-system': 'support-bot',
          'x-firebreak-feature': 'other',
        },
        body: '{"model":"m"}',
      });
      expect(other.status).toBe(200);
    } finally {
      await again.end('SIGTERM');
    }
  }, 180_000);
});
