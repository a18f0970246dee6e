import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const PAY = {
  name: 'pay',
  permissions: ['refund up to 50 EUR'],
  note: 'of the shop',
  manifest: {
    effect: 'pays',
    reads: 'nothing',
    limits: [{ argument: 'amount', most: 50, among: [] }],
    server: 'crm',
    agents: ['clerk'],
    rate: { calls: 10, seconds: 60 },
    approval: true,
    undo: { tool: 'cancel', arguments: {}, instruction: '' },
  },
};
const BARE = { name: 'look', permissions: [], note: '' };

let server: Server;
const heard: { readonly method: string | undefined; readonly path: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = text === '' ? null : JSON.parse(text);
    heard.push({ method: request.method, path: request.url!, body });
    const tools = body?.manifest ? [body] : [PAY, BARE];
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ system: { key: 'bot', name: 'Bot', tools } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function firebreak(...args: string[]) {
  const said = { out: '', err: '' };
  const into = (stream: 'out' | 'err') => ({
    isTTY: true,
    write: (text: string) => {
      said[stream] += text;
    },
  });
  const env = {
    FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    FIREBREAK_KEY: 'fbk_x',
  };
  const code = await run(['node', 'firebreak', 'tools', ...args], { out: into('out'), err: into('err'), env });
  return { code, ...said };
}
const sent = () => heard.filter(({ method }) => method !== 'GET').at(-1);

it('lists and shows what calls are held against', async () => {
  expect((await firebreak('list', 'bot')).out).toMatch(
    /pay +refund up to 50 EUR +pays +crm +clerk +10 in 60 s +amount 50 +cancel +yes/,
  );
  expect(JSON.parse((await firebreak('show', 'bot', 'pay')).out)).toEqual(PAY);
  expect(await firebreak('show', 'bot', 'none')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no tool none'),
  });
});

it('changes what is said, and leaves everything else as it was', async () => {
  await firebreak('set', 'bot', 'pay', '--rate', '5/3600', '--server', 'shop');
  expect(sent()).toMatchObject({ path: '/api/v1/systems/bot/tools' });
  expect(sent()!.body).toEqual({
    ...PAY,
    manifest: { ...PAY.manifest, rate: { calls: 5, seconds: 3_600 }, server: 'shop' },
  });
  await firebreak('set', 'bot', 'pay', '--any-rate', '--any-server', '--any-agent', '--no-approval');
  const { rate: _r, server: _s, agents: _a, ...rest } = PAY.manifest;
  expect(sent()!.body).toEqual({ ...PAY, manifest: { ...rest, approval: false } });
  await firebreak('set', 'bot', 'pay', '--permission', 'refund up to 20 EUR');
  expect(sent()!.body).toEqual({ ...PAY, permissions: ['refund up to 20 EUR'] });
});

it('grants a tool that nobody knew, and gives one its first manifest', async () => {
  await firebreak('set', 'bot', 'new', '--permission', 'look');
  expect(sent()!.body).toEqual({ name: 'new', permissions: ['look'], note: '' });
  await firebreak('set', 'bot', 'look', '--effect', 'reads', '--agent', 'clerk', 'helper');
  expect(sent()!.body).toEqual({
    ...BARE,
    manifest: { effect: 'reads', reads: 'nothing', limits: [], agents: ['clerk', 'helper'] },
  });
});

it('says what arguments may be, instead of what was said before', async () => {
  await firebreak(
    ...['set', 'bot', 'pay', '--limit', 'amount 1..50', 'currency EUR, USD', 'order /^ORD-/', 'note 200 characters'],
  );
  expect(sent()!.body).toEqual({
    ...PAY,
    manifest: {
      ...PAY.manifest,
      limits: [
        { argument: 'amount', least: 1, most: 50, among: [] },
        { argument: 'currency', most: null, among: ['EUR', 'USD'] },
        { argument: 'order', most: null, among: [], pattern: '^ORD-' },
        { argument: 'note', most: null, among: [], longest: 200 },
      ],
    },
  });
  await firebreak('set', 'bot', 'pay', '--any-arguments');
  expect(sent()!.body).toEqual({ ...PAY, manifest: { ...PAY.manifest, limits: [] } });
});

it('says whether and how a call is undone, by a tool, by people, or not', async () => {
  const undoOf = async (...args: string[]) => {
    await firebreak('set', 'bot', 'pay', ...args);
    const { reversible, undo } = (sent()!.body as typeof PAY & { manifest: { reversible?: string } }).manifest;
    return { reversible, undo };
  };
  expect(await undoOf('--undo', 'refund_back id=result.id why==agent was hijacked', '--reversible', 'yes')).toEqual({
    reversible: 'yes',
    undo: { tool: 'refund_back', arguments: { id: 'result.id', why: '=agent was hijacked' }, instruction: '' },
  });
  expect(await undoOf('--undo-by', 'phone the bank')).toEqual({
    undo: { tool: 'cancel', arguments: {}, instruction: 'phone the bank' },
  });
  expect(await undoOf('--no-undo', '--reversible', 'no')).toEqual({ reversible: 'no' });
  expect(await undoOf('--reversible', 'unsaid')).toEqual({ undo: PAY.manifest.undo });
});

it('withdraws a tool', async () => {
  expect((await firebreak('withdraw', 'bot', 'pay')).out).toContain('Bot may not use pay any more.');
  expect(sent()).toMatchObject({ path: '/api/v1/systems/bot/tools/withdraw', body: { name: 'pay' } });
});

it.each([
  ['a rate that cannot be read', ['pay', '--rate', 'often'], 'Write calls/seconds'],
  ['a rate of nothing', ['pay', '--rate', '0/60'], 'Write calls/seconds'],
  ['an effect nobody knows', ['pay', '--effect', 'explodes'], 'Use one of: reads'],
  ['a manifest that does not say what a call does', ['look', '--server', 'crm'], '--effect'],
  ['a limit without a bound', ['pay', '--limit', 'amount 5', 'currency'], '--limit “currency”'],
  ['an undo without a tool', ['pay', '--undo', 'id=result.id'], 'cancel_refund id=result.id'],
  ['an undo that is a sentence', ['pay', '--undo', 'ask the bank'], 'cancel_refund id=result.id'],
  ['an answer nobody knows', ['pay', '--reversible', 'maybe'], 'Use one of: yes, no, unsaid'],
  ['opposite limits', ['pay', '--limit', 'amount 5', '--any-arguments'], 'opposite'],
  ['opposite ways back', ['pay', '--undo-by', 'phone', '--no-undo'], 'opposite'],
  ['opposite things', ['pay', '--rate', '1/1', '--any-rate'], 'opposite'],
])('refuses %s before anything is changed', async (_, args, says) => {
  const before = heard.filter(({ method }) => method !== 'GET').length;
  expect(await firebreak('set', 'bot', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  expect(heard.filter(({ method }) => method !== 'GET')).toHaveLength(before);
});
