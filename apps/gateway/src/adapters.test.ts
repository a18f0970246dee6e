import { createGuard, type Guard } from '@firebreak/guard';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { createGateway, type Gateway } from './index.ts';

let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;
let gateway: Gateway;

beforeAll(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  gateway = await createGateway({
    port: 0,
    guard,
    upstreams: { openai: 'http://127.0.0.1:1' },
    adapters: {
      litellm: { system: 'support-bot', secret: 'of-litellm' },
      portkey: { system: 'support-bot', secret: 'of-portkey' },
      envoy: { secret: 'of-envoy' },
    },
    limits: { bodyBytes: 10_000 },
  });
});
afterAll(async () => {
  await gateway.close();
  guard.close();
  await server.close();
});
beforeEach(() => order());

async function order(...holds: ReturnType<typeof holdOf>[]): Promise<void> {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}
const post = (path: string, secret: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
  });

describe('LiteLLM’s generic guardrail', () => {
  const ask = async (over: object = {}) => {
    const response = await post('/beta/litellm_basic_guardrail_api', 'of-litellm', {
      texts: ['How many devices?'],
      request_data: { user_api_key_alias: 'bot-prod', user_api_key_end_user_id: 'u1' },
      input_type: 'request',
      litellm_call_id: 'call-1',
      additional_provider_specific_params: { feature: 'answers' },
      ...over,
    });
    return response.json();
  };

  it('lets pass what nothing forbids, and blocks with the calm text', async () => {
    expect(await ask()).toEqual({ action: 'NONE' });
    await order(holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' }));
    expect(await ask()).toEqual({ action: 'BLOCKED', blocked_reason: 'Answers are paused.' });
    expect(await ask({ additional_provider_specific_params: { feature: 'other' } })).toEqual({ action: 'NONE' });
    // Callers of LiteLLM can add parameters of their own.
    const lying = { system: 'another', feature: 'answers' };
    expect(await ask({ additional_provider_specific_params: lying })).toMatchObject({ action: 'BLOCKED' });
  });

  it('judges answers and the tool calls in them', async () => {
    await order(
      holdOf({ kind: 'block', phrases: ['one device'], direction: 'output' }),
      holdOf({ kind: 'revoke', tools: ['refund'] }),
    );
    expect(await ask({ texts: ['one device'] })).toEqual({ action: 'NONE' });
    expect(await ask({ texts: ['one device'], input_type: 'response' })).toMatchObject({ action: 'BLOCKED' });
    const tool_calls = [{ id: 'c', type: 'function', function: { name: 'refund', arguments: '{}' } }];
    expect(await ask({ texts: [], tool_calls, input_type: 'response' })).toMatchObject({ action: 'BLOCKED' });
  });

  it('judges what people and tools put in, not what the system prompt says', async () => {
    await order(holdOf({ kind: 'block', phrases: ['one device'] }), holdOf({ kind: 'disable', feature: 'other' }));
    const texts = ['Never say one device.', 'How many devices?'];
    const structured_messages = [
      { role: 'system', content: texts[0] },
      { role: 'user', content: texts[1] },
    ];
    expect(await ask({ texts })).toMatchObject({ action: 'BLOCKED' });
    expect(await ask({ texts, structured_messages })).toEqual({ action: 'NONE' });
    const asking = [structured_messages[0], { role: 'user', content: [{ type: 'text', text: 'one device' }] }];
    expect(await ask({ texts, structured_messages: asking })).toMatchObject({ action: 'BLOCKED' });
    expect(await ask({ texts: ['one device'], structured_messages: null })).toMatchObject({ action: 'BLOCKED' });
  });

  it('knows the key that LiteLLM gave, so that it can be revoked', async () => {
    await order(holdOf({ kind: 'revoke', credential: 'bot-prod' }));
    expect(await ask()).toMatchObject({ action: 'BLOCKED' });
  });

  it('blocks what would have to be served differently, which it cannot do', async () => {
    await order(holdOf({ kind: 'route', to: { model: 'm-safe' } }));
    expect(await ask()).toMatchObject({
      action: 'BLOCKED',
      blocked_reason: expect.stringContaining('served differently'),
    });
  });
});

describe('Portkey’s webhook guardrail', () => {
  const ask = async (over: object = {}) => {
    const response = await post('/portkey/guardrail', 'of-portkey', {
      request: {
        json: { model: 'm1', messages: [{ role: 'user', content: 'one device' }] },
        text: 'one device',
        isStreamingRequest: false,
      },
      response: { json: {}, text: '', statusCode: null },
      provider: 'openai',
      requestType: 'chatComplete',
      metadata: { feature: 'answers' },
      eventType: 'beforeRequestHook',
      ...over,
    });
    return response.json();
  };

  it('is told yes or no, and why', async () => {
    expect(await ask()).toEqual({ verdict: true });
    const hold = holdOf({ kind: 'block', phrases: ['one device'], message: 'Being checked.' });
    await order(hold);
    expect(await ask()).toMatchObject({ verdict: false, data: { reason: 'Being checked.', hold: hold.hold } });
    await order(holdOf({ kind: 'route', from: { provider: 'azure' }, to: { provider: 'openai' } }));
    expect(await ask()).toEqual({ verdict: true });
  });

  it('judges answers', async () => {
    await order(holdOf({ kind: 'block', phrases: ['one device'], direction: 'output' }));
    expect(await ask()).toEqual({ verdict: true });
    const json = { choices: [{ message: { role: 'assistant', content: 'One device only.' } }] };
    expect(await ask({ eventType: 'afterRequestHook', response: { json, text: '', statusCode: 200 } })).toMatchObject({
      verdict: false,
    });
  });
});

describe('Portkey’s webhook guardrail, told of an answer', () => {
  const answered = async (message: object) => {
    const response = await post('/portkey/guardrail', 'of-portkey', {
      request: { json: { model: 'm1', messages: [] }, text: '' },
      response: { json: message, text: '', statusCode: 200 },
      provider: 'openai',
      requestType: 'chatComplete',
      eventType: 'afterRequestHook',
    });
    return response.json();
  };
  it.each([
    ['chat completions', (name: string) => ({ choices: [{ message: { tool_calls: [{ function: { name } }] } }] })],
    ['messages', (name: string) => ({ type: 'message', content: [{ type: 'tool_use', name, input: {} }] })],
  ])('judges the tool calls of %s', async (_, calling) => {
    const hold = holdOf({ kind: 'revoke', tools: ['refund'], message: 'No refunds now.' });
    await order(hold);
    expect(await answered(calling('find'))).toEqual({ verdict: true });
    expect(await answered(calling('refund'))).toMatchObject({
      verdict: false,
      data: { reason: 'No refunds now.', hold: hold.hold },
    });
  });
});

describe('Envoy’s ext_authz', () => {
  const ask = (headers: Record<string, string> = { 'x-firebreak-system': 'support-bot' }, body: unknown = '') =>
    post('/ext-authz/v1/chat/completions', 'nobody', body, { 'x-firebreak-key': 'of-envoy', ...headers });

  it('answers 200, or the refusal that the client is to see', async () => {
    const good = await ask();
    expect([good.status, await good.text()]).toEqual([200, '']);
    const hold = holdOf({ kind: 'disable', message: 'Answers are paused.' });
    await order(hold);
    const refused = await ask();
    expect([refused.status, refused.headers.get('x-firebreak-control'), refused.headers.get('x-should-retry')]).toEqual(
      [403, hold.hold, 'false'],
    );
    expect((await refused.json()).error.message).toBe('Answers are paused.');
  });

  it('judges the body where Envoy sends it, whole or cut off', async () => {
    await order(holdOf({ kind: 'block', phrases: ['one device'] }));
    const body = { model: 'm', messages: [{ role: 'user', content: 'One device?' }] };
    const headers = { 'x-firebreak-system': 'support-bot' };
    expect((await ask(headers, body)).status).toBe(403);
    expect((await ask(headers, JSON.stringify(body).slice(0, -3))).status).toBe(403);
    expect((await ask(headers, { model: 'm' })).status).toBe(200);
  });

  it('says 429 and when to come again for a limit that is used up', async () => {
    await order(holdOf({ kind: 'limit', requests: 1, seconds: 60, per: 'everyone' }));
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });
});

describe('whoever is not meant to ask', () => {
  const codeOf = async (response: Response) => [response.status, (await response.json()).type];
  it('is refused: wrong secret, no object, no system, too much, no such adapter', async () => {
    const path = '/beta/litellm_basic_guardrail_api';
    expect(await codeOf(await post(path, 'of-portkey', {}))).toEqual([401, '/problems/gateway.key-refused']);
    expect(await codeOf(await post(path, 'of-litellm', '[1]'))).toEqual([400, '/problems/gateway.unreadable']);
    expect(await codeOf(await post('/ext-authz', 'of-envoy', ''))).toEqual([400, '/problems/gateway.system-missing']);
    expect(await codeOf(await post(path, 'of-litellm', 'x'.repeat(10_001)))).toEqual([
      413,
      '/problems/gateway.too-large',
    ]);
    gateway.reload({ upstreams: { openai: 'http://127.0.0.1:1' } });
    expect(await codeOf(await post(path, 'of-litellm', {}))).toEqual([404, '/problems/gateway.unknown-route']);
  });
});
