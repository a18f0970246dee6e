import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

type Value = string | number;
const attributes = (of: Record<string, Value>) =>
  Object.entries(of).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
  }));
const nanos = () => String(BigInt(Date.parse(world.now())) * 1_000_000n);
const resource = (service: string) => ({ attributes: attributes({ 'service.name': service }) });
const post = async (path: string, body: object) => {
  const response = await world.send('POST', path, {
    headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

interface Said {
  readonly name?: string;
  readonly score?: number;
  readonly label?: string;
  readonly explanation?: string;
  readonly response?: string;
}
const members = ({ name, score, label, explanation, response }: Said) =>
  attributes({
    ...(name !== undefined && { 'gen_ai.evaluation.name': name }),
    ...(score !== undefined && { 'gen_ai.evaluation.score.value': score }),
    ...(label !== undefined && { 'gen_ai.evaluation.score.label': label }),
    ...(explanation !== undefined && { 'gen_ai.evaluation.explanation': explanation }),
    ...(response !== undefined && { 'gen_ai.response.id': response }),
  });
interface Place {
  readonly traceId?: string;
  readonly spanId?: string;
}
const logged = (service: string, said: Said, more: Place & { severityNumber?: number } = {}) =>
  post('/v1/logs', {
    resourceLogs: [
      {
        resource: resource(service),
        scopeLogs: [
          {
            logRecords: [
              { ...more, timeUnixNano: nanos(), eventName: 'gen_ai.evaluation.result', attributes: members(said) },
            ],
          },
        ],
      },
    ],
  });
const traced = (service: string, place: Place, response: string | null, events: readonly Said[] = []) =>
  post('/v1/traces', {
    resourceSpans: [
      {
        resource: resource(service),
        scopeSpans: [
          {
            spans: [
              {
                ...place,
                name: 'chat',
                startTimeUnixNano: nanos(),
                endTimeUnixNano: nanos(),
                attributes: attributes({
                  'gen_ai.operation.name': 'chat',
                  'gen_ai.response.model': 'm-1',
                  ...(response !== null && { 'gen_ai.response.id': response }),
                }),
                events: events.map((said) => ({
                  name: 'gen_ai.evaluation.result',
                  timeUnixNano: nanos(),
                  attributes: members(said),
                })),
              },
            ],
          },
        ],
      },
    ],
  });
let spans = 0;
const place = (): Required<Place> => {
  spans++;
  return { traceId: spans.toString(16).padStart(32, 'a'), spanId: spans.toString(16).padStart(16, 'b') };
};

type Query = Partial<Parameters<typeof sender.call<typeof signals.listInteractions>>[1]['query']>;
const find = async (query: Query) => (await sender.call(signals.listInteractions, { query })).items;
const only = async (system: string) => {
  const [row] = await find({ system });
  return sender.call(signals.readInteraction, { params: { interaction: row!.id } });
};
const raised = async (system: string) => (await sender.call(signals.listSignals, { query: { system } })).items;

it('puts an evaluation of a log to the answer it names, and raises the failure once', async () => {
  const at = place();
  await traced('bot-log', at, 'r-log');
  const said = { name: 'Relevance', score: 0.1, label: 'not_relevant', explanation: 'Off topic.', response: 'r-log' };
  expect(await logged('bot-log', said, at)).toEqual({ status: 200, body: {} });
  await logged('bot-log', said, at);
  await world.advance('3s');
  const { evaluations, signals: own } = await only('bot-log');
  expect(evaluations).toMatchObject([
    { name: 'Relevance', score: 0.1, label: 'not_relevant', explanation: 'Off topic.', outcome: 'failed' },
  ]);
  expect(own).toMatchObject([
    {
      kind: 'evaluation-failed',
      detector: 'evaluation Relevance',
      evidenceClass: 'weak',
      score: 0.1,
      versions: { model: 'm-1' },
    },
  ]);
  // Judged again, and failed again: the same failure.
  await logged('bot-log', { ...said, score: 0.2 }, at);
  await world.advance('3s');
  expect((await only('bot-log')).evaluations).toHaveLength(2);
  expect(await raised('bot-log')).toHaveLength(1);
});

it('takes evaluations from spans, and one that a log tells as well is one', async () => {
  const at = place();
  const said = { name: 'Groundedness', label: 'fail', score: 2 };
  await traced('bot-span', at, 'r-span', [said, { name: 'Fluency', label: 'pass', score: 5 }]);
  await logged('bot-span', { ...said, response: 'r-span' }, at);
  await world.advance('3s');
  const { evaluations } = await only('bot-span');
  expect(evaluations.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['Groundedness', 'failed'],
    ['Fluency', 'passed'],
  ]);
  expect(await raised('bot-span')).toMatchObject([{ score: null, archetype: 'misinformation-cascade' }]);
  expect(await find({ system: 'bot-span' })).toMatchObject([{ failed: 1, signals: 1 }]);
});

it('finds the answer that comes later, of another service, by its span', async () => {
  const at = place();
  await logged('judge', { name: 'Safety', label: 'fail' }, { ...at, severityNumber: 17 });
  await world.advance('10s');
  expect(await raised('judge')).toEqual([]);
  await traced('bot-late', { ...at, spanId: 'd'.repeat(16) }, null);
  await traced('bot-late', at, null);
  await world.advance('10s');
  const [row] = await find({ system: 'bot-late', evaluation: 'Safety' });
  const judged = await sender.call(signals.readInteraction, { params: { interaction: row!.id } });
  expect(judged.interaction.spanId).toBe(at.spanId);
  expect(judged.evaluations).toMatchObject([{ name: 'Safety', outcome: 'failed', grave: true }]);
  expect(await raised('bot-late')).toMatchObject([
    { evidenceClass: 'strong', text: expect.stringContaining('Safety') },
  ]);
  // Its sender called it an error, and it is told as what it is, not as an error of a log as well.
  expect(await raised('judge')).toEqual([]);
});

it('tells a failure whose answer does not come, and puts it there when it does, without telling it again', async () => {
  const said = { name: 'Correctness', label: 'incorrect', response: 'r-very-late' };
  await logged('bot-very-late', said);
  await world.advance('40s');
  expect(await raised('bot-very-late')).toMatchObject([{ interaction: null }]);
  await traced('bot-very-late', place(), 'r-very-late', [{ ...said, score: 0 }]);
  // The other one is judged first: what was told is not there yet.
  await world.advance('3s');
  await world.advance('3m');
  const { evaluations, signals: own } = await only('bot-very-late');
  expect(evaluations).toHaveLength(2);
  expect(own).toHaveLength(1);
  expect(await raised('bot-very-late')).toHaveLength(1);
});

it('puts an evaluation of a whole trace to its last answer', async () => {
  const first = place();
  await traced('bot-trace', first, 'r-first');
  await world.advance('1s');
  await traced('bot-trace', { ...first, spanId: 'c'.repeat(16) }, 'r-last');
  await logged('bot-trace', { name: 'Goal', label: 'fail' }, { traceId: first.traceId });
  await world.advance('90s');
  const rows = await find({ system: 'bot-trace', evaluation: 'goal' });
  expect(rows).toHaveLength(1);
  const { interaction } = await sender.call(signals.readInteraction, { params: { interaction: rows[0]!.id } });
  expect(interaction.responseId).toBe('r-last');
});

it('is found by score, name, label and outcome', async () => {
  const low = place();
  const high = place();
  await traced('bot-score', low, 'r-low', [{ name: 'Helpfulness', score: 1.5, label: 'poor' }]);
  await traced('bot-score', high, 'r-high', [
    { name: 'Helpfulness', score: 4.5, label: 'fine' },
    { name: 'Toxicity', score: 0.01, label: 'pass' },
  ]);
  await world.advance('3s');
  const found = async (query: Query) =>
    (await find({ system: 'bot-score', ...query })).map(({ traceId }) => (traceId === low.traceId ? 'low' : 'high'));
  expect(await found({ score: 4 })).toEqual(['high']);
  expect(await found({ evaluation: 'helpfulness', scoreTo: 2 })).toEqual(['low']);
  expect(await found({ evaluation: 'Helpfulness', scoreTo: 0.5 })).toEqual([]);
  expect(await found({ label: 'Poor' })).toEqual(['low']);
  expect(await found({ with: 'evaluations' })).toHaveLength(2);
  expect(await found({ with: 'failed' })).toEqual(['low']);
  expect(await found({ detector: 'evaluation Helpfulness', score: 1 })).toEqual([]);
});

it('counts what a label says for certain, and shows what it does not as it is', async () => {
  const at = place();
  await traced('bot-label', at, 'r-label', [
    { name: 'Toxicity', label: 'High' },
    { name: 'Hallucination', label: 'no' },
    { name: 'Relevance', label: 'somewhat relevant' },
    { name: 'Safety', label: 'High' },
    { name: 'Verbosity', score: 4, label: 'high' },
  ]);
  await world.advance('3s');
  const { evaluations, signals: own } = await only('bot-label');
  expect(evaluations.map(({ name, label, outcome }) => [name, label, outcome]).sort()).toEqual([
    ['Hallucination', 'no', 'passed'],
    ['Relevance', 'somewhat relevant', 'unsaid'],
    ['Safety', 'High', 'unsaid'],
    ['Toxicity', 'High', 'failed'],
    ['Verbosity', 'high', 'unsaid'],
  ]);
  expect(own).toMatchObject([{ rule: 'Toxicity', archetype: 'toxicity-abuse' }]);
});

it('says which evaluations it left out, and keeps the span they stood on', async () => {
  expect(await logged('bot-bad', { score: 1 })).toMatchObject({
    body: {
      partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringContaining('gen_ai.evaluation.name') },
    },
  });
  expect(await traced('bot-bad', place(), 'r-bad', [{ score: 1 }])).toMatchObject({
    body: { partialSuccess: { rejectedSpans: '0', errorMessage: expect.stringContaining('1 evaluations') } },
  });
  expect(await find({ system: 'bot-bad' })).toHaveLength(1);
});

it('keeps out of the words of an evaluator what the rule of the system that is judged takes out', async () => {
  await world.ana.client.call(inventory.register, {
    body: { key: 'bot-private', name: 'Private', type: 'generative', owner: 'Support', features: [] },
  });
  await world.ana.client.call(records.rule, {
    params: { system: 'bot-private' },
    body: { keptDays: null, takesOut: ['EMAIL_ADDRESS'], sentShare: null, reason: 'Data protection impact assessment' },
  });
  await logged('outer-judge', { name: 'Tone', explanation: 'It wrote to jo@customer.example.', response: 'r-private' });
  await traced('bot-private', place(), 'r-private');
  await world.advance('10s');
  expect((await only('bot-private')).evaluations).toMatchObject([
    { explanation: 'It wrote to [EMAIL_ADDRESS taken out].' },
  ]);
});

it('is sealed and deleted with its time', async () => {
  const deps = world.server.deps;
  const sealed = await deps.db.query("select 1 from telemetry_batch where kind = 'evaluation'");
  expect(sealed.count).toBeGreaterThan(0);
  expect((await deps.db.query('select 1 from evaluation')).count).toBeGreaterThan(0);
  await world.advance('4000d');
  expect((await deps.db.query('select 1 from evaluation')).count).toBe(0);
});
