import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly jobs: Counter<'kind' | 'outcome'>;
  readonly facts: Gauge;
  readonly sealed: Gauge;
  readonly dead: Gauge;
  readonly live: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'firebreak_http_request_seconds',
      help: 'Time to answer, seconds',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    jobs: new Counter({
      name: 'firebreak_jobs_total',
      help: 'Outbox jobs by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    facts: new Gauge({ name: 'firebreak_log_facts', help: 'Facts recorded', registers }),
    sealed: new Gauge({
      name: 'firebreak_log_sealed_facts',
      help: 'Facts under the newest signed checkpoint',
      registers,
    }),
    dead: new Gauge({
      name: 'firebreak_jobs_dead',
      help: 'Jobs that failed for the last time; each needs a person',
      registers,
    }),
    live: new Gauge({ name: 'firebreak_live_screens', help: 'Open live connections', registers }),
  };
}
