import { type Instant, instant } from '../../../../kernel/index.ts';
import { template } from '../../../../text/index.ts';
import type { Witnessed } from '../../interaction.ts';
import { word } from './dialects/dialect.ts';
import { isBrokenEvaluation, isEvaluation } from './evaluations.ts';
import { interactionsFromSpans, systemKeyOf, type ToolsDigest } from './interactions.ts';
import { type LogRecord, levelOf } from './log.ts';
import { type AttributeValue, EVALUATION_EVENT, type Span, type SpanEvent } from './span.ts';

const MOST_TEXT = 2_000;
const LATEST_MS = 7_258_118_400_000;

const isMembers = (it: AttributeValue): it is { readonly [key: string]: AttributeValue } =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** An event with its body among its attributes, as a span would carry it: until version 1.36 the content stood in the body. */
function eventOf({ event, attributes, body }: LogRecord): SpanEvent {
  const said = isMembers(body) ? Object.entries(body) : body === null ? [] : [['content', body] as const];
  return { name: event, attributes: new Map([...said, ...attributes]) };
}

/** Records of generative AI that tell of one call, as the span they belong to. */
function spanOf(records: readonly LogRecord[]): Span {
  const [first] = records as readonly [LogRecord, ...LogRecord[]];
  return {
    traceId: first.traceId,
    spanId: first.spanId,
    parentSpanId: null,
    name: '',
    kind: 3,
    startMs: first.atMs,
    // How long it took, a log does not say.
    endMs: 0,
    attributes: new Map(records.flatMap(({ attributes }) => [...attributes])),
    events: records.map(eventOf),
    links: [],
    statusCode: 0,
    statusMessage: '',
    resource: first.resource,
    scopeName: first.scopeName,
    sampled: null,
  };
}

/**
 * The interactions that log records tell of: events of the OpenTelemetry conventions for generative AI, current and up to
 * 1.36, together where they name one span. Others tell of none. `fallback`, `now` and `digest` as for spans.
 */
export function interactionsFromLogs(
  records: readonly LogRecord[],
  fallback: string,
  now: Instant,
  digest?: ToolsDigest,
): Witnessed[] {
  const calls = new Map<string, LogRecord[]>();
  for (const [i, record] of records.entries()) {
    if (!record.event.startsWith('gen_ai.') || record.event === EVALUATION_EVENT) continue;
    const { traceId, spanId } = record;
    const at = traceId === null || spanId === null ? `#${i}` : `${traceId}:${spanId}`;
    const held = calls.get(at);
    if (held === undefined) calls.set(at, [record]);
    else held.push(record);
  }
  return interactionsFromSpans([...calls.values()].map(spanOf), fallback, now, digest);
}

/** The same error of one system, as often as one request tells of it in a minute. */
export interface LoggedError {
  readonly system: string;
  readonly feature: string | null;
  readonly deployment: string | null;
  /** Of the first. */
  readonly at: Instant;
  readonly count: number;
  readonly level: 'error' | 'fatal';
  /** What it says, of the first; at most 2,000 characters. */
  readonly text: string;
  /** The text with all that varies masked. */
  readonly template: string;
}

function textOf({ body, attributes, severityText }: LogRecord): string {
  const said = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
  const thrown = [word(attributes, 'exception.type'), word(attributes, 'exception.message')].filter(Boolean).join(': ');
  const whole = said.includes(thrown) ? said : said === '' ? thrown : `${said} (${thrown})`;
  return (whole || severityText || 'an error without words').slice(0, MOST_TEXT);
}

/** Errors among log records (severity ERROR and worse), the same ones of a minute together. A grave evaluation is none: it is told as what it is. */
export function errorsInLogs(records: readonly LogRecord[], fallback: string, now: Instant): LoggedError[] {
  const found = new Map<string, LoggedError>();
  for (const record of records) {
    const level = levelOf(record);
    if (level === null || (isEvaluation(record) && !isBrokenEvaluation(record))) continue;
    const { attributes, resource, atMs } = record;
    const named =
      word(attributes, 'firebreak.system') ?? word(resource, 'firebreak.system', 'service.name') ?? fallback;
    const text = textOf(record);
    const at = atMs > 0 && atMs < LATEST_MS ? instant(Math.floor(atMs)) : now;
    const it: LoggedError = {
      system: systemKeyOf(named) ?? fallback,
      feature: word(attributes, 'firebreak.feature'),
      deployment: word(resource, 'firebreak.deployment', 'deployment.environment.name', 'deployment.environment'),
      at,
      count: 1,
      level,
      text,
      template: template(text),
    };
    const key = `${it.system}\n${it.feature ?? ''}\n${at.slice(0, 16)}\n${level}\n${it.template}`;
    const held = found.get(key);
    found.set(key, held === undefined ? it : { ...held, count: held.count + 1 });
  }
  return [...found.values()];
}
