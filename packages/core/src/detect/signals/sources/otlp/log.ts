import type { Attributes, AttributeValue, LeftOut } from './span.ts';

/** A log record as both encodings of OTLP give it. */
export interface LogRecord {
  /** Milliseconds since the epoch, with fractions; when it was seen where its own time was not sent; 0 where neither was. */
  readonly atMs: number;
  /** 1 to 24 (TRACE to FATAL4); 0: not said. */
  readonly severity: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  /** Name of the event, where the record is one; empty: it is none. */
  readonly event: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly resource: Attributes;
  readonly scopeName: string;
}

export interface LogsReading {
  readonly records: readonly LogRecord[];
  readonly leftOut: number;
  /** The first of those left out. */
  readonly examples: readonly LeftOut[];
}

/** Records of one request. What goes beyond is left out and counted. */
export const MOST_RECORDS = 20_000;
export const NO_ROOM = `one request holds at most ${MOST_RECORDS} records`;

/** Before events had a name of their own, it stood among the attributes. */
export const eventName = (said: string, attributes: Attributes): string => {
  if (said !== '') return said;
  const held = attributes.get('event.name');
  return typeof held === 'string' ? held : '';
};

const ERROR = 17;
const FATAL = 21;

/** Severity of a record: its number, or else its word; `null`: less than an error. */
export const levelOf = ({ severity, severityText }: LogRecord): 'error' | 'fatal' | null =>
  severity >= FATAL || (severity === 0 && /^(?:fatal|critical|emerg|panic)/i.test(severityText))
    ? 'fatal'
    : severity >= ERROR || (severity === 0 && /^(?:err|severe)/i.test(severityText))
      ? 'error'
      : null;
