import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const LINK = {
  label: 'INC-2026-0001',
  kind: 'ticket',
  tool: 'jira',
  key: 'OPS-7',
  url: 'https://jira.example.test/OPS-7',
  told: { state: 'In Progress' },
};
const SUBSCRIPTION = { id: 'sub_1', name: 'Pager', url: 'https://hook.example.test', dead: 2, ended: null };
const DELIVERY = {
  id: 'dlv_1',
  at: '2026-11-20T21:00:00.000Z',
  about: 'INC-2026-0001',
  event: 'incident.declared',
  state: 'dead',
  attempts: 8,
  last: 'HTTP 503',
};

let server: Server;
let told = 1;
let secret: string | null = 'whsec_once';
const heard: { readonly method: string | undefined; readonly path: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const { method, url: path = '' } = request;
    heard.push({ method, path, body: text === '' ? null : JSON.parse(text) });
    const answer =
      path === '/api/v1/subscriptions' && method === 'GET'
        ? { subscriptions: [SUBSCRIPTION] }
        : path.startsWith('/api/v1/deliveries') && method === 'GET'
          ? { deliveries: [DELIVERY] }
          : { links: [LINK], told, subscription: SUBSCRIPTION, secret, delivery: DELIVERY };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
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
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { FIREBREAK_URL: url, FIREBREAK_KEY: 'fbk_x', IDP_TOKEN: 'Bearer x' };
  const code = await run(['node', 'firebreak', ...args], { out: into('out'), err: into('err'), env });
  return { code, ...said };
}
/** Refused here, with words, before anything is sent. */
async function refused(says: string, ...args: string[]) {
  const before = heard.length;
  expect(await firebreak(...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  expect(heard).toHaveLength(before);
}

describe('links in a terminal', () => {
  it('are listed with what the other tool says, added, and found by key or address', async () => {
    const line = /INC-2026-0001 +ticket +jira +OPS-7 +In Progress +https:\/\/jira\.example\.test\/OPS-7/;
    expect((await firebreak('links', 'list', 'INC-2026-0001')).out).toMatch(line);
    expect(heard.at(-1)!.path).toBe('/api/v1/incidents/INC-2026-0001/links');
    const add = ['links', 'add', 'INC-2026-0001', LINK.url];
    expect((await firebreak(...add, '--tool', 'jira', '--key', 'OPS-7')).out).toMatch(line);
    expect(heard.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/v1/incidents/INC-2026-0001/links',
      body: { url: LINK.url, kind: 'ticket', tool: 'jira', key: 'OPS-7', title: '' },
    });
    await firebreak('links', 'find', 'OPS-7', '--tool', 'jira');
    expect(heard.at(-1)!.path).toBe('/api/v1/links?key=OPS-7&tool=jira');
    await firebreak('links', 'find', LINK.url);
    expect(heard.at(-1)!.path).toBe(`/api/v1/links?url=${encodeURIComponent(LINK.url)}`);
    await refused('“gossip” cannot be linked', ...add, '--kind', 'gossip');
  });

  it('hear what state something elsewhere is in, and say where it was recorded', async () => {
    told = 1;
    expect((await firebreak('links', 'tell', 'jira', 'OPS-7', 'Done')).out).toBe('Recorded in INC-2026-0001.\n');
    expect(heard.at(-1)).toMatchObject({
      path: '/api/v1/links/told',
      body: { tool: 'jira', key: 'OPS-7', state: 'Done' },
    });
    told = 0;
    expect((await firebreak('links', 'tell', 'jira', 'OPS-7', 'Done')).out).toBe('Known already.\n');
  });
});

describe('subscriptions in a terminal', () => {
  it('are made for all events or some, with the secret shown once, and ended with a reason', async () => {
    const made = await firebreak('subscriptions', 'add', 'Pager', SUBSCRIPTION.url, '--event', 'incident.declared');
    expect(made.out).toBe('sub_1 is told from now on. Its secret, shown only now: whsec_once\n');
    expect(heard.at(-1)!.body).toEqual({ name: 'Pager', url: SUBSCRIPTION.url, events: ['incident.declared'] });
    await firebreak('subscriptions', 'add', 'Pager', SUBSCRIPTION.url);
    expect((heard.at(-1)!.body as { events: string[] }).events).toContain('incident.severity-changed');
    const { out } = await firebreak('subscriptions', 'list');
    expect(out).toMatch(/sub_1 +Pager +https:\/\/hook\.example\.test +2/);
    expect(out).not.toContain('whsec_once');
    expect((await firebreak('subscriptions', 'end', 'sub_1', '--reason', 'moved')).out).toBe(
      'Pager is told nothing more.\n',
    );
    expect(heard.at(-1)).toMatchObject({ path: '/api/v1/subscriptions/sub_1/end', body: { reason: 'moved' } });
    await refused(
      'There is no event “incident.sneezed”',
      'subscriptions',
      'add',
      'P',
      'x',
      '--event',
      'incident.sneezed',
    );
    await refused('it begins with sub_', 'subscriptions', 'end', 'dlv_1', '--reason', 'x');
    await refused('--reason', 'subscriptions', 'end', 'sub_1');
  });

  it('are made of Security Event Tokens as well, with the header from the environment, and tried', async () => {
    const set = ['subscriptions', 'add', 'IdP', SUBSCRIPTION.url, '--set'];
    secret = null;
    const made = await firebreak(...set, '--audience', 'https://idp.test', '--authorization-from', 'IDP_TOKEN');
    secret = 'whsec_once';
    expect(made.out).toBe('sub_1 is told from now on. Try it: firebreak subscriptions verify sub_1\n');
    expect(heard.at(-1)!.body).toEqual({
      name: 'IdP',
      url: SUBSCRIPTION.url,
      events: ['agent.revoked', 'agent.restored', 'token.revoked'],
      as: 'set',
      audience: 'https://idp.test',
      authorization: 'Bearer x',
    });
    expect((await firebreak('subscriptions', 'verify', 'sub_1')).out).toMatch(/^dlv_1 is on its way/);
    expect(heard.at(-1)).toMatchObject({ method: 'POST', path: '/api/v1/subscriptions/sub_1/verify' });
    await refused('--audience', ...set);
    await refused('NOT_SET is empty', ...set, '--audience', 'x', '--authorization-from', 'NOT_SET');
    await refused('add --set', 'subscriptions', 'add', 'P', 'x', '--audience', 'y');
  });

  it('show what was sent and what was given up, and send it again', async () => {
    expect((await firebreak('subscriptions', 'deliveries')).out).toMatch(/dlv_1 .* dead +8 +HTTP 503/);
    expect(heard.at(-1)!.path).not.toContain('state=');
    await firebreak('subscriptions', 'deliveries', '--dead');
    expect(heard.at(-1)!.path).toContain('state=dead');
    expect((await firebreak('subscriptions', 'again', 'dlv_1')).out).toBe('It is on its way again.\n');
    expect(heard.at(-1)).toMatchObject({ method: 'POST', path: '/api/v1/deliveries/dlv_1/again' });
    await refused('it begins with dlv_', 'subscriptions', 'again', 'sub_1');
  });
});
