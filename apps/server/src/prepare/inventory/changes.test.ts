import { changes } from '@firebreak/contract/prepare/changes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('changes', () => {
  let world: World;
  let key: string;
  beforeAll(async () => {
    world = await openWorld();
    key = (await world.program('signals:write')).key;
    await world.ana.client.call(inventory.register, {
      body: { key: 'support-bot', name: 'Support', type: 'generative' },
    });
  });
  afterAll(() => world.close());

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await world.send('POST', path, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  const line = async () =>
    (await world.ana.client.call(changes.timeLine, { params: { system: 'support-bot' }, query: {} })).changes;

  it('are taken one by one: a bad one is named, the others are kept, the same id is kept once', async () => {
    const good = { system: 'support-bot', kind: 'config', subject: 'temperature', to: '0.2', id: 'ci-1' };
    const batch = [good, { ...good, id: 'ci-2', kind: 'weather' }, { ...good, id: 'ci-3', system: 'nobody' }];
    const first = await post('/api/v1/changes', batch);
    expect(first).toMatchObject({
      status: 207,
      body: {
        accepted: 1,
        rejected: [
          { index: 1, pointer: '/1/kind' },
          { index: 2, pointer: '/2/system', detail: expect.stringContaining('nobody') },
        ],
        ids: [expect.stringMatching(/^chg_/), null, null],
      },
    });
    expect(await post('/api/v1/changes', good)).toMatchObject({ status: 200, body: { accepted: 0, duplicate: 1 } });
    expect(await post('/api/v1/changes', { ...good, occurredAt: '2027-01-01T00:00:00Z', id: 'x' })).toMatchObject({
      status: 400,
      body: { type: expect.stringContaining('telemetry.batch-refused'), detail: expect.stringContaining('future') },
    });
    expect((await post('/api/v1/changes', '{')).body.type).toContain('request.not-json');
    expect((await line()).map(({ subject }) => subject)).toEqual(['temperature']);
  });

  it('move the version of the deployment they name, and show the difference of two known texts', async () => {
    const prompt = (to: string, text: string, occurredAt: string) =>
      post('/api/v1/changes', {
        system: 'support-bot',
        kind: 'prompt',
        subject: 'support',
        deployment: 'production',
        to,
        text,
        occurredAt,
      });
    await prompt('v40', 'Answer from the policy.\nSay when unsure.', '2026-11-20T19:00:00Z');
    await prompt('v41', 'Answer from the policy.\nBe short.', '2026-11-20T20:00:00Z');
    const { system } = await world.ana.client.call(inventory.show, { params: { system: 'support-bot' } });
    expect(system.deployments).toMatchObject([{ name: 'production', versions: { prompt: 'v41' } }]);
    expect((await line()).find(({ to }) => to === 'v41')).toMatchObject({
      from: 'v40',
      deployment: 'production',
      diff: ' Answer from the policy.\n-Say when unsure.\n+Be short.',
    });
  });

  it('come as CloudEvents, in an envelope and in headers', async () => {
    const data = { system: 'support-bot', kind: 'model', to: 'gpt-4.1', deployment: 'eu' };
    const envelope = {
      specversion: '1.0',
      id: 'e1',
      source: '/ci',
      type: 'deploy',
      time: '2026-11-20T20:30:00Z',
      data,
    };
    const structured = await post('/api/v1/changes', envelope, { 'content-type': 'application/cloudevents+json' });
    expect(structured).toMatchObject({ status: 200, body: { accepted: 1 } });
    const binary = await post('/api/v1/changes', data, {
      'ce-specversion': '1.0',
      'ce-id': 'e1',
      'ce-source': '/ci',
      'ce-type': 'deploy',
    });
    expect(binary).toMatchObject({ status: 200, body: { accepted: 0, duplicate: 1 } });
    expect((await line()).find(({ source }) => source === 'cloudevents')).toMatchObject({
      kind: 'model',
      occurredAt: '2026-11-20T20:30:00.000Z',
    });
  });

  it('come from Langfuse when a prompt gets its label, once for each delivery', async () => {
    const delivery = (version: number, labels: string[], prompt: unknown) => ({
      id: `d${version}`,
      timestamp: '2026-11-20T20:40:00Z',
      type: 'prompt-version',
      apiVersion: 'v1',
      action: 'created',
      prompt: { id: `p${version}`, name: 'refunds', version, labels, prompt, createdAt: '2026-11-20T20:40:00Z' },
    });
    const to = '/intake/langfuse?system=support-bot';
    const chat = (content: string) => [{ role: 'system', content }];
    expect(await post(to, delivery(1, ['latest'], chat('Refund within 14 days.')))).toMatchObject({
      body: { accepted: 1, ignored: null },
    });
    await post(to, delivery(2, ['latest', 'production'], chat('Refund within 30 days.')));
    expect(await post(to, delivery(2, ['production', 'latest'], chat('…')))).toMatchObject({ body: { duplicate: 1 } });
    expect((await line()).filter(({ subject }) => subject === 'refunds')).toMatchObject([
      { to: 'v2', deployment: 'production', diff: ' system:\n-Refund within 14 days.\n+Refund within 30 days.' },
      { to: 'v1', deployment: null },
    ]);
    const lost = { ...delivery(1, ['latest'], chat('x')), id: 'd1-lost', action: 'updated' };
    expect(await post(to, lost)).toMatchObject({ body: { accepted: 0, ignored: expect.stringContaining('label') } });
    expect(await post(to, { ...delivery(3, [], 'x'), prompt: {} })).toMatchObject({
      status: 400,
      body: { type: expect.stringContaining('/change.unreadable'), detail: expect.stringContaining('/prompt/name') },
    });
    expect((await post('/intake/langfuse', delivery(4, [], 'x'))).body.detail).toContain('?system=');
    expect((await post('/intake/langfuse?system=nobody', delivery(4, [], 'x'))).body.type).toContain('system.unknown');
  });

  it('come from Git hosting, with the key in the address or in the token where no header can be set', async () => {
    const push = {
      ref: 'refs/heads/main',
      before: 'a'.repeat(40),
      after: 'b'.repeat(40),
      repository: { full_name: 'acme/bot', default_branch: 'main' },
      commits: [{ modified: ['src/app.ts', 'prompts/system.md'] }],
      head_commit: { message: 'Be kinder\n\nlong', timestamp: '2026-11-20T20:50:00+01:00' },
      compare: 'https://github.com/acme/bot/compare/a...b',
    };
    const send = async (path: string, body: unknown, headers: Record<string, string>) => {
      const answer = await world.send('POST', path, {
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const github = `/intake/github?system=support-bot&key=${key}`;
    expect(await send(github, push, { 'x-github-event': 'push' })).toMatchObject({ body: { accepted: 1 } });
    expect(await send(github, { zen: 'x' }, { 'x-github-event': 'ping' })).toMatchObject({
      body: { accepted: 0, ignored: expect.stringContaining('ping') },
    });
    expect(await send(github, { ...push, ref: 'refs/heads/wip' }, { 'x-github-event': 'push' })).toMatchObject({
      body: { ignored: expect.stringContaining('default branch') },
    });
    expect((await send('/intake/github?system=support-bot', push, { 'x-github-event': 'push' })).status).toBe(401);
    const reader = (await world.program('read')).key;
    expect(
      (await send(`/intake/github?system=support-bot&key=${reader}`, push, { 'x-github-event': 'push' })).status,
    ).toBe(403);
    expect(
      await send(
        '/intake/gitlab?system=support-bot',
        {
          object_kind: 'deployment',
          status: 'success',
          status_changed_at: '2026-11-20 20:55:00 +0000',
          deployment_id: 15,
          short_sha: '279484c0',
          environment: 'production',
          project: { path_with_namespace: 'acme/bot' },
        },
        { 'x-gitlab-token': key },
      ),
    ).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect((await line()).filter(({ source }) => source !== 'api').slice(0, 2)).toMatchObject([
      { source: 'gitlab', kind: 'deploy', to: '279484c0', subject: 'acme/bot on production' },
      { source: 'langfuse' },
    ]);
    expect((await line()).find(({ source }) => source === 'github')).toMatchObject({
      kind: 'prompt',
      subject: 'prompts/system.md',
      from: 'aaaaaaaaaaaa',
      note: 'Be kinder',
    });
  });
});
