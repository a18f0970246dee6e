import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewStdio } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { openWorld, type World } from './index.ts';
import { home } from './template.ts';

let world: World;
let folder: string;
let key: string;

beforeAll(async () => {
  world = await openWorld({ listen: true });
  folder = await mkdtemp(join(tmpdir(), 'firebreak-mcp-'));
  await writeFile(join(folder, 'secret'), 'upstream-secret\n');
  await world.ana.client.call(inventory.register, { body: { key: 'clerk-bot', name: 'Clerk', type: 'agent' } });
  const tools = [
    { name: 'refund', manifest: { effect: 'pays', limits: [{ argument: 'amount', most: 50 }] } },
    { name: 'find_order', manifest: {} },
  ];
  for (const body of tools)
    await world.ana.client.call(systemParts.grantTool, { params: { system: 'clerk-bot' }, body: body as never });
  key = (await world.program('guard', 'telemetry:write')).key;
});
afterAll(() => world.close());

interface AnyClient {
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  listTools(): Promise<{ tools: { name: string }[] }>;
  close(): Promise<void>;
}

async function open(era: '2025' | '2026', url = world.url): Promise<AnyClient & { ran(): Promise<string[]> }> {
  const done = join(folder, `done-${era}`);
  await writeFile(done, '', { flag: 'a' });
  const tsx = ['--import', 'tsx'];
  const command = {
    command: process.execPath,
    args: [
      ...tsx,
      join(home, 'apps/cli/src/main.ts'),
      'mcp-proxy',
      ...['--system', 'clerk-bot', '--name', 'desk', '--agent', `clerk-${era}`],
      ...['--secret', `DESK_SECRET=${join(folder, 'secret')}`, '--state', join(folder, `state-${era}`)],
      '--',
      process.execPath,
      ...tsx,
      join(home, 'conformance/stand-in-mcp-stdio.ts'),
      era,
      done,
    ],
    cwd: home,
    env: { PATH: process.env.PATH ?? '', FIREBREAK_URL: url, FIREBREAK_KEY: key },
  };
  let client: AnyClient;
  if (era === '2025') {
    const old = new OldClient({ name: 'agent', version: '1' });
    await old.connect(new OldStdio(command) as never);
    client = old as unknown as AnyClient;
  } else {
    const fresh = new NewClient({ name: 'agent', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await fresh.connect(new NewStdio(command));
    client = fresh as unknown as AnyClient;
  }
  const ran = async () => (await readFile(done, 'utf8')).trim().split('\n').filter(Boolean);
  return Object.assign(client, { ran });
}
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'it was made',
    (error: { data?: { rule?: string } }) => error.data?.rule ?? String(error),
  );

describe.each(['2025', '2026'] as const)('firebreak mcp-proxy before a server of the era of %s', (era) => {
  it('enforces permissions and revocation of a real server, records, and goes on without it', async () => {
    const client = await open(era);
    expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual(['find_order', 'refund']);
    await client.callTool({ name: 'refund', arguments: { amount: 20 } });
    expect(await refused(client.callTool({ name: 'refund', arguments: { amount: 900 } }))).toBe(
      'argument-beyond-limit',
    );
    expect(await refused(client.callTool({ name: 'wipe' }))).toBe('not-granted');
    expect(await client.ran()).toEqual(['refund upstream-secret']);

    const incident = (
      await world.ana.client.call(incidents.declare, { body: { title: `hijacked ${era}`, systems: ['clerk-bot'] } })
    ).incident.id;
    const what = { kind: 'revoke', agent: `clerk-${era}`, tools: ['refund'] } as const;
    const { hold } = await world.ana.client.call(containment.order, {
      params: { incident },
      body: { system: 'clerk-bot', what, reason: 'it was hijacked' },
    });
    await until(
      'the proxy obeys',
      async () =>
        (await world.ana.client.call(containment.showHold, { params: { hold } })).confirmation === 'confirmed',
    );
    expect(await refused(client.callTool({ name: 'refund', arguments: { amount: 1 } }))).toBe('hold');
    await client.callTool({ name: 'find_order' });
    expect((await client.ran()).map((line) => line.split(' ')[0])).toEqual(['refund', 'find_order']);
    await until('everything is on record', async () => {
      const { items } = await world.ana.client.call(signals.listInteractions, { query: { system: 'clerk-bot' } });
      return items.some((each) => each.verdict?.hold === hold);
    });
    await client.close();

    // Started anew where no server can be reached: what was held is held, what was granted is granted.
    const alone = await open(era, 'http://127.0.0.1:9');
    expect(await refused(alone.callTool({ name: 'refund', arguments: { amount: 1 } }))).toBe('hold');
    expect(await refused(alone.callTool({ name: 'wipe' }))).toBe('not-granted');
    await alone.callTool({ name: 'find_order' });
    expect((await alone.ran()).map((line) => line.split(' ')[0])).toEqual(['refund', 'find_order', 'find_order']);
    await alone.close();
  }, 180_000);
});
