import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followAlert } from '../../alert-life.ts';
import { type Alert, momentOf } from './alert.ts';
import { faultsOfEvent } from './dialects/pagerduty.ts';
import { readMapped } from './mapped.ts';
import { ALERT_DIALECTS, readAlerts } from './registry.ts';
import { ALERT_SEVERITIES, ALERT_STATUSES, severityOf, statusOf } from './words.ts';

const read = (payload: unknown, product: string | null = null): readonly Alert[] => {
  const reading = readAlerts(payload, product);
  if (!('alerts' in reading)) throw new Error(JSON.stringify(reading));
  return reading.alerts;
};
const first = (payload: unknown, product: string | null = null): Alert => read(payload, product)[0]!;

describe('words', () => {
  it.each([
    ['P1', '', 'critical'],
    ['p5', 'anything', 'low'],
    ['Sev0', 'azure', 'critical'],
    ['Sev3', 'azure', 'info'],
    ['SEV-2', '', 'high'],
    [5, 'zabbix', 'critical'],
    ['1', '', 'critical'],
    [2, 'nagios', 'critical'],
    [13, 'wazuh', 'high'],
    [17, 'otel', 'high'],
    ['major_outage', '', 'critical'],
    ['Informational', '', 'info'],
    ['WARN', '', 'warning'],
    ['verbose', '', 'low'],
    ['not critical', '', 'low'],
    ['non-urgent', '', 'low'],
    ['No severity', '', 'info'],
    ['SEVERITY_UNSPECIFIED', '', 'info'],
    ['note', '', 'info'],
    ['n/a', '', 'info'],
    ['extremely high', '', 'critical'],
    ['Tier 1', '', 'critical'],
    ['unavailable', '', 'high'],
    ['crítico', '', 'critical'],
    ['niedrig', '', 'low'],
    [8.5, '', 'high'],
    [10, 'instana', 'critical'],
    [3, 'solarwinds', 'high'],
    [7, 'opennms', 'critical'],
    [5, 'zenoss', 'critical'],
    ['mauve', '', null],
    ['', '', null],
    [null, '', null],
    [Number.NaN, '', null],
  ])('severity %j of “%s” is %s', (raw, product, meant) => {
    expect(severityOf(raw, product)).toBe(meant);
  });

  it.each([
    ['unresolved', '', 'firing'],
    ['Manually resolved', '', 'resolved'],
    ['ResolvedCritical', '', 'resolved'],
    ['alert acknowledged', '', 'acknowledged'],
    ['unacknowledged', '', 'firing'],
    ['INSUFFICIENT_DATA', '', 'pending'],
    ['noData', '', 'pending'],
    ['Muted', '', 'suppressed'],
    ['unhealthy', '', 'firing'],
    ['inactive', '', 'resolved'],
    ['incident.acknowledged', '', 'acknowledged'],
    ['metrics.threshold.fired', '', 'firing'],
    ['no longer firing', '', 'resolved'],
    ['not active', '', 'resolved'],
    ['not responding', '', 'firing'],
    ['Not yet started', '', 'pending'],
    ['Alerting (NoData)', '', 'firing'],
    ['SnoozeEnded', '', 'firing'],
    ['Downtime ended', '', 'resolved'],
    ['Unassigned', '', 'firing'],
    ['on hold', '', 'suppressed'],
    ['suspended', '', 'suppressed'],
    ['terminated', '', 'resolved'],
    ['disconnected', '', 'firing'],
    ['connected', '', 'resolved'],
    ['Validating', '', 'pending'],
    ['Gelöst', '', 'resolved'],
    [2, 'uptimerobot', 'resolved'],
    [0, 'nagios', 'resolved'],
    [0, 'uptimekuma', 'firing'],
    [true, '', 'firing'],
    ['CRITICAL', '', 'firing'],
    [502, '', null],
    ['qwxz', '', null],
  ])('status %j of “%s” is %s', (raw, product, meant) => {
    expect(statusOf(raw, product)).toBe(meant);
  });
});

describe('times', () => {
  it.each([
    ['0001-01-01T00:00:00Z', null],
    ['2026-11-20 10:00:00 +0000 UTC', '2026-11-20T10:00:00.000Z'],
    ['2026-11-20T10:00:00.123456789Z', '2026-11-20T10:00:00.123Z'],
    [1_795_000_000, '2026-11-18T11:06:40.000Z'],
    ['1795000000000', '2026-11-18T11:06:40.000Z'],
    ['yesterday', null],
    ['2026-11-20 10:00', null],
    [0, null],
  ])('%j is %s', (given, meant) => {
    expect(momentOf(given)).toBe(meant);
  });
});

const group = (status: string, endsAt: string) => ({
  version: '4',
  groupKey: '{}:{alertname="RefusalRate"}',
  receiver: 'firebreak',
  status,
  commonLabels: { severity: 'critical', job: 'support-bot' },
  commonAnnotations: {},
  alerts: [
    {
      status,
      labels: { alertname: 'RefusalRate', severity: 'critical', job: 'support-bot' },
      annotations: { summary: 'Refusals tripled' },
      startsAt: '2026-11-20T09:00:00Z',
      endsAt,
      fingerprint: 'a1b2c3',
    },
    'damaged',
  ],
});

describe('dialects', () => {
  it('Alertmanager: each alert, and what is damaged is counted', () => {
    expect(readAlerts(group('firing', '0001-01-01T00:00:00Z'), 'alertmanager')).toMatchObject({
      leftOut: 1,
      alerts: [
        { title: 'Refusals tripled', severity: 'critical', status: 'firing', dedupKey: 'a1b2c3', endedAt: null },
      ],
    });
    expect(first(group('resolved', '2026-11-20T09:20:00Z'))).toMatchObject({
      status: 'resolved',
      dedupKey: 'a1b2c3',
      endedAt: '2026-11-20T09:20:00.000Z',
    });
  });

  it('Grafana, legacy form', () => {
    const rule = {
      ruleId: 7,
      orgId: 1,
      ruleName: 'Latency',
      ruleUrl: 'https://g.example/d/1',
      evalMatches: [],
      tags: { severity: 'high' },
    };
    expect(first({ ...rule, state: 'alerting' })).toMatchObject({
      title: 'Latency',
      severity: 'high',
      status: 'firing',
    });
    expect(first({ ...rule, state: 'ok' })).toMatchObject({ status: 'resolved', dedupKey: 'rule 7 1' });
  });

  it('Sentry: an alert of an issue and its end have one key', () => {
    const fired = first({
      action: 'triggered',
      data: {
        event: { title: 'TypeError', level: 'fatal', issue_id: '91', culprit: 'answer()' },
        triggered_rule: 'Bot',
      },
    });
    const ended = first({
      action: 'resolved',
      data: { issue: { id: '91', title: 'TypeError', level: 'error', status: 'resolved' } },
    });
    expect(fired).toMatchObject({ severity: 'critical', status: 'firing' });
    expect(ended).toMatchObject({ status: 'resolved', dedupKey: fired.dedupKey });
    expect(first({ action: 'ignored', data: { issue: { id: '91', title: 'TypeError' } } }).status).toBe('suppressed');
    expect(readAlerts({ action: 'created', data: { installation: {} } }, 'sentry', 'installation')).toHaveProperty(
      'ignored',
    );
  });

  it('Datadog: transition and priority from the title, where nothing else says them', () => {
    const of = (title: string) =>
      first({
        id: '1',
        title,
        body: 'b',
        last_updated: '1795000000000',
        event_type: 'query_alert_monitor',
        org: { id: 1 },
      });
    expect(of('[P2] [Triggered on {host:a}] Tokens spike')).toMatchObject({
      title: 'Tokens spike',
      severity: 'high',
      status: 'firing',
    });
    expect(of('[P2] [Recovered on {host:a}] Tokens spike')).toMatchObject({
      status: 'resolved',
      dedupKey: of('[P2] [Triggered on {host:a}] Tokens spike').dedupKey,
    });
  });

  it('Langfuse: levels of a monitor; a prompt version is no alert', () => {
    const of = (severity: string) =>
      first({
        id: 'e',
        type: 'monitor-alert',
        apiVersion: 'v1',
        payload: { monitorId: 'm1', severity, message: { title: 'Toxicity' } },
      });
    expect([of('ALERT'), of('NO_DATA'), of('OK'), of('PAUSED')].map(({ status }) => status)).toEqual([
      'firing',
      'firing',
      'resolved',
      'suppressed',
    ]);
    expect(readAlerts({ type: 'prompt-version', prompt: {} }, 'langfuse')).toHaveProperty('ignored');
  });

  it('Statuspage: incidents and components', () => {
    const page = { id: 'p', status_description: 'Minor' };
    expect(first({ page, incident: { id: 'i', name: 'Errors', impact: 'major', status: 'monitoring' } })).toMatchObject(
      { severity: 'high', status: 'firing' },
    );
    expect(
      first({ page, component: { id: 'c', name: 'API' }, component_update: { new_status: 'operational' } }),
    ).toMatchObject({ status: 'resolved', dedupKey: 'component c' });
  });

  it('promptfoo: issues, and a run by plugin', () => {
    expect(
      first({
        event: 'issue.created',
        data: { issue: { id: 'x', pluginId: 'pii', severity: 'high', status: 'open' } },
      }),
    ).toMatchObject({ severity: 'high', status: 'firing' });
    const test = (pluginId: string, success: boolean) => ({ success, testCase: { metadata: { pluginId } } });
    const alerts = read({
      evalId: 'e',
      results: { results: [test('pii', false), test('pii', true), test('harmful', true)], stats: {} },
    });
    expect(alerts.map(({ title, status }) => [title, status])).toEqual([
      ['1 of 2 pii probes failed', 'firing'],
      ['All 1 harmful passed', 'resolved'],
    ]);
  });

  it('PagerDuty: says what is wrong with an event', () => {
    expect(
      faultsOfEvent({
        routing_key: 'k',
        event_action: 'trigger',
        payload: { summary: 's', source: 'h', severity: 'error' },
      }),
    ).toEqual([]);
    expect(faultsOfEvent({ routing_key: 'k', event_action: 'resolve' })).toHaveLength(1);
    expect(faultsOfEvent({ event_action: 'trigger', payload: { summary: '', severity: 'bad' } })).toHaveLength(4);
    expect(faultsOfEvent(null)).toHaveLength(1);
  });
});

describe('products nobody taught us', () => {
  it.each([
    [
      { trigger: { name: 'Disk is full' }, event: { severity: 'Disaster', value: 'PROBLEM' }, host: 'db1' },
      'Disk is full',
      'critical',
      'firing',
    ],
    [{ alert: { headline: 'Queue stalled', urgency: 'P3', state: 'closed' } }, 'Queue stalled', 'warning', 'resolved'],
    [{ Type: 'Notification', Message: '{"AlarmName":"cpu","NewStateValue":"OK"}' }, 'cpu', 'info', 'resolved'],
    [{ message: '[RESOLVED] API is down' }, '[RESOLVED] API is down', 'info', 'resolved'],
    ['CRITICAL: model gateway unreachable', 'CRITICAL: model gateway unreachable', 'critical', 'firing'],
    [
      {
        data: {
          essentials: {
            alertRule: 'errors',
            severity: 'Sev1',
            monitorCondition: 'Fired',
            description: 'Too many errors',
          },
        },
      },
      'Too many errors',
      'critical',
      'firing',
    ],
  ])('%j', (payload, title, severity, status) => {
    expect(first(payload)).toMatchObject({ title, severity, status });
  });

  it('give the same key while a condition lasts and when it ends, and other keys to other hosts', () => {
    const of = (host: string, state: string, value: number) =>
      first({ rule_id: 'r1', title: `Load is ${value}`, host, state }).dedupKey;
    expect(of('a', 'alerting', 90)).toBe(of('a', 'ok', 10));
    expect(of('a', 'alerting', 90)).not.toBe(of('b', 'alerting', 90));
  });

  it.each<[string, object, object, object]>([
    [
      'a check whose words change',
      { HOSTNAME: 'shop-1', SERVICEDESC: 'Queue', SERVICESTATE: 'CRITICAL', SERVICEOUTPUT: '90 jobs wait' },
      { SERVICESTATE: 'OK', SERVICEOUTPUT: 'nothing waits' },
      { title: 'Queue', severity: 'critical' },
    ],
    [
      'a name and a message',
      { name: 'Nightly copy', status: 'down', msg: 'it did not run' },
      { status: 'up', msg: 'it ran' },
      { title: 'it did not run' },
    ],
    [
      'a name and a description',
      { name: 'Too many refusals', description: 'Fires above 5 %.', alert_action: 'trigger' },
      { alert_action: 'resolve' },
      { title: 'Too many refusals' },
    ],
    [
      'a level that ends it',
      { id: 'cpu:shop-1', message: 'busy', level: 'CRITICAL' },
      { level: 'OK' },
      { severity: 'critical' },
    ],
    [
      'a kind of message',
      { entity_id: 'disk/shop-1', entity_display_name: 'Disk nearly full', message_type: 'CRITICAL' },
      { message_type: 'RECOVERY' },
      { severity: 'critical' },
    ],
    [
      'an event with a name for machines',
      { event_name: 'item_opened', data: { item: { id: 7, title: 'It is undefined', level: 'error', status: 1 } } },
      { event_name: 'item_resolved' },
      { severity: 'high' },
    ],
    [
      'an envelope with an id of its own',
      { event: { id: 'e-1', type: 'incident.created' }, data: { id: 'd-1', title: 'Slow answers', status: 'started' } },
      {
        event: { id: 'e-2', type: 'incident.resolved' },
        data: { id: 'd-1', title: 'Slow answers', status: 'resolved' },
      },
      { dedupKey: 'd-1' },
    ],
    [
      'a CloudEvent',
      {
        specversion: '1.0',
        id: 'e-1',
        source: '/gpu',
        type: 'a',
        data: { title: 'Hot card', severity: 'major', status: 'open' },
      },
      { id: 'e-2', data: { title: 'Hot card', severity: 'major', status: 'closed' } },
      { title: 'Hot card', severity: 'high' },
    ],
    [
      'an event of a cloud that names itself',
      {
        'detail-type': 'Alert',
        source: 'azure.monitor',
        id: 'e-1',
        detail: { title: 'Late', severity: 'Sev1', state: 'Fired', id: 'd-1' },
      },
      { id: 'e-2', detail: { title: 'Late', severity: 'Sev1', state: 'Resolved', id: 'd-1' } },
      { severity: 'high', dedupKey: 'd-1' },
    ],
    [
      'a heartbeat, where 0 is down',
      { heartbeat: { monitorID: 3, status: 0, msg: 'timeout' }, monitor: { id: 3, name: 'Shop' } },
      { heartbeat: { monitorID: 3, status: 1, msg: '200' } },
      {},
    ],
    [
      'an end that names nothing but an id',
      { issue: { id: 'i-1', state: 'OPEN', text: 'Memory leaks' } },
      { issue: { id: 'i-1', state: 'CLOSED' } },
      { title: 'Memory leaks' },
    ],
  ])('tell of %s, and of its end with the same key', (_, begun, ended, said) => {
    const alert = first(begun);
    expect(alert).toMatchObject({ status: 'firing', ...said });
    expect(first({ ...begun, ...ended })).toMatchObject({ status: 'resolved', dedupKey: alert.dedupKey });
  });

  it('are read from what is left of a cut text, or said to be unreadable', () => {
    expect(first('{"title":"Half of it","severity":"high","det')).toMatchObject({
      title: 'Half of it',
      severity: 'high',
    });
    for (const bad of [null, 7, '', {}, [], '{"a', { labels: 'x' }])
      expect(readAlerts(bad, null)).toHaveProperty('unreadable');
  });

  it('never make a reader throw, and always come out normalised', () => {
    const name = fc.constantFrom(
      'title',
      'status',
      'severity',
      'alerts',
      'labels',
      'payload',
      'data',
      'event_action',
      'type',
      'page',
      'incident',
      'results',
      'event',
      'action',
      'component_update',
      'state',
      'orgId',
      'tags',
    );
    const tree = fc.letrec((tie) => ({
      it: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('it'), { maxLength: 3 }),
        fc.dictionary(name, tie('it')),
      ),
    })).it;
    fc.assert(
      fc.property(tree, fc.constantFrom(null, ...ALERT_DIALECTS.map(({ product }) => product)), (payload, product) => {
        const reading = readAlerts(payload, product);
        for (const alert of 'alerts' in reading ? reading.alerts : []) {
          expect(alert.title.length).toBeGreaterThan(0);
          expect(alert.title.length).toBeLessThanOrEqual(300);
          expect(alert.dedupKey.length).toBeLessThanOrEqual(255);
          expect(ALERT_SEVERITIES).toContain(alert.severity);
          expect(ALERT_STATUSES).toContain(alert.status);
        }
      }),
      { numRuns: 500 },
    );
    let deep: unknown = 'x';
    for (let i = 0; i < 20_000; i++) deep = { data: deep };
    expect(readAlerts(deep, null)).toHaveProperty('unreadable');
  });
});

describe('a mapping', () => {
  it('may use the words of the product, make several, or make nothing', () => {
    expect(readMapped({ title: 'A', severity: 'P1', status: 'closed', dedupKey: 'k' })).toMatchObject({
      alerts: [{ severity: 'critical', status: 'resolved', dedupKey: 'k' }],
    });
    expect(readMapped([{ title: 'A' }, 7])).toMatchObject({ leftOut: 1 });
    expect(readMapped(null)).toHaveProperty('ignored');
    expect(readMapped({ name: 'no title' })).toHaveProperty('unreadable');
  });
});

describe('following an alert', () => {
  const at = momentOf('2026-11-20T09:00:00Z')!;
  const open = { resolvedAt: null, acknowledgedAt: null, beganAt: at };
  const ended = { ...open, resolvedAt: momentOf('2026-11-20T09:30:00Z') };
  it.each([
    [null, 'firing', 'raise'],
    [open, 'firing', 'repeat'],
    [open, 'resolved', 'resolve'],
    [open, 'acknowledged', 'acknowledge'],
    [null, 'resolved', 'nothing'],
    [null, 'suppressed', 'nothing'],
    [null, 'pending', 'nothing'],
    [null, 'acknowledged', 'raise'],
    [ended, 'acknowledged', 'nothing'],
    [ended, 'resolved', 'nothing'],
    [ended, 'firing', 'nothing'],
  ] as const)('%j and then %s: %s', (held, status, does) => {
    expect(followAlert(held, { status, at }).does).toBe(does);
  });
  it('raises again when it begins again, and where nobody says when', () => {
    expect(followAlert(ended, { status: 'firing', at: momentOf('2026-11-20T10:00:00Z') }).does).toBe('raise');
    expect(followAlert(ended, { status: 'firing', at: null }).does).toBe('raise');
    expect(followAlert(null, { status: 'acknowledged', at }, false).does).toBe('nothing');
  });
});
