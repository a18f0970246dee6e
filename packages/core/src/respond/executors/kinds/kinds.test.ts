import { describe, expect, it } from 'vitest';
import type { Answer, Doing, SwitchValue, Way } from './kind.ts';
import { isTrouble, troubleOf } from './kind.ts';
import { EXECUTOR_KINDS, type ExecutorKind, isSettingFault, kindOf, settingsFor } from './registry.ts';
import { goodParameters, parametersOf } from './script.ts';

const SAID: Record<ExecutorKind, Record<string, string>> = {
  unleash: { url: 'https://u.test/', project: 'bots', environment: 'production', flag: 'answers' },
  launchdarkly: { flag: 'answers' },
  flagsmith: { environment: 'ENV', flag: 'answers' },
  github: { owner: 'acme', repository: 'bot', workflow: 'stop.yml' },
  'kubernetes-scale': { url: 'https://k.test:6443', deployment: 'bot' },
  'kubernetes-annotate': { url: 'https://k.test:6443', deployment: 'bot', annotation: 'example.com/held' },
  webhook: { url: 'https://h.test/hook?x=1' },
  script: { runner: 'r1', script: 'stop.sh', parameters: 'SERVICE=bot' },
};
const doing = (kind: ExecutorKind, over: Partial<Doing> = {}, said: Record<string, string> = {}): Doing => {
  const settings = settingsFor(kind, { ...SAID[kind], ...said });
  if (isSettingFault(settings)) throw new Error(settings.why);
  return {
    settings,
    secret: 'sekrit',
    way: 'hold',
    was: null,
    key: 'fb-1-hold',
    attempt: 1,
    sent: false,
    orderedAt: '2026-11-29T08:00:00.000Z',
    about: { executor: 'x', hold: 'hld_1', label: 'HLD-1', incident: 'inc_1', system: 'bot', control: 'ctl_1' },
    report: { url: 'https://f.test/api/v1/executor-reports', token: 'tok' },
    ...over,
  };
};
const ok = (body: unknown, status = 200): Answer => ({ status, headers: {}, body: JSON.stringify(body) });

const flagOf = (kind: ExecutorKind, on: boolean): unknown =>
  kind === 'unleash'
    ? {
        name: 'answers',
        environments: [
          { name: 'development', enabled: !on },
          { name: 'production', enabled: on },
        ],
      }
    : kind === 'launchdarkly'
      ? { key: 'answers', environments: { production: { on, archived: false } } }
      : { count: 1, results: [{ id: 77, feature: 3, enabled: on, feature_state_value: null }] };

describe.each(['unleash', 'launchdarkly', 'flagsmith'] as const)('a flag of %s', (name) => {
  const kind = kindOf(name);
  it.each<[Way, string, boolean | null, boolean, 'there' | 'elsewhere']>([
    ['hold', 'off', null, true, 'elsewhere'],
    ['hold', 'off', null, false, 'there'],
    ['hold', 'on', null, false, 'elsewhere'],
    ['hold', 'on', null, true, 'there'],
    ['let-go', 'off', true, false, 'elsewhere'],
    ['let-go', 'off', true, true, 'there'],
    ['let-go', 'off', false, false, 'there'],
    ['let-go', 'on', false, true, 'elsewhere'],
    ['let-go', 'off', null, false, 'there'],
  ])('%s, held means %s, was %s, is %s: %s', (way, held, was, is, stands) => {
    const it_ = doing(name, { way, was: was === null ? null : ({ on: was } as SwitchValue) }, { held });
    const saw = kind.saw(it_, ok(flagOf(name, is)));
    if (isTrouble(saw)) throw new Error(saw.trouble);
    expect(saw.value.on).toBe(is);
    expect(kind.stands(it_, saw)).toBe(stands);
  });
  it.each([
    [401, true],
    [403, true],
    [404, true],
    [409, false],
    [429, false],
    [302, true],
    [500, false],
    [503, false],
  ])('answering %i is no state; final: %s', (status, final) => {
    expect(kind.saw(doing(name), ok({ message: 'no' }, status))).toMatchObject({ final });
  });
  it('says when the answer is something else, or the environment is not there', () => {
    expect(kind.saw(doing(name), { status: 200, headers: {}, body: '<html>' })).toMatchObject({ final: true });
    const none = name === 'flagsmith' ? { results: [] } : { environments: name === 'unleash' ? [] : {} };
    expect(kind.saw(doing(name), ok(none))).toMatchObject({ trouble: expect.stringMatching(/has no/) });
  });
});

it('speaks each interface as it is documented', () => {
  const change = (kind: ExecutorKind, over: Partial<Doing> = {}, value: SwitchValue = {}) =>
    kindOf(kind).change(doing(kind, over), { value, says: '' })[0]!;
  const look = (kind: ExecutorKind) => kindOf(kind).look(doing(kind))!;
  const u = 'https://u.test/api/admin/projects/bots/features/answers';
  expect(look('unleash')).toMatchObject({ method: 'GET', url: u, headers: { authorization: 'sekrit' } });
  expect(change('unleash')).toMatchObject({ method: 'POST', url: `${u}/environments/production/off` });
  expect(change('unleash', { way: 'let-go', was: { on: true } }).url).toMatch(/\/on$/);
  const ld = 'https://app.launchdarkly.com/api/v2/flags/default/answers';
  expect(look('launchdarkly').url).toBe(`${ld}?env=production`);
  expect(change('launchdarkly')).toMatchObject({
    method: 'PATCH',
    url: `${ld}?ignoreConflicts=true`,
    headers: { 'content-type': 'application/json; domain-model=launchdarkly.semanticpatch' },
  });
  expect(JSON.parse(change('launchdarkly').body!)).toMatchObject({
    environmentKey: 'production',
    instructions: [{ kind: 'turnFlagOff' }],
  });
  // Letting go waits for what others had planned.
  expect(change('launchdarkly', { way: 'let-go', was: { on: true } }, { on: false }).url).toBe(ld);
  const approval = ok({ code: 'forbidden', message: 'approval required' }, 405);
  expect(kindOf('launchdarkly').changed?.(doing('launchdarkly'), approval)).toMatchObject({
    stands: { trouble: expect.stringContaining('approved in LaunchDarkly'), final: true },
  });
  const fs = 'https://api.flagsmith.com/api/v1/environments/ENV/featurestates/';
  expect(look('flagsmith')).toMatchObject({
    url: `${fs}?feature_name=answers`,
    headers: { authorization: 'Api-Key sekrit' },
  });
  expect(change('flagsmith', {}, { state: 77 })).toMatchObject({
    method: 'PATCH',
    url: `${fs}77/`,
    body: '{"enabled":false}',
  });
  const gh = 'https://api.github.com/repos/acme/bot/actions/workflows/stop.yml';
  expect(look('github').url).toBe(`${gh}/runs?event=workflow_dispatch&per_page=50&created=%3E%3D2026-11-29`);
  expect(JSON.parse(change('github').body!)).toEqual({
    ref: 'main',
    inputs: { firebreak: 'fb-1-hold-1', state: 'hold' },
  });
  const k = 'https://k.test:6443/apis/apps/v1/namespaces/default/deployments/bot';
  expect(change('kubernetes-scale')).toMatchObject({
    method: 'PATCH',
    url: `${k}/scale`,
    headers: { authorization: 'Bearer sekrit', 'content-type': 'application/merge-patch+json' },
    body: '{"spec":{"replicas":0}}',
  });
  expect(change('kubernetes-annotate', { way: 'let-go', was: { value: null } })).toMatchObject({
    url: k,
    body: '{"metadata":{"annotations":{"example.com/held":null}}}',
  });
});

it.each([
  [{ feature_state_value: 'blue' }, { type: 'unicode', string_value: 'blue' }],
  [{ feature_state_value: 7 }, { type: 'int', integer_value: 7 }],
  [{ feature_state_value: true }, { type: 'bool', boolean_value: true }],
  [{ feature_state_value: null }, { type: 'unicode', string_value: null }],
])('publishes a new version where Flagsmith has versions of features, and leaves the value %j', (holds, value) => {
  const kind = kindOf('flagsmith');
  const hold = doing('flagsmith');
  const versioned = { id: 77, feature: 3, environment: 9, environment_feature_version: 'a1', enabled: true, ...holds };
  const saw = kind.saw(hold, ok({ results: [versioned] }));
  if (isTrouble(saw)) throw new Error(saw.trouble);
  expect(saw.value).toEqual({ on: true, state: 77 });
  const [ask, ...more] = kind.change(hold, saw);
  expect(more).toEqual([]);
  expect(ask).toMatchObject({
    method: 'POST',
    url: 'https://api.flagsmith.com/api/v1/environments/9/features/3/versions/',
    headers: { 'content-type': 'application/json' },
  });
  expect(JSON.parse(ask!.body!)).toEqual({
    publish_immediately: true,
    feature_states_to_update: [{ feature_segment: null, enabled: false, feature_state_value: value }],
  });
});

it('waits for pods to go and to come, and finds zero where it is left out', () => {
  const kind = kindOf('kubernetes-scale');
  const stands = (over: Partial<Doing>, spec: object, status: object) => {
    const it_ = doing('kubernetes-scale', over);
    const saw = kind.saw(it_, ok({ kind: 'Scale', spec, status }));
    return isTrouble(saw) ? saw : kind.stands(it_, saw);
  };
  expect(stands({}, { replicas: 3 }, { replicas: 3 })).toBe('elsewhere');
  expect(stands({}, {}, { replicas: 2 })).toBe('under-way');
  expect(stands({}, {}, { replicas: 0 })).toBe('there');
  const back = { way: 'let-go' as const, was: { replicas: 3, running: 3 } };
  expect(stands(back, {}, { replicas: 0 })).toBe('elsewhere');
  expect(stands(back, { replicas: 3 }, { replicas: 1 })).toBe('under-way');
  expect(stands(back, { replicas: 3 }, { replicas: 3 })).toBe('there');
});

it('finds its own run by the word in its name, dispatches none twice, and believes only success', () => {
  const kind = kindOf('github');
  const stands = (runs: object[], over: Partial<Doing> = {}) => {
    const it_ = doing('github', over);
    const saw = kind.saw(it_, ok({ total_count: runs.length, workflow_runs: runs }));
    return isTrouble(saw) ? saw : kind.stands(it_, saw);
  };
  const run = (status: string, conclusion: string | null, word = 'fb-1-hold-1') => ({
    id: 5,
    name: 'Stop',
    display_title: `Stop ${word}`,
    status,
    conclusion,
  });
  expect(stands([])).toBe('elsewhere');
  expect(stands([], { sent: true })).toBe('under-way');
  expect(stands([run('completed', 'success', 'fb-2-hold-1')])).toBe('elsewhere');
  expect(stands([run('queued', null)])).toBe('under-way');
  expect(stands([run('completed', 'success')])).toBe('there');
  expect(stands([run('completed', 'failure')])).toMatchObject({ trouble: expect.stringContaining('failure') });
  expect(stands([run('completed', 'failure')], { attempt: 2 })).toBe('elsewhere');
});

it.each([
  [200, '', 'there'],
  [204, '', 'there'],
  [200, '{"state":"confirmed","says":"two pods stopped"}', 'there'],
  [202, '', 'under-way'],
  [202, '{"state":"confirmed"}', 'there'],
  [200, '{"state":"accepted"}', 'under-way'],
])('a webhook that answers %i %s: %s', (status, body, stands) =>
  expect(kindOf('webhook').changed!(doing('webhook'), { status, headers: {}, body })).toMatchObject({ stands }),
);

it('takes a webhook that says it failed for failed, and one that answers 500 for no answer', () => {
  const changed = (status: number, body: string) =>
    kindOf('webhook').changed!(doing('webhook'), { status, headers: {}, body });
  expect(changed(200, '{"state":"failed","says":"no such pod"}')?.stands).toMatchObject({ trouble: 'no such pod' });
  expect(changed(500, '')).toBeUndefined();
});

it('reads what the secret may do where somebody says', () => {
  const may = (kind: ExecutorKind, body: unknown, status = 200) =>
    kindOf(kind).mayChange!(doing(kind), ok(body, status));
  expect(may('unleash', { permissions: [{ permission: 'ADMIN' }] })).toBe(true);
  const update = { permission: 'UPDATE_FEATURE_ENVIRONMENT', project: 'bots' };
  expect(may('unleash', { permissions: [{ ...update, environment: 'production' }] })).toBe(true);
  expect(may('unleash', { permissions: [{ ...update, environment: 'development' }] })).toBe(false);
  expect(may('unleash', {}, 404)).toBeNull();
  expect(may('flagsmith', { admin: false, permissions: ['VIEW_ENVIRONMENT'] })).toBe(false);
  expect(may('flagsmith', { admin: false, permissions: ['UPDATE_FEATURE_STATE'] })).toBe(true);
  expect(may('kubernetes-scale', { status: { allowed: false } })).toBe(false);
  expect(may('github', { permissions: { push: true } })).toBe(true);
  expect(may('github', {})).toBeNull();
});

describe('settings', () => {
  it.each<[ExecutorKind, Record<string, string>, string]>([
    ['unleash', { url: 'ftp://x' }, 'url'],
    ['unleash', { url: 'https://me:secret@u.test' }, 'url'],
    ['unleash', { flag: '' }, 'flag'],
    ['unleash', { flag: '../../etc' }, 'flag'],
    ['unleash', { project: '..' }, 'project'],
    ['unleash', { held: 'maybe' }, 'held'],
    ['unleash', { colour: 'red' }, 'colour'],
    ['kubernetes-scale', { replicas: '-1' }, 'replicas'],
    ['kubernetes-scale', { ca: 'not a certificate' }, 'ca'],
    ['kubernetes-annotate', { annotation: 'a b' }, 'annotation'],
    ['script', { script: '../stop.sh' }, 'script'],
    ['script', { script: 'stop.sh; rm -rf /' }, 'script'],
    ['script', { parameters: 'lower=1' }, 'parameters'],
    ['script', { seconds: '601' }, 'seconds'],
  ])('of %s, %j: %s is refused', (kind, over, name) =>
    expect(settingsFor(kind, { ...SAID[kind], ...over })).toMatchObject({ name, why: expect.any(String) }),
  );

  it('of every kind say what they do, and no secret stands in a path', () => {
    for (const kind of EXECUTOR_KINDS) {
      const it_ = doing(kind);
      expect(kindOf(kind).says(it_.settings, 'hold')).not.toBe(kindOf(kind).says(it_.settings, 'let-go'));
      for (const ask of [kindOf(kind).look(it_), ...kindOf(kind).change(it_, { value: { state: 1 }, says: '' })])
        expect(`${ask?.url}${ask?.body}`).not.toContain('sekrit');
    }
  });
  it('of a script are values, never words of a shell', () => {
    expect(parametersOf('A=1 2; $(id)\n\nB==x')).toEqual({ A: '1 2; $(id)', B: '=x' });
    expect(goodParameters(Array.from({ length: 21 }, (_, n) => `P${n}=1`).join('\n'))).toBe(false);
  });
});

it('says what a status means in words, with the beginning of what was answered', () => {
  expect(troubleOf({ status: 204, headers: {}, body: '' }, 'x')).toBeNull();
  expect(troubleOf({ status: 404, headers: {}, body: ' a\n b ' }, 'flag x')?.trouble).toBe(
    'there is no flag x (404): a b',
  );
  expect(troubleOf({ status: 401, headers: {}, body: '{"message":"You must log in."}' }, 'x')?.trouble).toBe(
    'the secret was not accepted (401): You must log in',
  );
  expect(troubleOf({ status: 418, headers: {}, body: 'y'.repeat(900) }, 'x')!.trouble.length).toBeLessThan(260);
});

it.each<[string, Record<string, string>, string, boolean]>([
  ['a limit of its own', { 'x-ratelimit-remaining': '0' }, 'API rate limit exceeded', false],
  ['a time to wait', { 'retry-after': '60' }, '', false],
  ['a secondary limit', {}, 'You have exceeded a secondary rate limit.', false],
  ['nothing of the kind', { 'x-ratelimit-remaining': '4999' }, 'Resource not accessible by integration', true],
])('takes 403 with %s for what it is', (_, headers, body, final) =>
  expect(troubleOf({ status: 403, headers, body }, 'x')).toMatchObject({ final }),
);
