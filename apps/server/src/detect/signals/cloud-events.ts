import { type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyRequest } from 'fastify';
import type { Batch, Member } from './body.ts';

type Members = Readonly<Record<string, unknown>>;
const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const text = (it: unknown): string | undefined => (typeof it === 'string' && it !== '' ? it : undefined);

/** A CloudEvent as the signal in its `data`; what the signal does not say is taken from the envelope. */
function signalIn(event: unknown): Member {
  if (!isMembers(event)) return { unreadable: 'a CloudEvent is an object' };
  if (event.specversion !== '1.0') return { unreadable: '`specversion` must be "1.0"' };
  const id = text(event.id);
  const source = text(event.source);
  const type = text(event.type);
  if (id === undefined || source === undefined || type === undefined)
    return { unreadable: 'a CloudEvent needs `id`, `source` and `type`' };
  let { data } = event;
  if (typeof event.data_base64 === 'string') {
    try {
      data = JSON.parse(Buffer.from(event.data_base64, 'base64').toString('utf8'));
    } catch {
      return { unreadable: '`data_base64` does not hold JSON' };
    }
  }
  if (!isMembers(data)) return { unreadable: '`data` is not a JSON object with a signal in it' };
  return {
    value: {
      ...data,
      id: data.id ?? `${source}#${id}`.slice(-256),
      kind: data.kind ?? type.slice(0, 256),
      detector: data.detector ?? source.slice(0, 256),
      at: data.at ?? text(event.time),
      system: data.system ?? text(event.system),
      traceId: data.traceId ?? text(event.traceparent)?.split('-')[1],
    },
  };
}

/** The signals of a request in one of the three CloudEvents modes; `null` where it is none. */
export function cloudEvents(
  request: FastifyRequest,
  type: string,
  batch: () => Batch | Refusal,
): Batch | Refusal | null {
  if (type === 'application/cloudevents+json' || type === 'application/cloudevents-batch+json') {
    const read = batch();
    if ('refused' in read) return read;
    return { ...read, members: read.members.map((member) => ('value' in member ? signalIn(member.value) : member)) };
  }
  if (request.headers['ce-specversion'] === undefined) return null;
  const read = batch();
  if ('refused' in read) return read;
  if (read.members.length !== 1)
    return refuse('signal.bad-cloudevent', 'A CloudEvent in binary mode carries one event.');
  const member = read.members[0]!;
  if (!('value' in member)) return read;
  const attributes = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice(3), decodeHeader(String(value))]),
  );
  return { members: [signalIn({ ...attributes, data: member.value })], pointer: () => '' };
}

/** Header values are percent-encoded where they are not plain ASCII. */
function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
