import { createHmac } from 'node:crypto';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { candidates } from '@firebreak/contract/detect/candidates';
import { hooks } from '@firebreak/contract/detect/hooks';
import { signals } from '@firebreak/contract/detect/signals';
import { changes } from '@firebreak/contract/prepare/changes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { sources } from '@firebreak/contract/prepare/sources';
import { addMs } from '@firebreak/core/kernel';
import type { SourceProduct } from '@firebreak/core/prepare/sources';
import { openWorld, type World } from '@firebreak/world';
import { event as sendEvent } from '@pagerduty/pdjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timesOfSignals } from '../signals/index.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.ana.client.call(inventory.register, {
    body: { key: 'support-bot', name: 'Support bot', type: 'generative' },
  });
});
afterAll(() => world.close());

type Headers = Record<string, string>;
const post = async (path: string, body: unknown, headers: Headers = {}) => {
  const answer = await world.send('POST', path, {
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers };
};
const add = (product: SourceProduct, more: object = {}) =>
  world.ana.client.call(sources.add, { body: { product, name: `Our ${product}`, system: 'support-bot', ...more } });
const signalsOf = async (detector: string) =>
  (await world.ana.client.call(signals.listSignals, { query: { detector } })).items;

const firing = (status: 'firing' | 'resolved' = 'firing', name = 'RefusalsTripled') => ({
  version: '4',
  groupKey: `{}:{alertname="${name}"}`,
  receiver: 'firebreak',
  status,
  groupLabels: { alertname: name },
  commonLabels: { alertname: name, severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example:9093',
  alerts: [
    {
      status,
      labels: { alertname: name, severity: 'critical', service: 'support-bot' },
      annotations: { summary: 'Refusals tripled in ten minutes' },
      startsAt: '2026-11-20T09:00:00.000Z',
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-11-20T09:10:00Z',
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: `fp-${name}`,
    },
  ],
});

describe('an alert', () => {
  it('is one signal however often it is told, and is closed by its end, which raises nothing', async () => {
    const { source, key } = await add('alertmanager');
    const to = (body: unknown) =>
      post(`/intake/alertmanager?source=${source.id}`, body, { authorization: `Bearer ${key}` });
    expect(await to(firing())).toMatchObject({
      status: 200,
      body: { accepted: 1, duplicate: 0, items: [{ does: 'raise' }] },
    });
    expect(await to(firing())).toMatchObject({ body: { accepted: 0, duplicate: 1 } });
    await world.advance('2s');
    const [signal, ...more] = await signalsOf('Our alertmanager');
    expect(more).toEqual([]);
    expect(signal).toMatchObject({
      system: 'support-bot',
      channel: 'telemetry',
      severityHint: 1,
      evidenceClass: 'strong',
      times: 2,
      resolvedAt: null,
    });
    expect(signal!.text).toContain('Refusals tripled');
    expect(await to(firing('resolved'))).toMatchObject({ body: { accepted: 0, resolved: 1 } });
    expect(await to(firing('resolved'))).toMatchObject({
      body: { resolved: 0, items: [{ does: 'nothing', why: 'resolved already' }] },
    });
    // A retry that comes late tells of the same beginning: it opens nothing.
    expect(await to(firing())).toMatchObject({ body: { accepted: 0, items: [{ does: 'nothing' }] } });
    const [ended] = await signalsOf('Our alertmanager');
    expect(ended).toMatchObject({ id: signal!.id, resolvedAt: '2026-11-20T09:10:00.000Z' });
    const candidate = await world.ana.client.call(candidates.readCandidate, {
      params: { candidate: ended!.candidate! },
    });
    expect(candidate.signals).toMatchObject([{ id: signal!.id, times: 2, resolvedAt: '2026-11-20T09:10:00.000Z' }]);
    const { source: heard, deliveries } = await world.ana.client.call(sources.show, { params: { source: source.id } });
    expect(heard).toMatchObject({ accepted: 3, refused: 0 });
    expect(deliveries[0]).toMatchObject({ outcome: 'ignored' });
  });

  it('twice at the same moment is one signal', async () => {
    const { source, key } = await add('alertmanager', { name: 'Twins' });
    const to = () =>
      post(`/intake/alertmanager?source=${source.id}`, firing('firing', 'Twin'), { authorization: `Bearer ${key}` });
    const answers = await Promise.all([to(), to(), to(), to()]);
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(1);
    expect(await signalsOf('Twins')).toMatchObject([{ times: 4 }]);
  });

  it('finds its system by the label the source names, or by a registered one, or is unnamed', async () => {
    const { source, key } = await add('alertmanager', { name: 'Of several', system: null, label: 'team_bot' });
    const send = (labels: object) =>
      post(
        `/intake/alertmanager?source=${source.id}`,
        {
          receiver: 'r',
          alerts: [{ status: 'firing', labels: { alertname: JSON.stringify(labels), ...labels } }, 'damaged'],
        },
        { authorization: `Bearer ${key}` },
      );
    expect(await send({ team_bot: 'Order Bot' })).toMatchObject({ status: 207, body: { accepted: 1, rejected: 1 } });
    await send({ service: 'support-bot' });
    await send({ service: 'postgres' });
    expect((await signalsOf('Of several')).map(({ system }) => system).sort()).toEqual([
      'order-bot',
      'support-bot',
      'unnamed',
    ]);
  });
});

describe('PagerDuty events', () => {
  it('go from trigger to acknowledge to resolve, and begin anew after that', async () => {
    const { key } = await add('pagerduty');
    const send = (body: object) => post('/intake/pagerduty/v2/enqueue', { routing_key: key, ...body });
    const trigger = {
      event_action: 'trigger',
      dedup_key: 'bot/latency',
      payload: { summary: 'P95 latency over 8 s', source: 'gateway-1', severity: 'error' },
    };
    expect(await send(trigger)).toEqual(
      expect.objectContaining({
        status: 202,
        body: { status: 'success', message: 'Event processed', dedup_key: 'bot/latency' },
      }),
    );
    await send(trigger);
    await send({ event_action: 'acknowledge', dedup_key: 'bot/latency' });
    expect(await signalsOf('Our pagerduty')).toMatchObject([
      { times: 3, severityHint: 2, acknowledgedAt: expect.any(String), resolvedAt: null },
    ]);
    await send({ event_action: 'resolve', dedup_key: 'bot/latency' });
    // Late, and of something nobody triggered: answered like any other, raises nothing.
    expect((await send({ event_action: 'acknowledge', dedup_key: 'bot/latency' })).status).toBe(202);
    expect((await send({ event_action: 'resolve', dedup_key: 'never' })).status).toBe(202);
    expect(await signalsOf('Our pagerduty')).toHaveLength(1);
    // After the end the same key is something new.
    await send(trigger);
    expect(await signalsOf('Our pagerduty')).toHaveLength(2);
  });

  it('come from its own client, which changes its address and its key and nothing else', async () => {
    const listening = await openWorld({ listen: true });
    try {
      const { key } = await listening.ana.client.call(sources.add, { body: { product: 'pagerduty', name: 'Client' } });
      const { hostname, port } = new URL(listening.url);
      // The client speaks nothing but TLS: its agent hands it a plain connection instead.
      const agent = new (class extends Agent {
        override createConnection() {
          return connect(Number(port), hostname);
        }
      })();
      const tell = (data: object) =>
        sendEvent({
          server: `${hostname}:${port}/intake/pagerduty`,
          agent,
          data: { routing_key: key, ...data },
        } as never);
      const said = await tell({
        event_action: 'trigger',
        dedup_key: 'by-client',
        payload: { summary: 'Told by the client', source: 'gateway-1', severity: 'critical' },
      });
      expect(said.response.status).toBe(202);
      expect(said.data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'by-client' });
      expect((await tell({ event_action: 'resolve', dedup_key: 'by-client' })).response.status).toBe(202);
      expect((await tell({ event_action: 'trigger' })).response.status).toBe(400);
      const { items } = await listening.ana.client.call(signals.listSignals, { query: { detector: 'Client' } });
      expect(items).toMatchObject([{ severityHint: 1, resolvedAt: expect.any(String) }]);
    } finally {
      await listening.close();
    }
  });

  it('are refused as that API refuses them', async () => {
    const { key } = await add('pagerduty', { name: 'Other pager' });
    const bad = await post('/intake/pagerduty/v2/enqueue', {
      routing_key: key,
      event_action: 'trigger',
      payload: { summary: '' },
    });
    expect(bad).toMatchObject({ status: 400, body: { status: 'invalid event', message: 'Event object is invalid' } });
    expect(bad.body.errors).toHaveLength(3);
    const nobody = { routing_key: 'R'.repeat(32), event_action: 'resolve', dedup_key: 'x' };
    expect(await post('/intake/pagerduty/v2/enqueue', nobody)).toMatchObject({
      status: 400,
      body: { errors: [expect.stringContaining('routing_key')] },
    });
    expect((await post('/intake/pagerduty/v2/enqueue', '{"cut')).status).toBe(400);
    const program = await world.program('signals:write');
    const without = {
      routing_key: program.key,
      event_action: 'trigger',
      payload: { summary: 'By API key', source: 'h', severity: 'info' },
    };
    const first = await post('/intake/pagerduty/v2/enqueue', without);
    expect(first).toMatchObject({ status: 202 });
    expect((await post('/intake/pagerduty/v2/enqueue', without)).body.dedup_key).toBe(first.body.dedup_key);
    const reader = await world.program('read');
    expect((await post('/intake/pagerduty/v2/enqueue', { ...without, routing_key: reader.key })).status).toBe(400);
  });
});

const seconds = (): string => String(Math.floor(Date.parse(world.now()) / 1_000));
const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
const SECRET = 'a secret the product gave';

describe('signatures', () => {
  const sentry = {
    action: 'triggered',
    data: { event: { title: 'TypeError in answer()', level: 'error', issue_id: '77' }, triggered_rule: 'Bot' },
  };
  const cases: [SourceProduct, unknown, (body: string) => Headers][] = [
    [
      'sentry',
      sentry,
      (body) => ({ 'sentry-hook-signature': mac(SECRET, body), 'sentry-hook-resource': 'event_alert' }),
    ],
    [
      'grafana',
      { ...firing('firing', 'G1'), orgId: 1 },
      (body) => ({ 'x-grafana-alerting-signature': mac(SECRET, body) }),
    ],
    [
      'grafana',
      { ...firing('firing', 'G2'), orgId: 1 },
      (body) => ({
        'x-grafana-alerting-timestamp': seconds(),
        'x-grafana-alerting-signature': mac(SECRET, `${seconds()}:${body}`),
      }),
    ],
    [
      'langfuse',
      {
        id: 'e',
        type: 'monitor-alert',
        apiVersion: 'v1',
        payload: { monitorId: 'm', severity: 'ALERT', message: { title: 'Toxicity rose' } },
      },
      (body) => ({ 'x-langfuse-signature': `t=${seconds()},v1=${mac(SECRET, `${seconds()}.${body}`)}` }),
    ],
    [
      'promptfoo',
      { event: 'issue.created', data: { issue: { id: 'i', pluginId: 'pii', severity: 'high', status: 'open' } } },
      (body) => ({ 'x-promptfoo-signature': mac(SECRET, body) }),
    ],
    [
      'custom',
      { title: 'By hand', severity: 'P1' },
      (body) => ({
        'webhook-id': 'msg_1',
        'webhook-timestamp': seconds(),
        'webhook-signature': `v1,${createHmac('sha256', SECRET).update(`msg_1.${seconds()}.${body}`).digest('base64')}`,
      }),
    ],
  ];
  it.each(cases)('of %s are checked, and a delivery sent again counts once', async (product, payload, sign) => {
    const { source } = await add(product, { name: `Signed ${product}`, signingSecret: SECRET });
    const address = product === 'custom' ? `/intake/hook/${source.id}` : `/intake/${product}?source=${source.id}`;
    const body = JSON.stringify(payload);
    const refused = { status: 401, body: { type: expect.stringContaining('source.refused') } };
    expect(await post(address, body)).toMatchObject(refused);
    expect(await post(address, body, sign(`${body} `))).toMatchObject(refused);
    const headers = sign(body);
    expect(await post(address, body, headers)).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(await post(address, body, headers)).toMatchObject({
      status: 200,
      body: { accepted: 0, duplicate: 0, ignored: 'this very delivery came before' },
    });
    const shown = await world.ana.client.call(sources.show, { params: { source: source.id } });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(shown.source).toMatchObject({ signed: true });
    expect(shown.source.refused).toBeGreaterThan(0);
    const { rows } = await world.server.deps.db.query<{ sealed: string }>(
      'select sealed from source_secret where source = $1',
      [source.id],
    );
    expect(Buffer.from(rows[0]!.sealed, 'base64').toString('latin1')).not.toContain(SECRET);
  });

  it('that are old are refused', async () => {
    const { source } = await add('langfuse', { name: 'Old', signingSecret: SECRET });
    const body = JSON.stringify({ type: 'monitor-alert', payload: { monitorId: 'm', severity: 'ALERT' } });
    const at = String(Number(seconds()) - 400);
    const headers = { 'x-langfuse-signature': `t=${at},v1=${mac(SECRET, `${at}.${body}`)}` };
    expect((await post(`/intake/langfuse?source=${source.id}`, body, headers)).body.detail).toContain('5 minutes');
  });

  it('guard webhooks of changes too', async () => {
    const { source } = await add('github', { signingSecret: SECRET });
    const body = JSON.stringify({
      action: 'published',
      repository: { full_name: 'org/bot' },
      release: { tag_name: 'v9', name: 'Nine' },
    });
    const send = (signature: string) =>
      post(`/intake/github?source=${source.id}`, body, {
        'x-github-event': 'release',
        'x-hub-signature-256': signature,
      });
    expect((await send('sha256=00')).status).toBe(401);
    expect(await send(`sha256=${mac(SECRET, body)}`)).toMatchObject({ status: 200, body: { accepted: 1 } });
    const line = await world.ana.client.call(changes.timeLine, { params: { system: 'support-bot' }, query: {} });
    expect(line.changes.map(({ to }) => to)).toContain('v9');
    const lab = await add('gitlab');
    const tag = {
      object_kind: 'tag_push',
      ref: 'refs/tags/v10',
      after: 'a'.repeat(40),
      project: { path_with_namespace: 'org/bot' },
    };
    const to = `/intake/gitlab?source=${lab.source.id}`;
    expect((await post(to, tag, { 'x-gitlab-token': 'no' })).status).toBe(401);
    expect((await post(to, tag, { 'x-gitlab-token': lab.key })).body).toMatchObject({ accepted: 1 });
  });
});

describe('keys', () => {
  it('are taken from wherever a product can put them', async () => {
    const { source, key } = await add('datadog');
    const named = `/intake/datadog?source=${source.id}`;
    const of = (n: number) => ({
      alert_transition: 'Triggered',
      title: `Tokens ${n}`,
      alert_id: String(n),
      priority: 'P2',
    });
    const basic = `Basic ${Buffer.from(`datadog:${key}`).toString('base64')}`;
    expect((await post(named, of(1), { authorization: basic })).status).toBe(200);
    expect((await post(named, of(2), { 'x-firebreak-key': key })).status).toBe(200);
    expect((await post(`/intake/datadog?key=${key}`, of(3))).status).toBe(200);
    expect(
      (
        await post(named, gzipSync(JSON.stringify(of(4))), {
          authorization: `Bearer ${key}`,
          'content-encoding': 'gzip',
        })
      ).status,
    ).toBe(200);
    expect(await signalsOf('Our datadog')).toHaveLength(4);
    expect((await post(named, of(5))).status).toBe(401);
    expect((await post('/intake/datadog', of(5))).body.type).toContain('session.missing');
    expect((await post('/intake/datadog', of(5), { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await post('/intake/datadog?source=src_nobody', of(5))).body.type).toContain('source.unknown');
    expect(
      (await post(`/intake/sentry?source=${source.id}`, of(5), { authorization: `Bearer ${key}` })).body.detail,
    ).toContain('source of datadog');
  });

  it('are made anew, and end with their source', async () => {
    const { source, key } = await add('statuspage');
    const page = {
      page: { id: 'p' },
      incident: { id: 'i', name: 'Errors on the API', impact: 'minor', status: 'investigating' },
    };
    const send = (with_: string) => post(`/intake/statuspage?key=${with_}`, page);
    const renewed = await world.ana.client.call(sources.renew, { params: { source: source.id } });
    expect((await send(key)).status).toBe(401);
    expect((await send(renewed.key)).body).toMatchObject({ accepted: 1 });
    expect(await signalsOf('Our statuspage')).toMatchObject([{ channel: 'external', kind: 'supplier-status' }]);
    await world.ana.client.call(sources.end, { params: { source: source.id }, body: { reason: 'no longer used' } });
    expect((await post(`/intake/statuspage?source=${source.id}&key=${renewed.key}`, page)).body.type).toContain(
      'source.ended',
    );
  });

  it('of an API work without a source, and only with the right', async () => {
    const program = await world.program('signals:write');
    const reader = await world.program('read');
    const issue = {
      event: 'issue.created',
      data: { issue: { id: 'api', pluginId: 'harmful', severity: 'low', status: 'open' } },
    };
    const send = (key: string) =>
      post('/intake/promptfoo?system=support-bot', issue, { authorization: `Bearer ${key}` });
    expect((await send(program.key)).body).toMatchObject({ accepted: 1 });
    expect((await send(reader.key)).body.type).toContain('authority.missing');
    expect((await post('/intake/promptfoo', '7', { authorization: `Bearer ${program.key}` })).body.type).toContain(
      'hook.unreadable',
    );
  });

  it('are stopped by nobody who only knows the address', async () => {
    const { source, key } = await add('custom', { name: 'Known address' });
    const send = (bearer: string) =>
      post(`/intake/hook/${source.id}`, { title: 'one' }, { authorization: `Bearer ${bearer}` });
    const answers: number[] = [];
    for (let i = 0; i < 610; i++) answers.push((await send('fbi_wrong')).status);
    expect(answers.slice(0, 60).every((status) => status === 401)).toBe(true);
    expect(answers.slice(60).every((status) => status === 429)).toBe(true);
    const good = await send(key);
    expect(good).toMatchObject({ status: 200, body: { accepted: 1 } });
    const { source: heard, deliveries } = await world.ana.client.call(sources.show, { params: { source: source.id } });
    expect(heard).toMatchObject({ accepted: 1, refused: 1 });
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused']);
    await world.advance('61s');
    expect((await send('fbi_wrong')).status).toBe(401);
  });

  it('send no more than a source may in a minute', async () => {
    const { source, key } = await add('custom', { name: 'Flood' });
    let last = await post(`/intake/hook/${source.id}`, { title: 'one' }, { authorization: `Bearer ${key}` });
    for (let i = 0; i < 620 && last.status === 200; i++)
      last = await post(`/intake/hook/${source.id}`, { title: 'one' }, { authorization: `Bearer ${key}` });
    expect(last).toMatchObject({ status: 429, body: { type: expect.stringContaining('source.too-busy') } });
    expect(last.headers.get('retry-after')).toBe('60');
    expect(await signalsOf('Flood')).toHaveLength(1);
    await world.advance('61s');
    expect((await post(`/intake/hook/${source.id}`, { title: 'one' }, { authorization: `Bearer ${key}` })).status).toBe(
      200,
    );
  });
});

describe('a mapping', () => {
  const mapping =
    '{"title": event.what, "severity": event.grade, "status": event.over ? "resolved" : "open", "dedupKey": event.no, "labels": {"ai_system": event.bot}}';
  const payload = { event: { what: 'Prices invented', grade: 'P2', over: false, no: 41, bot: 'Support Bot' } };
  const preview = (body: object) =>
    world.ana.client.call(hooks.preview, { body: { product: 'custom', payload, ...body } as never });

  it('shows what it makes before it is kept, and then makes it', async () => {
    expect(await preview({ mapping })).toMatchObject({
      problem: null,
      alerts: [{ title: 'Prices invented', severity: 'high', status: 'firing', dedupKey: '41', system: 'support-bot' }],
    });
    expect(await signalsOf('Mapped')).toEqual([]);
    const { source, key } = await add('custom', { name: 'Mapped', system: null, mapping });
    const send = (over: boolean) =>
      post(`/intake/hook/${source.id}`, { event: { ...payload.event, over } }, { authorization: `Bearer ${key}` });
    expect((await send(false)).body).toMatchObject({ accepted: 1 });
    expect((await send(true)).body).toMatchObject({ resolved: 1 });
    expect(await signalsOf('Mapped')).toMatchObject([{ system: 'support-bot', resolvedAt: expect.any(String) }]);
    await world.ana.client.call(sources.map, { params: { source: source.id }, body: { mapping: '' } });
    expect(
      (await post(`/intake/hook/${source.id}`, { headline: 'Plain' }, { authorization: `Bearer ${key}` })).body,
    ).toMatchObject({ accepted: 1 });
  });

  it.each([
    ['an endless one', '($f := function() { $f() }; $f())'],
    ['a greedy one', '$map([1..5000000], function($v) { $string($v) & "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })'],
    ['a broken one', '{"title": '],
    ['one that gives no title', '{"name": event.what}'],
  ])('stops %s and says so', async (_, bad) => {
    const { problem, alerts } = await preview({ mapping: bad });
    expect(alerts).toEqual([]);
    expect(problem).not.toBeNull();
    expect(await preview({ mapping })).toMatchObject({ problem: null });
  });

  it('is refused where it cannot be read, or where it has no place', async () => {
    const refusedWith = (code: string) => ({ code });
    await expect(add('custom', { mapping: '{"title": ' })).rejects.toMatchObject(refusedWith('source.bad-mapping'));
    await expect(add('grafana', { mapping: '$' })).rejects.toMatchObject(refusedWith('source.bad-mapping'));
    await expect(add('statuspage', { signingSecret: SECRET })).rejects.toMatchObject(refusedWith('source.cannot-sign'));
    await expect(add('custom', { system: 'nobody' })).rejects.toMatchObject(refusedWith('system.unknown'));
    const { source, key } = await add('custom', { name: 'Breaks', mapping: '$number("x")' });
    const broke = await post(`/intake/hook/${source.id}`, payload, { authorization: `Bearer ${key}` });
    expect(broke).toMatchObject({ status: 400, body: { type: expect.stringContaining('hook.unreadable') } });
    const { deliveries } = await world.ana.client.call(sources.show, { params: { source: source.id } });
    expect(deliveries).toMatchObject([{ outcome: 'refused', why: expect.stringContaining('mapping') }]);
    await expect(world.ana.client.call(sources.show, { params: { source: 'src_none' } })).rejects.toMatchObject(
      refusedWith('source.unknown'),
    );
  });
});

describe('repeats of an alert', () => {
  it('count for conditions each time, though they are one signal', async () => {
    const { key } = await add('pagerduty');
    const from = world.now();
    for (let i = 0; i < 4; i++) {
      await post('/intake/pagerduty/v2/enqueue', {
        routing_key: key,
        event_action: 'trigger',
        dedup_key: 'bot/again',
        payload: { summary: 'Told again and again', source: 'gateway-1', severity: 'error' },
      });
      await world.advance('10s');
    }
    const { items } = await world.ana.client.call(signals.listSignals, { query: { system: 'support-bot' } });
    expect(items.filter(({ text }) => text.includes('Told again'))).toHaveLength(1);
    const match = { system: 'support-bot', text: 'told again', to: world.now() };
    const times = await timesOfSignals(world.server.deps.db, { ...match, from });
    expect(times).toHaveLength(4);
    expect([...times].sort().reverse()).toEqual(times);
    expect(await timesOfSignals(world.server.deps.db, { ...match, from: addMs(world.now(), -15_000) })).toHaveLength(1);
  });
});
