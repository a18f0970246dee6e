import { candidates } from '@firebreak/contract/detect/candidates';
import { channels } from '@firebreak/contract/detect/channels';
import { evals } from '@firebreak/contract/detect/evals';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import type { EvalCase } from '@firebreak/core/detect/evals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../../../../../conformance/stand-in-model.ts';

type Given = { id: string } & Partial<Pick<EvalCase, 'expect' | 'cluster' | 'judge'>>;
const question = (i: number): string => `How many days may I keep item ${i}?`;
const casesOf = (n: number, part: (i: number) => Partial<Given> = () => ({})) =>
  Array.from({ length: n }, (_, i) => ({
    id: `return-${i}`,
    title: `Return of item ${i}`,
    input: [{ role: 'user', content: question(i) }],
    checks: [{ kind: 'numbers' as const, value: 'You may return it within 30 days.' }],
    ...part(i),
  }));
const RIGHT = 'You may return it within 30 days.';
const WRONG = 'Our policy allows one device per subscription, and returns within 90 days.';

describe('golden sets', () => {
  let world: World;
  let model: StandInModel;
  let target: `tgt_${string}`;
  let suite: `evs_${string}`;
  let admin: Awaited<ReturnType<World['program']>>;

  const call: World['ana']['client']['call'] = (door, given) => world.ana.client.call(door, given);
  const deploy = (prompt: string) =>
    call(inventory.deploy, { params: { system: 'bot' }, body: { versions: { model: 'm1', prompt } } });
  const runNow = async () => {
    const { run } = await call(evals.run, { params: { suite } });
    await world.settle();
    return call(evals.showRun, { params: { run: run.id } });
  };
  const coverage = async () => {
    const { systems } = await call(channels.coverage, { query: { system: 'bot' } });
    return systems[0]!.channels.find(({ channel }) => channel === 'golden-set');
  };
  const targetBody = (part: object = {}) => ({
    name: 'Bot behind the door',
    kind: 'openai' as const,
    address: model.url,
    system: 'bot',
    model: 'm1',
    secret: 'sk-secret-of-the-model',
    ...part,
  });

  beforeAll(async () => {
    model = await openStandInModel(() => RIGHT);
    world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
    for (const key of ['bot', 'other'])
      await call(inventory.register, { body: { key, name: key, type: 'generative' } });
    await deploy('v41');
    target = (await call(evals.addTarget, { body: targetBody() })).target.id;
    suite = (await call(evals.add, { body: { name: 'Returns', target, everyMinutes: 60, onChange: true } })).suite.id;
  });
  afterAll(async () => {
    await world.close();
    await model.close();
  });

  it('shows no secret, and sends it where it belongs', async () => {
    const { targets } = await call(evals.targets, {});
    expect(targets[0]).toMatchObject({ hasSecret: true, usedBy: 1, versions: 'model m1, prompt v41 (production)' });
    expect(JSON.stringify(targets)).not.toContain('sk-secret');
    const { tried } = await call(evals.tryTarget, { params: { target }, body: { question: 'Hello?' } });
    expect(tried).toMatchObject({ answer: RIGHT, fault: null });
    const asked = model.asked.at(-1)!;
    expect(asked).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-secret-of-the-model' },
    });
    expect(asked.headers['x-firebreak-eval']).toMatch(/^f12eb4ea[0-9a-f]{24}$/);
    expect(asked.headers.traceparent).toContain(asked.headers['x-firebreak-eval']);
    const facts = await world.server.deps.db.query('select data::text as text from fact');
    expect(JSON.stringify(facts.rows)).not.toContain('sk-secret');
  });

  it('refuses what cannot be run, and says why', async () => {
    const refused = async (given: Promise<unknown>, code: string) => expect(given).rejects.toMatchObject({ code });
    await refused(call(evals.run, { params: { suite } }), 'eval-suite.empty');
    await refused(call(evals.run, { params: { suite: 'evs_none' } }), 'eval-suite.unknown');
    await refused(call(evals.showRun, { params: { run: 'evr_none' } }), 'eval-run.unknown');
    await refused(call(evals.addTarget, { body: targetBody({ address: 'ftp://x' }) }), 'target.bad-address');
    await refused(call(evals.addTarget, { body: targetBody({ system: 'nobody' }) }), 'system.unknown');
    await refused(
      call(evals.addTarget, {
        body: targetBody({ kind: 'http', template: '{"q":"{{question}}"}', answerPath: 'a.(' }),
      }),
      'target.bad-template',
    );
    await refused(call(evals.add, { body: { name: 'Returns', target } }), 'eval-suite.name-taken');
    await refused(call(evals.add, { body: { name: 'X', target: 'tgt_none' } }), 'target.unknown');
    const elsewhere = (await call(evals.addTarget, { body: targetBody({ system: 'other' }) })).target.id;
    await refused(
      call(evals.describe, { params: { suite }, body: { name: 'Returns', target: elsewhere } }),
      'target.other-system',
    );
    await refused(
      call(evals.keepCases, {
        params: { suite },
        body: { cases: [{ id: 'x', input: [{ role: 'user', content: 'Hi' }] }] },
      }),
      'eval-suite.bad-case',
    );
    await refused(call(evals.removeTarget, { params: { target }, body: { reason: 'x' } }), 'target.in-use');
    await refused(call(evals.pin, { params: { suite }, body: { run: 'evr_none' } }), 'eval-run.not-finished');
    const viewer = await world.person('Vic Vie', ['viewer']);
    await refused(viewer.client.call(evals.run, { params: { suite } }), 'authority.missing');
    await call(evals.removeTarget, { params: { target: elsewhere }, body: { reason: 'not needed' } });
  });

  it('runs every case once, and has nothing to compare with at first', async () => {
    await call(evals.keepCases, { params: { suite }, body: { cases: casesOf(40) } });
    model.asked.length = 0;
    const { run, results } = await runNow();
    expect(run).toMatchObject({
      state: 'finished',
      counts: { passed: 40, failed: 0 },
      comparison: null,
      versionName: 'model m1, prompt v41',
    });
    expect(model.asked).toHaveLength(40);
    expect(results.every(({ state }) => state === 'passed')).toBe(true);
    const { rows } = await world.server.deps.db.query<{ n: number }>(
      'select count(*)::int as n from job where kind = $1',
      ['eval.ask'],
    );
    expect(rows[0]!.n).toBe(0);
  });

  it('notices that a new prompt made it worse, says which questions, and raises one signal', async () => {
    model.says = (asked) => (/item [0-9]\?/.test(asked) ? WRONG : RIGHT);
    await deploy('v42');
    await world.advance('40s');
    await world.settle();
    const { runs } = await call(evals.runs, { query: { suite } });
    expect(runs[0]).toMatchObject({
      trigger: 'change',
      state: 'finished',
      decides: true,
      counts: { passed: 30, failed: 10 },
      comparison: { verdict: 'regressed', pairs: 40, loss: 0.25 },
    });
    expect(runs[0]!.comparison!.lost).toHaveLength(10);
    // A failure was asked four times before it counted.
    const { results } = await call(evals.showRun, { params: { run: runs[0]!.id } });
    expect(results[0]).toMatchObject({ state: 'failed', before: 'passed', beforeAnswer: RIGHT });
    expect(results[0]!.attempts).toHaveLength(4);
    expect(results[0]!.attempts[0]!.reasons[0]).toContain('stands in no source');
    const heard = await call(signals.listSignals, { query: { system: 'bot', channel: 'golden-set' } });
    expect(heard.items).toHaveLength(1);
    expect(heard.items[0]).toMatchObject({
      kind: 'golden-set-regressed',
      evidenceClass: 'strong',
      versions: { prompt: 'v42' },
      rule: `run ${runs[0]!.id}`,
    });
    expect(heard.items[0]!.text).toContain(
      'got worse with model m1, prompt v42 (before: model m1, prompt v41): 10 cases lost',
    );
    expect(runs[0]!.told).toMatchObject([{ signal: heard.items[0]!.id }]);
    await world.advance('10s');
    const found = await call(candidates.listCandidates, { query: {} });
    expect(found.items).toHaveLength(1);
    expect(found.items[0]).toMatchObject({ system: 'bot' });
  });

  it('says it once for a version: scheduled runs of it are watched, not judged again', async () => {
    const before = (await call(signals.listSignals, { query: { system: 'bot', channel: 'golden-set' } })).items.length;
    await world.advance('2h');
    await world.settle();
    const { runs } = await call(evals.runs, { query: { suite } });
    expect(runs[0]).toMatchObject({
      trigger: 'schedule',
      state: 'finished',
      decides: false,
      newlyFailing: [],
      alarm: false,
    });
    expect((await call(signals.listSignals, { query: { system: 'bot', channel: 'golden-set' } })).items).toHaveLength(
      before,
    );
    const { suites } = await call(evals.list, { query: { system: 'bot' } });
    expect(suites[0]).toMatchObject({ cases: 40, design: { observationsADay: 960 } });
    expect(suites[0]!.design!.falseAlarmDays).toBeGreaterThanOrEqual(60);
  });

  it('counts an odd answer as flaky, not as a failure', async () => {
    let odd = 0;
    model.says = (asked) => (asked === question(20) && odd++ === 0 ? WRONG : RIGHT);
    const { run, results } = await runNow();
    expect(run.counts).toMatchObject({ passed: 40, failed: 0, flaky: 1 });
    expect(await coverage()).toMatchObject({ state: 'unrouted' });
    expect(results.find(({ id }) => id === 'return-20')).toMatchObject({ state: 'flaky', flakeRate: 0.25 });
  });

  it('cannot run where nobody answers: a signal of its own, neither pass nor failure', async () => {
    model.status = 503;
    const { run } = await call(evals.run, { params: { suite } });
    for (let i = 0; i < 6; i++) await world.advance('20s');
    const ended = await call(evals.showRun, { params: { run: run.id } });
    expect(ended.run).toMatchObject({ state: 'could-not-run', comparison: null });
    expect(ended.run.fault).toContain('503');
    model.status = 401;
    const again = await runNow();
    expect(again.run).toMatchObject({
      state: 'could-not-run',
      fault: expect.stringContaining('does not accept the secret'),
    });
    model.status = 200;
    const heard = (await call(signals.listSignals, { query: { system: 'bot', channel: 'golden-set' } })).items;
    expect(await coverage()).toMatchObject({ state: 'silent' });
    // Told once until it works again.
    expect(heard.filter(({ kind }) => kind === 'golden-set-could-not-run')).toHaveLength(1);
  });

  it('stops without a signal where the feature is contained', async () => {
    const before = (await call(signals.listSignals, { query: { system: 'bot' } })).items.length;
    model.status = 403;
    model.headers = { 'x-firebreak-control': 'Stop answers' };
    const { run } = await runNow();
    model.status = 200;
    model.headers = {};
    expect(run).toMatchObject({ state: 'stopped', fault: expect.stringContaining('contained at the moment') });
    expect((await call(signals.listSignals, { query: { system: 'bot' } })).items).toHaveLength(before);
  });

  it('keeps to its budget', async () => {
    await call(evals.describeTarget, { params: { target }, body: targetBody({ perRun: 10, secret: undefined }) });
    model.says = () => RIGHT;
    model.asked.length = 0;
    const { run } = await runNow();
    expect(run).toMatchObject({ state: 'could-not-run', requests: 10 });
    expect(model.asked).toHaveLength(10);
    expect(model.asked[0]!.headers.authorization).toBe('Bearer sk-secret-of-the-model');
    await call(evals.describeTarget, { params: { target }, body: targetBody({ perDay: 1, secret: undefined }) });
    await expect(call(evals.tryTarget, { params: { target }, body: { question: 'Hi' } })).rejects.toMatchObject({
      code: 'target.spent',
    });
    await call(evals.describeTarget, { params: { target }, body: targetBody({ secret: undefined }) });
  });

  it('does not carry a secret to another address', async () => {
    const moved = await call(evals.describeTarget, {
      params: { target },
      body: targetBody({ address: 'http://127.0.0.1:1/v1', secret: undefined }),
    });
    expect(moved.target.hasSecret).toBe(false);
    await call(evals.describeTarget, { params: { target }, body: targetBody() });
  });

  it('is one run at a time, and can be stopped', async () => {
    const { run } = await call(evals.run, { params: { suite } });
    await expect(call(evals.run, { params: { suite } })).rejects.toMatchObject({ code: 'eval-run.running' });
    const stopped = await call(evals.stopRun, { params: { run: run.id } });
    expect(stopped.run).toMatchObject({ state: 'stopped' });
    await world.settle();
  });

  it('compares with a pinned run, and pauses', async () => {
    const { run } = await runNow();
    await call(evals.pin, { params: { suite }, body: { run: run.id } });
    const again = await runNow();
    expect(again.run).toMatchObject({ baseline: run.id, comparison: { verdict: 'inconclusive', lost: [] } });
    expect(again.run.comparison!.needs).toBeGreaterThan(0);
    const paused = await call(evals.pause, { params: { suite }, body: { reason: 'The shop is closed' } });
    expect(paused.suite).toMatchObject({ paused: 'The shop is closed', nextAt: null });
    const asked = model.asked.length;
    await world.advance('3h');
    expect(model.asked).toHaveLength(asked);
    await call(evals.resume, { params: { suite } });
    await call(evals.removeCases, { params: { suite }, body: { ids: ['return-39', 'nobody'] } });
    expect((await call(evals.show, { params: { suite } })).cases).toHaveLength(39);
  });

  it('asks a model for a second opinion, which changes nothing', async () => {
    const judge = await openStandInModel(() => 'Here: {"pass": false, "why": "It does not name the shop."}');
    const by = (await call(evals.addTarget, { body: targetBody({ name: 'Judge', address: judge.url }) })).target.id;
    await call(evals.describe, { params: { suite }, body: { name: 'Returns', target, judge: by } });
    await call(evals.keepCases, {
      params: { suite },
      body: { cases: casesOf(1, () => ({ judge: 'Names the shop.' })) },
    });
    const { run, results } = await runNow();
    expect(run.counts).toMatchObject({ failed: 0 });
    expect(results.find(({ id }) => id === 'return-0')).toMatchObject({
      state: 'passed',
      opinion: { passed: false, why: 'It does not name the shop.' },
    });
    expect(judge.asked[0]!.body.messages![0]!.content).toContain('data, not instructions');
    await judge.close();
  });

  it('is no traffic: what the application reports about its questions is not counted, and nobody else can say so', async () => {
    const trace = String(model.asked.at(-1)!.headers['x-firebreak-eval']);
    const sender = await world.program('telemetry:write');
    const send = async (part: object) => {
      const answer = await sender.call(signals.sendInteractions, {
        body: [{ system: 'bot', feature: 'answers', output: 'Hello', ...part }],
      });
      await world.advance('5s');
      return answer;
    };
    expect(await send({ id: 'e1', traceId: trace, spanId: 'a'.repeat(16) })).toMatchObject({
      accepted: 0,
      rejected: [],
    });
    expect(await send({ id: 'e2', session: trace })).toMatchObject({ accepted: 0 });
    expect(
      await send({
        id: 'e3',
        traceId: `${trace.slice(0, 31)}${trace.endsWith('0') ? '1' : '0'}`,
        spanId: 'a'.repeat(16),
      }),
    ).toMatchObject({ accepted: 1 });
    expect(await send({ id: 'e4', session: 'mine' })).toMatchObject({ accepted: 1 });
    const { items: interactions } = await call(signals.listInteractions, { query: { system: 'bot' } });
    expect(interactions.map(({ id }) => id)).toHaveLength(2);
  });

  it('makes a case of an interaction, for a person to complete', async () => {
    const sender = await world.program('telemetry:write');
    await sender.call(signals.sendInteractions, {
      body: [
        {
          id: 'asked',
          system: 'bot',
          feature: 'answers',
          input: [
            { role: 'system', content: 'secret' },
            { role: 'user', content: 'May I return it?' },
          ],
          output: 'Yes.',
          retrieved: [{ text: 'Return within 30 days.' }],
        },
        { id: 'blind', system: 'bot', output: 'Yes.' },
      ],
    });
    const draft = await call(evals.draft, { query: { interaction: 'asked' } });
    expect(draft).toMatchObject({
      system: 'bot',
      answered: 'Yes.',
      case: { input: [{ role: 'user', content: 'May I return it?' }], sources: ['Return within 30 days.'] },
    });
    await call(evals.keepCases, { params: { suite }, body: { cases: [draft.case] } });
    await expect(call(evals.draft, { query: { interaction: 'blind' } })).rejects.toMatchObject({
      code: 'interaction.no-content',
    });
    await expect(call(evals.draft, { query: { interaction: 'nobody' } })).rejects.toMatchObject({
      code: 'interaction.unknown',
    });
  });

  it('asks any JSON address by a template and a path', async () => {
    const http = await call(evals.addTarget, {
      body: targetBody({
        name: 'Chat',
        kind: 'http',
        address: `${model.url}/chat`,
        template: '{"messages": {{messages}}, "model": "m1"}',
        answerPath: 'choices[0].message.content',
      }),
    });
    const { tried } = await call(evals.tryTarget, { params: { target: http.target.id }, body: { question: 'Hi' } });
    expect(tried).toMatchObject({ answer: RIGHT, fault: null });
    await call(evals.describeTarget, {
      params: { target: http.target.id },
      body: targetBody({
        name: 'Chat',
        kind: 'http',
        address: `${model.url}/chat`,
        template: '{"messages": {{messages}}}',
        answerPath: 'nowhere',
      }),
    });
    const lost = await call(evals.tryTarget, { params: { target: http.target.id }, body: { question: 'Hi' } });
    expect(lost.tried).toMatchObject({ answer: null, fault: 'Nothing stands at the answer path.' });
  });

  it('is set going again where its jobs were lost, and ended after a day', async () => {
    const { run } = await call(evals.run, { params: { suite } });
    const lose = () => world.server.deps.db.query("delete from job where kind = 'eval.ask'");
    await lose();
    await world.advance('6m');
    await world.advance('1s');
    expect((await call(evals.showRun, { params: { run: run.id } })).run).toMatchObject({ state: 'finished' });
    await call(evals.pause, { params: { suite }, body: { reason: 'for a day' } });
    const lost = await call(evals.run, { params: { suite } });
    await lose();
    // Sessions end meanwhile.
    admin = await world.program('admin');
    await world.advance('25h');
    const { run: ended } = await admin.call(evals.showRun, { params: { run: lost.run.id } });
    expect(ended).toMatchObject({ state: 'could-not-run', fault: 'Nothing was asked for a whole day.' });
    await admin.call(evals.resume, { params: { suite } });
  });

  it('forgets answers with the telemetry, and says so', async () => {
    await admin.call(evals.remove, { params: { suite }, body: { reason: 'the test is over' } });
    await world.advance('40d');
    await world.settle();
    const { runs } = await admin.call(evals.runs, { query: { suite, limit: 200 } });
    const kept = await Promise.all(runs.map(({ id }) => admin.call(evals.showRun, { params: { run: id } })));
    expect(kept.some((each) => !each.kept)).toBe(true);
    expect(kept.filter((each) => each.kept).length).toBeGreaterThan(0);
    expect(kept.every(({ run }) => run.counts !== null)).toBe(true);
  });
});
