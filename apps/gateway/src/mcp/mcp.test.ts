import type { Tool, ToolManifest } from '@firebreak/core/prepare/inventory';
import { createGuard, type Guard } from '@firebreak/guard';
import { Client as NewClient, StreamableHTTPClientTransport as NewTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newRequestVectors, spokenOf } from '../../../../conformance/containment.ts';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../../conformance/stand-in-control-plane.ts';
import { openStandInMcp, type StandInMcp } from '../../../../conformance/stand-in-mcp.ts';
import { createGateway, type Gateway, type Interaction } from '../index.ts';
import type { McpGuard } from './judge.ts';

type Era = '2025' | '2026';
let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;
const desks = {} as Record<Era, StandInMcp>;
let gateway: Gateway;
let records: Interaction[] = [];
/** What support-bot was granted; none: no bounds. */
let tools: Tool[] = [];
const heard = new Set<() => void>();

const tool = (name: string, manifest?: Partial<ToolManifest>): Tool => ({
  name,
  permissions: [],
  note: '',
  ...(manifest && { manifest: { effect: 'writes', reads: 'nothing', limits: [], ...manifest } }),
});
function grant(...granted: Tool[]): void {
  tools = granted;
  for (const tell of heard) tell();
}

beforeAll(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  desks['2025'] = await openStandInMcp('2025');
  desks['2026'] = await openStandInMcp('2026');
  const servers = Object.fromEntries(
    (['2025', '2026'] as const).map((era) => [
      `desk-${era}`,
      { url: desks[era].url, headers: { Authorization: 'Bearer upstream-secret' }, credential: 'desk-key' },
    ]),
  );
  gateway = await createGateway({
    port: 0,
    guard: guard as McpGuard,
    upstreams: {},
    record: (interaction) => records.push(interaction),
    mcp: {
      servers: { ...servers, soft: servers['desk-2025']! },
      permissions: {
        toolsOf: (system) => (system === 'support-bot' ? tools : undefined),
        onChange(tell) {
          heard.add(tell);
          return () => heard.delete(tell);
        },
      },
      reviewMs: 1_500,
      messageLimit: 100_000,
    },
  });
});
afterAll(async () => {
  await gateway.close();
  guard.close();
  await Promise.all([server.close(), desks['2025'].close(), desks['2026'].close()]);
});
beforeEach(async () => {
  grant();
  await order();
});
afterEach(() => {
  records = [];
  for (const desk of Object.values(desks)) {
    desk.ran.length = 0;
    desk.cancelled = 0;
  }
});

async function order(...holds: ReturnType<typeof holdOf>[]): Promise<void> {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}

interface AnyClient {
  callTool(call: {
    name: string;
    arguments?: Record<string, unknown>;
  }): Promise<{ isError?: boolean; content?: unknown }>;
  listTools(): Promise<{ tools: { name: string }[] }>;
  close(): Promise<void>;
}
const headers = { 'x-firebreak-system': 'support-bot', 'x-firebreak-agent': 'clerk' };
async function connect(era: Era, onListChanged?: () => void, over: Record<string, string> = {}): Promise<AnyClient> {
  const url = new URL(`${gateway.url}/mcp/desk-${era}`);
  const requestInit = { headers: { ...headers, ...over } };
  if (era === '2025') {
    const client = new OldClient({ name: 'agent', version: '1' });
    if (onListChanged)
      client.fallbackNotificationHandler = async ({ method }) => {
        if (method === 'notifications/tools/list_changed') onListChanged();
      };
    await client.connect(new OldTransport(url, { requestInit }) as never);
    return client as unknown as AnyClient;
  }
  const client = new NewClient(
    { name: 'agent', version: '1' },
    {
      versionNegotiation: { mode: 'auto' },
      ...(onListChanged && { listChanged: { tools: { onChanged: onListChanged, debounceMs: 0 } } }),
    },
  );
  await client.connect(new NewTransport(url, { requestInit }));
  return client as unknown as AnyClient;
}
const error = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (reason: unknown) => reason,
  ) as Promise<{ code: number; message: string; data: Record<string, unknown> }>;
const names = async (client: AnyClient) => (await client.listTools()).tools.map(({ name }) => name).sort();

describe.each(['2025', '2026'] as const)('the official client of the era of %s, through the proxy', (era) => {
  let client: AnyClient;
  beforeEach(async () => {
    client = await connect(era);
    desks[era].heard.length = 0;
  });
  afterEach(() => client.close());

  it('calls a tool; the server sees its own credential and nothing of ours, and the call is on record', async () => {
    expect(await client.callTool({ name: 'refund', arguments: { amount: 5 } })).toMatchObject({
      structuredContent: { id: 'rf_1', amount: 5 },
    });
    const [seen] = desks[era].heard;
    expect(seen).toMatchObject({ authorization: 'Bearer upstream-secret' });
    expect(Object.keys(seen!).filter((name) => name.startsWith('x-firebreak'))).toEqual([]);
    if (era === '2026') expect(seen).toMatchObject({ 'mcp-method': 'tools/call', 'mcp-name': 'refund' });
    await until('recorded', () => records.length === 1);
    expect(records[0]).toMatchObject({
      system: 'support-bot',
      agent: 'clerk',
      source: 'gateway',
      instance: guard.instance,
      provider: `mcp:desk-${era}`,
      toolCalls: [{ name: 'refund', arguments: '{"amount":5}', result: expect.stringContaining('rf_1') }],
      verdict: { action: 'allow' },
    });
  });

  it('has the tools that were offered to it on the record of its calls, whatever is left out for it', async () => {
    const client = await connect(era);
    grant(tool('find_order', {}), tool('refund', {}));
    await client.listTools();
    await client.callTool({ name: 'find_order' });
    await order(holdOf({ kind: 'revoke', tools: ['refund'] }));
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('refund');
    await client.callTool({ name: 'find_order' });
    await until('recorded', () => records.length === 2);
    const [one, two] = records.map(({ versions }) => versions.toolsDigest);
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(two).toBe(one);
    await client.close();
  });

  it('is kept from a revoked tool: nothing is executed, and the others go on', async () => {
    const hold = holdOf({ kind: 'revoke', agent: 'clerk', tools: ['refund'], message: 'Refunds go by hand today.' });
    await order(hold);
    const refusal = await error(client.callTool({ name: 'refund', arguments: { amount: 5 } }));
    expect(refusal).toMatchObject({
      code: -32040,
      message: expect.stringContaining('Refunds go by hand today.'),
      data: { rule: 'hold', hold: hold.hold, incident: hold.incident },
    });
    expect(await names(client)).toEqual(['find_order', 'slow', 'wipe']);
    await client.callTool({ name: 'find_order' });
    expect(desks[era].ran.map(({ tool: name }) => name)).toEqual(['find_order']);
    await until('recorded', () => records.length === 2);
    expect(records[0]).toMatchObject({ verdict: { action: 'deny', hold: hold.hold }, toolCalls: [{ name: 'refund' }] });
  });

  it('is not stopped by a hold on a feature that its calls do not serve', async () => {
    await order(holdOf({ kind: 'disable', feature: 'answers' }));
    expect(await error(client.callTool({ name: 'find_order' }))).toMatchObject({ data: { rule: 'hold' } });
    const other = await connect(era, undefined, { 'x-firebreak-feature': 'refunds' });
    expect(await error(other.callTool({ name: 'find_order' }))).toBeUndefined();
    await other.close();
  });

  it('is kept from everything by the credential that opens the server', async () => {
    await order(holdOf({ kind: 'revoke', credential: 'desk-key' }));
    await error(client.callTool({ name: 'find_order' }));
    expect(desks[era].ran).toEqual([]);
    await order(holdOf({ kind: 'revoke', credential: 'another-key' }));
    await client.callTool({ name: 'find_order' });
    expect(desks[era].ran).toHaveLength(1);
  });

  it('has a call ended whose tool is revoked while it runs, and the server hears of it', async () => {
    const running = error(client.callTool({ name: 'slow' }));
    await until('it runs', () => desks[era].ran.length === 1);
    await order(holdOf({ kind: 'revoke', tools: ['slow'] }));
    expect(await running).toMatchObject({ code: -32040 });
    await until('it is cancelled', () => desks[era].cancelled === 1);
    expect(guard.stats().inFlight).toBe(0);
    await until('recorded', () => records.length === 1);
    expect(records[0]).toMatchObject({ verdict: { action: 'deny' }, error: expect.stringContaining('while it ran') });
  });

  it('is told that its tools changed, by an order and by a permission', async () => {
    let told = 0;
    const listener = await connect(era, () => {
      told += 1;
    });
    await names(listener);
    await until('it listens', async () => {
      await order(holdOf({ kind: 'revoke', tools: ['wipe'] }, { hold: `hld_${Math.random().toString(36).slice(2)}` }));
      await order();
      return told > 0;
    });
    const before = told;
    grant(tool('find_order'));
    await until('told', () => told > before);
    expect(await names(listener)).toEqual(['find_order']);
    await listener.close();
  });

  it('may do what was granted and nothing else', async () => {
    grant(
      tool('refund', { limits: [{ argument: 'amount', most: 50, among: [] }], agents: ['clerk'] }),
      tool('wipe', { agents: ['admin'] }),
      tool('slow', { server: 'another' }),
    );
    expect(await names(client)).toEqual(['refund']);
    await client.callTool({ name: 'refund', arguments: { amount: 50 } });
    const rule = async (name: string, args: Record<string, unknown> = {}) =>
      (await error(client.callTool({ name, arguments: args })))?.data?.rule;
    expect(await rule('refund', { amount: 50.01 })).toBe('argument-beyond-limit');
    expect(await rule('wipe')).toBe('other-agent');
    expect(await rule('slow')).toBe('not-granted');
    expect(await rule('find_order')).toBe('not-granted');
    expect(desks[era].ran).toHaveLength(1);
    await until('recorded', () => records.length === 5);
    expect(records[1]).toMatchObject({
      verdict: { action: 'deny' },
      error: expect.stringMatching(/^not permitted \(argument-beyond-limit\)/),
    });
  });

  it('may call only so often', async () => {
    grant(tool('find_order', { rate: { calls: 2, seconds: 3_600 }, agents: [`clerk-${era}`] }));
    const other = await connect(era, undefined, { 'x-firebreak-agent': `clerk-${era}` });
    await other.callTool({ name: 'find_order' });
    await other.callTool({ name: 'find_order' });
    expect(await error(other.callTool({ name: 'find_order' }))).toMatchObject({
      data: { rule: 'rate', retryAfterMs: expect.any(Number) },
    });
    expect(desks[era].ran).toHaveLength(2);
    await other.close();
  });

  it('waits for a person where one has to agree; whatever is no yes is a no', async () => {
    grant(tool('refund', { approval: true }));
    const ask = async (decision: object | undefined) => {
      const asked = server.heard.filter(({ type }) => type === 'review').length;
      const call = error(client.callTool({ name: 'refund', arguments: { amount: 900 } }));
      await until('asked', () => server.heard.filter(({ type }) => type === 'review').length > asked);
      if (decision !== undefined) server.decisions.set(`rvw_${asked + 1}`, decision);
      return call;
    };
    expect(await ask({ state: 'declined', reason: 'No.' })).toMatchObject({ data: { rule: 'approval' } });
    expect(await ask({ state: 'edited', text: 'x' })).toMatchObject({ data: { rule: 'approval' } });
    expect(await ask(undefined)).toMatchObject({ message: expect.stringContaining('nobody decided') });
    expect(desks[era].ran).toEqual([]);
    expect(await ask({ state: 'approved' })).toBeUndefined();
    expect(desks[era].ran).toHaveLength(1);
    expect(server.heard.findLast(({ type }) => type === 'review')).toMatchObject({
      system: 'support-bot',
      tool: 'refund',
      arguments: { amount: 900 },
      question: expect.stringContaining('clerk'),
    });
  }, 30_000);

  it('is refused where the permission went away while a person was asked', async () => {
    grant(tool('refund', { approval: true }));
    const asked = server.heard.filter(({ type }) => type === 'review').length;
    const call = error(client.callTool({ name: 'refund', arguments: { amount: 900 } }));
    await until('asked', () => server.heard.filter(({ type }) => type === 'review').length > asked);
    grant(tool('find_order'));
    server.decisions.set(`rvw_${asked + 1}`, { state: 'approved' });
    expect(await call).toMatchObject({ data: { rule: 'not-granted' } });
    expect(desks[era].ran).toEqual([]);
  });
});

describe('a raw request', () => {
  const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const post = async (body: unknown, over: Record<string, string> = {}, path = 'desk-2026') => {
    const response = await fetch(`${gateway.url}/mcp/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
        ...over,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const call = (name: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {}, _meta: META },
  });
  const said = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'find_order' };
  it.each([
    ['another tool in the header', call('wipe'), said, -32020],
    [
      'another tool in the header, in base64',
      call('wipe'),
      { ...said, 'mcp-name': '=?base64?ZmluZF9vcmRlcg==?=' },
      -32020,
    ],
    ['another method in the header', call('wipe'), { ...said, 'mcp-method': 'tools/list', 'mcp-name': 'wipe' }, -32020],
    ['another revision in the header', call('find_order'), { ...said, 'mcp-protocol-version': '2025-11-25' }, -32020],
    ['a missing method header', call('find_order'), { 'mcp-protocol-version': '2026-07-28' }, -32020],
    ['a missing name header', call('find_order'), { ...said, 'mcp-name': '' }, -32020],
    [
      'a header that lies in the older era',
      { ...call('wipe'), params: { name: 'wipe' } },
      { 'mcp-name': 'find_order' },
      -32020,
    ],
    ['a batch', [call('wipe')], said, -32600],
    [
      'a tool named twice',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_order","name":"wipe"}}',
      {},
      -32600,
    ],
    [
      'a method named twice, once escaped',
      '{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"tools/call","params":{"name":"wipe"}}',
      {},
      -32600,
    ],
    [
      'an argument named twice',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","arguments":{"amount":1,"amount":900}}}',
      {},
      -32600,
    ],
    ['a method in capitals', '{"jsonrpc":"2.0","id":1,"Method":"tools/call","params":{"name":"wipe"}}', {}, -32600],
    [
      'a name in capitals',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_order","Name":"wipe"}}',
      {},
      -32600,
    ],
    ['no JSON', '{"jsonrpc"', {}, -32700],
    ['a call without an id', { jsonrpc: '2.0', method: 'tools/call', params: { name: 'wipe' } }, {}, -32600],
  ])('with %s is not passed on', async (_, body, over, code) => {
    grant(tool('find_order'), tool('wipe'), tool('refund'));
    const answer = await post(body, over);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.code).toBe(code);
    expect(desks['2026'].ran).toEqual([]);
    expect(desks['2026'].heard).toHaveLength(0);
  });

  it('is bounded, named and of this machine', async () => {
    expect((await post('x'.repeat(200_000))).status).toBe(413);
    expect((await post(call('wipe'), {}, 'nobody')).status).toBe(404);
    expect((await post(call('wipe'), { 'x-firebreak-system': '' })).text).toContain('gateway.system-missing');
    expect((await post(call('wipe'), { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(call('wipe'), { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await fetch(`${gateway.url}/mcp/desk-2026`, { method: 'PUT' })).status).toBe(405);
    expect(desks['2026'].ran).toEqual([]);
  });

  it('for a system whose permissions are not known is refused', async () => {
    const answer = await post(call('wipe'), { ...said, 'mcp-name': 'wipe', 'x-firebreak-system': 'nobody-registered' });
    expect(JSON.parse(answer.text).error.data.rule).toBe('unknown');
    expect(desks['2026'].ran).toEqual([]);
  });

  beforeEach(() => {
    desks['2026'].heard.length = 0;
  });
});

describe('conformance by the proxy', () => {
  const vectors = newRequestVectors.filter(
    ({ request, expect: wanted }) =>
      request.tool !== undefined && (wanted.action === 'deny' || wanted.action === 'allow'),
  );
  it('knows vectors about tools', () => expect(vectors.length).toBeGreaterThan(4));
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const { request } = vector;
    await order(...vector.holds);
    const asked: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'x-firebreak-system': request.system,
    };
    // What the server’s name fixes is not the caller’s to say; these vectors come by a server without a credential.
    for (const name of ['feature', 'country', 'agent', 'credential'] as const)
      if (request[name] !== undefined) asked[`x-firebreak-${name}`] = String(request[name]);
    if (request.subject !== undefined) asked['x-firebreak-user'] = request.subject;
    const open = await openVectorGateway();
    try {
      const response = await fetch(`${open.url}/mcp/desk`, {
        method: 'POST',
        headers: asked,
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: request.tool, arguments: {} },
        }),
      });
      const text = await response.text();
      const denied = text.includes('/problems/mcp.denied');
      expect(denied ? 'deny' : 'allow').toBe(vector.expect.action);
      if (denied) {
        const { data, message } = JSON.parse(text).error;
        const verdict = { action: 'deny', message, ...data };
        expect(spokenOf(vector, verdict)).toEqual(spokenOf(vector, vector.expect));
      }
    } finally {
      await open.close();
    }
  });

  const openVectorGateway = () =>
    createGateway({
      port: 0,
      guard: guard as McpGuard,
      upstreams: {},
      mcp: { servers: { desk: { url: desks['2026'].url } } },
    });
});
