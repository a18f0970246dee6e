/**
 * What kind of number a measure is. `rate`: x of n. `level`: a value that stands, such as a backlog. `count`: how many in a
 * minute. `spread`: values whose quantiles matter, such as a latency. `mix`: shares of categories.
 */
export const MEASURE_KINDS = ['rate', 'level', 'count', 'spread', 'mix'] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

/** Where the numbers come from. */
export const MEASURE_ORIGINS = ['interactions', 'feedback', 'otlp', 'api'] as const;
export type MeasureOrigin = (typeof MEASURE_ORIGINS)[number];

/** One line of numbers: a measure of one system, narrowed by what it is about. Empty text: not said. */
export interface Series {
  readonly system: string;
  readonly name: string;
  readonly kind: MeasureKind;
  readonly unit: string;
  readonly origin: MeasureOrigin;
  readonly feature: string;
  readonly model: string;
  readonly prompt: string;
  /** Anything else it is narrowed by, at most MEASURE_LIMITS.groups names. */
  readonly groups: Readonly<Record<string, string>>;
}

export const MEASURE_LIMITS = {
  /** Series of one measure of one system; of one system; of all. What goes beyond is left out and counted. */
  seriesOfMeasure: 100,
  seriesOfSystem: 1_000,
  series: 20_000,
  groups: 6,
  groupText: 64,
  name: 120,
  /** Categories of a mix, beside `other`. */
  parts: 24,
  watches: 1_000,
} as const;

export const MEASURE_NAME = /^[A-Za-z][A-Za-z0-9._/-]{0,119}$/;

/** The same text for the same line, whatever the order of its groups. */
export function seriesKey({ system, name, kind, feature, model, prompt, groups }: Series): string {
  let key = `${system}\u001f${name}\u001f${kind}\u001f${feature}\u001f${model}\u001f${prompt}`;
  for (const group of Object.keys(groups).sort()) key += `\u001f${group}\u001f${groups[group]}`;
  return key;
}

export interface KnownMeasure {
  readonly title: string;
  readonly kind: MeasureKind;
  readonly unit: string;
  readonly says: string;
}

/** Measures Firebreak makes itself, and those of the GenAI conventions of OpenTelemetry. */
export const KNOWN_MEASURES: Readonly<Record<string, KnownMeasure>> = {
  requests: { title: 'Requests', kind: 'count', unit: '', says: 'interactions in a minute' },
  errors: { title: 'Errors', kind: 'rate', unit: '', says: 'interactions that ended in an error, of all' },
  blocked: { title: 'Blocked', kind: 'rate', unit: '', says: 'interactions that a guard or gateway refused, of all' },
  refusals: {
    title: 'Refusals',
    kind: 'rate',
    unit: '',
    says: 'answers that read like a refusal, of those captured; found by words, so only its trend on one model says something',
  },
  'thumbs-down': { title: 'Thumbs down', kind: 'rate', unit: '', says: 'votes that were down, of all votes' },
  complaints: {
    title: 'Complaints',
    kind: 'rate',
    unit: '',
    says: 'complaints, reports of abuse and tickets, of all interactions',
  },
  latency: { title: 'Latency', kind: 'spread', unit: 's', says: 'how long an answer took' },
  'tokens.input': { title: 'Input tokens', kind: 'spread', unit: 'tokens', says: 'of one request' },
  'tokens.output': { title: 'Output tokens', kind: 'spread', unit: 'tokens', says: 'of one answer' },
  'output.length': { title: 'Answer length', kind: 'spread', unit: 'characters', says: 'of one answer' },
  language: {
    title: 'Answer language',
    kind: 'mix',
    unit: '',
    says: 'language of the answers, guessed from frequent words',
  },
  'task-completion': {
    title: 'Task completion',
    kind: 'rate',
    unit: '',
    says: 'tasks that were completed, of those begun; sent by the application',
  },
  cost: { title: 'Cost', kind: 'count', unit: 'USD', says: 'what was spent; sent by the application' },
  'gen_ai.client.operation.duration': {
    title: 'Model call duration',
    kind: 'spread',
    unit: 's',
    says: 'seen by the client',
  },
  'gen_ai.client.operation.errors': {
    title: 'Model call errors',
    kind: 'rate',
    unit: '',
    says: 'calls with an error, of all',
  },
  'gen_ai.client.token.usage.input': {
    title: 'Input tokens of calls',
    kind: 'spread',
    unit: 'tokens',
    says: 'seen by the client',
  },
  'gen_ai.client.token.usage.output': {
    title: 'Output tokens of calls',
    kind: 'spread',
    unit: 'tokens',
    says: 'seen by the client',
  },
  'gen_ai.server.request.duration': {
    title: 'Model server duration',
    kind: 'spread',
    unit: 's',
    says: 'seen by the model server',
  },
  'gen_ai.server.time_to_first_token': {
    title: 'Time to first token',
    kind: 'spread',
    unit: 's',
    says: 'seen by the model server',
  },
  'gen_ai.server.time_per_output_token': {
    title: 'Time per output token',
    kind: 'spread',
    unit: 's',
    says: 'seen by the model server',
  },
};

export const titleOf = (name: string): string => KNOWN_MEASURES[name]?.title ?? name;
