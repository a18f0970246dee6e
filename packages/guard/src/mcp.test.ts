import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf, until } from '../../../conformance/stand-in-control-plane.ts';
import { guardClient } from './mcp.ts';

let open: Guarded;
let ran: string[];
let cancelled: number;
let client: Client;

beforeEach(async () => {
  ran = [];
  cancelled = 0;
  open = await openGuarded();
  const server = new McpServer({ name: 'desk', version: '1' });
  server.registerTool('refund', { description: 'pays back' }, async () => {
    ran.push('refund');
    return { content: [{ type: 'text', text: 'done' }] };
  });
  server.registerTool('slow', { description: 'takes its time' }, async ({ signal }) => {
    ran.push('slow');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    cancelled += 1;
    return { content: [] };
  });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  client = new Client({ name: 'agent', version: '1' });
  await Promise.all([server.connect(theirs), client.connect(mine)]);
});
afterEach(async () => {
  await client.close();
  await open.close();
});

it('keeps an agent from a tool that was revoked: nothing is executed', async () => {
  const guarded = guardClient(open.guard, client, { agent: 'clerk' });
  expect(await guarded.callTool({ name: 'refund' })).toMatchObject({ content: [{ text: 'done' }] });
  const hold = holdOf({ kind: 'revoke', agent: 'clerk', tools: ['refund'], message: 'Refunds go by hand today.' });
  await open.order(hold);
  expect(await guarded.callTool({ name: 'refund' })).toMatchObject({
    isError: true,
    content: [{ text: 'Refunds go by hand today.' }],
    _meta: { 'firebreak/hold': hold.hold },
  });
  await expect(
    guardClient(open.guard, client, { agent: 'clerk', onStop: 'throw' }).callTool({ name: 'refund' }),
  ).rejects.toMatchObject({ name: 'ContainedError' });
  expect(ran).toEqual(['refund']);
  expect((await guarded.listTools()).tools).toHaveLength(2);
});

it('ends a call whose tool is revoked while it runs, and tells its server', async () => {
  const guarded = guardClient(open.guard, client);
  const running = guarded.callTool({ name: 'slow' });
  await until('it runs', () => ran.length === 1);
  await open.order(holdOf({ kind: 'revoke', tools: ['slow'] }));
  expect(await running).toMatchObject({ isError: true });
  await until('cancelled', () => cancelled === 1);
  expect(open.guard.stats().inFlight).toBe(0);
});

it('waits for a person where one has to approve', async () => {
  await open.order(holdOf({ kind: 'review', tools: ['refund'] }));
  expect(await guardClient(open.guard, client).callTool({ name: 'refund' })).toMatchObject({ isError: true });
  const waiting = guardClient(open.guard, client, { waitForReview: true });
  open.server.decisions.set('rvw_1', { state: 'declined' });
  expect(await waiting.callTool({ name: 'refund', arguments: { euros: 900 } })).toMatchObject({ isError: true });
  expect(ran).toEqual([]);
  open.server.decisions.set('rvw_2', { state: 'approved' });
  expect(await waiting.callTool({ name: 'refund' })).toMatchObject({ content: [{ text: 'done' }] });
  expect(open.server.heard.find(({ type }) => type === 'review')).toMatchObject({
    tool: 'refund',
    arguments: { euros: 900 },
  });
});

it('wraps nothing that is no client', () => {
  expect(() => guardClient(open.guard, {})).toThrow(/callTool/);
});
