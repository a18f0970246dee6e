import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { measures } from '@firebreak/contract/detect/measures';
import { type MetricsReading, readMetricsJson, readMetricsProtobuf } from '@firebreak/core/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Every instrument there is, as an instrumented application would record it. */
async function measured(exporter: PushMetricExporter, service = 'Support Bot') {
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    readers: [reader],
    views: [
      { instrumentName: 'wait', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      {
        instrumentName: 'gen_ai.client.operation.duration',
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [0.5, 1, 2, 4, 8] } },
      },
    ],
  });
  const meter = provider.getMeter('app', '1');
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm-1', 'gen_ai.response.model': 'm-1-2026' };
  const duration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
  for (const seconds of [0.4, 0.9, 1.5, 1.7, 3, 7]) duration.record(seconds, chat);
  duration.record(0.2, { ...chat, 'error.type': 'timeout' });
  const tokens = meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' });
  tokens.record(320, { ...chat, 'gen_ai.token.type': 'input' });
  tokens.record(80, { ...chat, 'gen_ai.token.type': 'output' });
  meter.createHistogram('wait', { unit: 'ms' }).record(250);
  const handed = meter.createCounter('handed.over');
  handed.add(3, { team: 'billing', 'user.id': 'u-1' });
  const queue = meter.createUpDownCounter('queue');
  queue.add(7);
  queue.add(-2);
  meter.createObservableGauge('backlog').addCallback((result) => result.observe(12.5, { team: 'claims' }));
  return { provider, handed, duration, chat };
}

describe('a real exporter', () => {
  let sink: Server;
  let at: string;
  const bodies: { type: string; body: Buffer }[] = [];
  beforeAll(async () => {
    sink = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        const type = request.headers['content-type'] ?? '';
        bodies.push({ type, body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body });
        response.end();
      });
    });
    await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done));
    at = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/v1/metrics`;
  });
  afterAll(() => void sink.close());

  const read = ({ type, body }: (typeof bodies)[number]): MetricsReading =>
    (type.includes('protobuf')
      ? readMetricsProtobuf(body)
      : readMetricsJson(JSON.parse(body.toString()))) as MetricsReading;
  /** What differs from run to run: when. */
  const timeless = ({ metrics, points, leftOut }: MetricsReading) => ({
    points,
    leftOut,
    metrics: metrics.map(({ resource, points: own, ...it }) => ({
      ...it,
      service: resource.get('service.name'),
      points: (own as readonly { attributes: ReadonlyMap<string, unknown> }[]).map(({ attributes, ...point }) => ({
        ...point,
        startMs: 0,
        atMs: 0,
        attributes: [...attributes],
      })),
    })),
  });

  it.each([AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE])(
    'is read the same in both encodings, temporality %s',
    async (temporalityPreference) => {
      bodies.length = 0;
      for (const exporter of [
        new ProtobufExporter({ url: at, temporalityPreference }),
        new JsonExporter({ url: at, temporalityPreference }),
      ]) {
        const { provider } = await measured(exporter);
        await provider.forceFlush();
        await provider.shutdown();
      }
      const [proto, json] = [
        bodies.find(({ type }) => type.includes('protobuf'))!,
        bodies.find(({ type }) => type.includes('json'))!,
      ];
      expect(timeless(read(proto))).toEqual(timeless(read(json)));
      const found = read(proto);
      expect(found.metrics.map(({ kind }) => kind).sort()).toEqual(
        ['exponential', 'gauge', 'histogram', 'histogram', 'sum', 'sum'].sort(),
      );
      expect(found.points).toBe(8);
      expect(found.metrics.find(({ name }) => name === 'gen_ai.client.operation.duration')).toMatchObject({
        unit: 's',
        kind: 'histogram',
        temporality: temporalityPreference === AggregationTemporality.DELTA ? 'delta' : 'cumulative',
        points: [{ count: 6, bounds: [0.5, 1, 2, 4, 8], counts: [1, 1, 2, 1, 1, 0] }, { count: 1 }],
      });
      expect(found.metrics.find(({ name }) => name === 'wait')).toMatchObject({
        points: [{ count: 1, sum: 250, min: 250 }],
      });
    },
  );
});

describe('metrics of an exporter in the server', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ listen: true });
  });
  afterAll(() => world.close());

  it('become measures of the system, once, whatever is sent again', async () => {
    const sender = await world.program('telemetry:write', 'read');
    const url = `${world.url}/v1/metrics`;
    const headers = { authorization: `Bearer ${sender.key}` };
    const one = await measured(new ProtobufExporter({ url, headers, compression: 'gzip' as never }));
    await one.provider.forceFlush();
    one.handed.add(2, { team: 'billing' });
    one.duration.record(0.6, one.chat);
    await one.provider.forceFlush();
    await one.provider.shutdown();
    const other = await measured(
      new JsonExporter({ url, headers, temporalityPreference: AggregationTemporality.DELTA }),
      'other bot',
    );
    await other.provider.forceFlush();
    await other.provider.shutdown();
    await expect
      .poll(
        async () =>
          Object.fromEntries(
            (await world.ana.client.call(measures.list, { query: { system: 'support-bot' } })).measures.map((it) => [
              it.name,
              [it.kind, it.unit, it.lastN],
            ]),
          ),
        { timeout: 20_000, interval: 500 },
      )
      .toMatchObject({
        'gen_ai.client.operation.duration': ['spread', 's', 8],
        'gen_ai.client.operation.errors': ['rate', '', 8],
        'gen_ai.client.token.usage.input': ['spread', 'token', 1],
        wait: ['spread', 's', 1],
        'handed.over': ['count', '', expect.any(Number)],
        queue: ['level', '', expect.any(Number)],
        backlog: ['level', '', expect.any(Number)],
      });
    const shown = await world.ana.client.call(measures.show, {
      params: { system: 'support-bot', measure: 'gen_ai.client.operation.duration' },
      query: { split: 'model' },
    });
    expect(shown.lines.map(({ label }) => label)).toEqual(['m-1-2026']);
    const handed = await world.ana.client.call(measures.show, {
      params: { system: 'support-bot', measure: 'handed.over' },
      query: {},
    });
    expect(handed.lines[0]!.points.reduce((sum, point) => sum + point.value!, 0)).toBe(5);
    const errors = async () =>
      (await world.ana.client.call(measures.list, { query: { system: 'other-bot' } })).measures.find(
        ({ name }) => name === 'gen_ai.client.operation.errors',
      )?.last;
    await expect.poll(errors, { timeout: 20_000, interval: 500 }).toBe(1 / 7);
  });
});
