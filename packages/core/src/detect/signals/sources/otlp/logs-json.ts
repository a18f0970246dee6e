import type { Refusal } from '../../../../kernel/index.ts';
import { eventName, type LogRecord, type LogsReading, MOST_RECORDS, NO_ROOM } from './log.ts';
import {
  anyValue,
  attributes,
  eachJsonMember,
  isMembers,
  LeftOuts,
  member,
  nanoseconds,
  text,
  traceOrSpanId,
  whole,
} from './members.ts';
import type { Around } from './protobuf.ts';
import { Unreadable } from './span.ts';

const NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** A number, or the name of one as protobuf's JSON may write it: `SEVERITY_NUMBER_ERROR2`. */
function severityOf(it: unknown): number {
  if (it === undefined || it === null) return 0;
  const named = typeof it === 'string' ? /^SEVERITY_NUMBER_([A-Z]+?)([234]?)$/.exec(it) : null;
  if (named === null) return Number(whole(it, 'severityNumber'));
  const place = NAMES.indexOf(named[1]!);
  return place < 0 ? 0 : place * 4 + (named[2] === '' ? 1 : Number(named[2]));
}

function record(it: unknown, { resource, scopeName }: Around): LogRecord {
  if (!isMembers(it)) throw new Unreadable('the record is not an object');
  const read = attributes(it);
  return {
    atMs: nanoseconds(it, 'timeUnixNano') || nanoseconds(it, 'observedTimeUnixNano'),
    severity: severityOf(member(it, 'severityNumber')),
    severityText: text(it, 'severityText'),
    body: anyValue(member(it, 'body')),
    attributes: read,
    event: eventName(text(it, 'eventName'), read),
    traceId: traceOrSpanId(it, 'traceId'),
    spanId: traceOrSpanId(it, 'spanId'),
    resource,
    scopeName,
  };
}

/**
 * Reads a parsed OTLP/JSON `ExportLogsServiceRequest`. A bad record, scope or resource is left out, named and counted; its
 * neighbours are kept. Only a body that is no such request at all is refused (`telemetry.unreadable`).
 */
export function readLogsJson(body: unknown): LogsReading | Refusal {
  const records: LogRecord[] = [];
  const left = new LeftOuts();
  const refused = eachJsonMember(body, ['resourceLogs', 'scopeLogs', 'logRecords'], left, (it, around, rest) => {
    if (records.length >= MOST_RECORDS) {
      left.add(around.path, NO_ROOM, rest);
      return false;
    }
    const read = left.reading(around.path, () => record(it, around));
    if (read !== undefined) records.push(read);
    return true;
  });
  return refused ?? { records, leftOut: left.count, examples: left.examples };
}
