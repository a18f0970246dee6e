import type { Refusal } from '../../../../kernel/index.ts';
import { utf8 } from '../../../../text/index.ts';
import { eventName, type LogRecord, type LogsReading, MOST_RECORDS, NO_ROOM } from './log.ts';
import { anyValue, attribute, eachMember, type ReadText, type Wire } from './protobuf.ts';
import type { AttributeValue, LeftOut } from './span.ts';
import { OTLP_LIMITS } from './span.ts';

function record(wire: Wire, end: number): Omit<LogRecord, 'resource' | 'scopeName'> {
  const attributes = new Map<string, AttributeValue>();
  const it = {
    time: 0,
    observed: 0,
    severity: 0,
    severityText: '',
    body: null as AttributeValue,
    event: '',
    traceId: null as string | null,
    spanId: null as string | null,
  };
  wire.fields(end, (field, type) => {
    if (type === 1) {
      if (field === 1) it.time = wire.nanoseconds();
      else if (field === 11) it.observed = wire.nanoseconds();
      else return false;
    } else if (type === 0 && field === 2) it.severity = wire.varint() | 0;
    else if (type === 2) {
      if (field === 3) it.severityText = wire.text();
      else if (field === 5) it.body = anyValue(wire);
      else if (field === 6) attribute(wire, attributes);
      else if (field === 9) it.traceId = wire.id();
      else if (field === 10) it.spanId = wire.id();
      else if (field === 12) it.event = wire.text();
      else return false;
    } else return false;
    return true;
  });
  const { time, observed, event, ...rest } = it;
  return { ...rest, atMs: time || observed, attributes, event: eventName(event, attributes) };
}

/**
 * Reads a protobuf `ExportLogsServiceRequest`. Unknown fields are skipped; malformed bytes refuse the whole request
 * (`telemetry.unreadable`), since nothing after them can be trusted; records beyond the limit are left out and counted.
 */
export function readLogsProtobuf(bytes: Uint8Array, text: ReadText = utf8): LogsReading | Refusal {
  const records: LogRecord[] = [];
  const examples: LeftOut[] = [];
  let leftOut = 0;
  const refused = eachMember(bytes, text, ['resourceLogs', 'scopeLogs', 'logRecords'], (wire, end, around) => {
    if (records.length >= MOST_RECORDS) {
      leftOut++;
      if (examples.length < OTLP_LIMITS.examples) examples.push({ path: around.path, why: NO_ROOM });
      wire.at = end;
    } else records.push({ ...record(wire, end), resource: around.resource, scopeName: around.scopeName });
  });
  return refused ?? { records, leftOut, examples };
}
