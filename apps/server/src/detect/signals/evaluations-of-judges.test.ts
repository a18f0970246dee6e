import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

const attributes = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const nanos = (afterMs: number) => String(BigInt(Date.parse(world.now()) + afterMs) * 1_000_000n);
const resource = { attributes: attributes({ 'service.name': 'bot' }) };
const post = async (path: string, body: object) => {
  const response = await world.send('POST', path, {
    headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
};

let count = 0;
const traceId = () => (++count).toString(16).padStart(32, 'a');
const idOf = (span: string) => span.padStart(16, '0');
interface Span {
  readonly id: string;
  readonly parent?: string;
  readonly from: number;
  readonly to: number;
  readonly has?: Readonly<Record<string, string>>;
  readonly link?: readonly [trace: string, span: string];
  /** Name of an evaluation that stands on it and failed. */
  readonly fails?: string;
}
const says = (name: string) => attributes({ 'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.label': 'fail' });
const trace = (trace: string, ...spans: readonly Span[]) =>
  post('/v1/traces', {
    resourceSpans: [
      {
        resource,
        scopeSpans: [
          {
            spans: spans.map(({ id, parent, from, to, has, link, fails }) => ({
              traceId: trace,
              spanId: idOf(id),
              ...(parent && { parentSpanId: idOf(parent) }),
              startTimeUnixNano: nanos(from),
              endTimeUnixNano: nanos(to),
              attributes: attributes(has ?? {}),
              ...(link && { links: [{ traceId: link[0], spanId: idOf(link[1]) }] }),
              ...(fails && { events: [{ name: 'gen_ai.evaluation.result', attributes: says(fails) }] }),
            })),
          },
        ],
      },
    ],
  });
const log = (trace: string, span: string | null, name: string) =>
  post('/v1/logs', {
    resourceLogs: [
      {
        resource,
        scopeLogs: [
          {
            logRecords: [
              {
                eventName: 'gen_ai.evaluation.result',
                timeUnixNano: nanos(0),
                traceId: trace,
                ...(span !== null && { spanId: idOf(span) }),
                attributes: says(name),
              },
            ],
          },
        ],
      },
    ],
  });
const call = (response: string, model = 'm-1') => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.response.model': model,
  'gen_ai.response.id': response,
});
const EVALUATOR = { 'openinference.span.kind': 'EVALUATOR' };
const answer = (response: string, id = 'a'): Span => ({ id, parent: 'f', from: 0, to: 100, has: call(response) });
/** An evaluator with its call inside. */
const evaluator = (response: string, more: Partial<Span> = {}): Span[] => [
  { id: 'e', from: 200, to: 300, has: EVALUATOR, ...more },
  { id: 'd', parent: 'e', from: 210, to: 290, has: call(response) },
];

/** What stands with an answer, and whether it is known to be about it. */
async function said(trace: string, response: string) {
  const { items } = await sender.call(signals.listInteractions, { query: { trace } });
  for (const { id, failed } of items) {
    const it = await sender.call(signals.readInteraction, { params: { interaction: id } });
    if (it.interaction.responseId !== response) continue;
    return {
      judge: it.interaction.judge === true,
      failed,
      evaluations: it.evaluations.map(({ name, interaction }) => `${name} ${interaction === null ? '?' : 'of it'}`),
    };
  }
  throw new Error(`${response} is not there`);
}

it('goes from the span of an evaluator to what that is linked to, in another trace', async () => {
  const [judged, judging] = [traceId(), traceId()];
  await trace(judged, answer('r-1'));
  await trace(judging, ...evaluator('j-1', { link: [judged, 'a'], fails: 'Linked' }));
  await world.advance('3s');
  expect(await said(judged, 'r-1')).toEqual({ judge: false, failed: 1, evaluations: ['Linked of it'] });
  expect(await said(judging, 'j-1')).toEqual({ judge: true, failed: 0, evaluations: [] });
});

it('goes to the call an evaluator hangs beneath, though that came with another request', async () => {
  const at = traceId();
  await trace(at, answer('r-2'), answer('r-3', 'b'));
  await trace(at, ...evaluator('j-2', { parent: 'b', fails: 'Beneath' }));
  await world.advance('3s');
  expect((await said(at, 'r-3')).evaluations).toEqual(['Beneath of it']);
  expect((await said(at, 'j-2')).evaluations).toEqual([]);
});

it('goes from the call of another model to the one that had answered before it, and keeps both', async () => {
  const at = traceId();
  const judge: Span = { id: 'd', parent: 'a', from: 110, to: 150, has: call('j-3', 'judge-1'), fails: 'Child' };
  await trace(at, answer('r-4'), judge);
  await world.advance('3s');
  expect((await said(at, 'r-4')).evaluations).toEqual(['Child of it']);
  expect(await said(at, 'j-3')).toEqual({ judge: true, failed: 0, evaluations: [] });
});

it('of a log on the span or the call of an evaluator goes to the only answer of the trace that no judge made', async () => {
  const at = traceId();
  await trace(at, answer('r-5'), ...evaluator('j-5'));
  await log(at, 'e', 'On the span');
  await log(at, 'd', 'On the call');
  await log(at, null, 'Of the trace');
  await world.advance('2m');
  expect((await said(at, 'r-5')).evaluations.sort()).toEqual([
    'Of the trace of it',
    'On the call of it',
    'On the span of it',
  ]);
  expect((await said(at, 'j-5')).evaluations).toEqual([]);
});

it('knows the call of a judge that somebody else had told of before its trace came', async () => {
  const at = traceId();
  await sender.call(signals.sendInteractions, { body: { system: 'bot', responseId: 'j-8', output: '{"score": 1}' } });
  await trace(at, ...evaluator('j-8'));
  await world.advance('3s');
  expect(await said(at, 'j-8')).toMatchObject({ judge: true });
});

it('goes to none where nothing says to which, is seen with each of the trace, and told without one', async () => {
  const at = traceId();
  await trace(at, answer('r-6'), answer('r-7', 'b'), ...evaluator('j-6', { fails: 'Unclear' }));
  await world.advance('2m');
  for (const response of ['r-6', 'r-7', 'j-6'])
    expect(await said(at, response)).toMatchObject({ failed: 0, evaluations: ['Unclear ?'] });
  const alone = traceId();
  await trace(alone, ...evaluator('j-7'));
  await log(alone, 'd', 'Alone');
  await world.advance('2m');
  expect(await said(alone, 'j-7')).toEqual({ judge: true, failed: 0, evaluations: ['Alone ?'] });
  const { items } = await sender.call(signals.listSignals, {
    query: { system: 'bot', detector: 'evaluation Unclear' },
  });
  expect(items).toMatchObject([{ interaction: null }]);
  // It names another answer, so it does not stand with this one.
  const spoken = { system: 'bot', interaction: 'elsewhere', traceId: at, name: 'Named', score: 1 };
  await sender.call(signals.sendEvaluations, { body: spoken });
  await world.advance('3s');
  expect((await said(at, 'r-6')).evaluations).toEqual(['Unclear ?']);
});
