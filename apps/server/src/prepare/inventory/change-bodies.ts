import { CHANGES_AT_ONCE } from '@firebreak/contract/prepare/changes';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyRequest } from 'fastify';

/** One member of a request before anybody has looked at it: a value, or why it could not be read. */
export type Member = { readonly value: unknown } | { readonly unreadable: string };
export interface Members {
  readonly members: readonly Member[];
  readonly pointer: (index: number) => string;
}

type Envelope = Readonly<Record<string, unknown>>;
const isEnvelope = (it: unknown): it is Envelope => typeof it === 'object' && it !== null && !Array.isArray(it);
const text = (it: unknown): string | undefined => (typeof it === 'string' && it !== '' ? it : undefined);

export function jsonIn(body: unknown): { value: unknown } | Refusal {
  try {
    return { value: JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '') };
  } catch (error) {
    return refuse('request.not-json', `The body could not be read as JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
}

/** A CloudEvent as the change in its `data`; what the change does not say is taken from the envelope. */
function changeIn(event: unknown): Member {
  if (!isEnvelope(event)) return { unreadable: 'a CloudEvent is an object' };
  if (event.specversion !== '1.0') return { unreadable: '`specversion` must be "1.0"' };
  const [id, source, type] = [text(event.id), text(event.source), text(event.type)];
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
  if (!isEnvelope(data)) return { unreadable: '`data` is not a JSON object with a change in it' };
  return {
    value: {
      ...data,
      id: data.id ?? `${source}#${id}`.slice(-256),
      source: data.source ?? 'cloudevents',
      subject: data.subject ?? text(event.subject),
      occurredAt: data.occurredAt ?? text(event.time),
    },
  };
}

/** The changes of a request: JSON, a list, one on each line (NDJSON), or CloudEvents 1.0 in any of their three modes. */
export function changesIn(request: FastifyRequest): Members | Refusal {
  const type = String(request.headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase();
  if (/^application\/(x-ndjson|jsonl|ndjson)$/.test(type)) return linesOf(request);
  const read = jsonIn(request.body);
  if ('refused' in read) return read;
  if (request.headers['ce-specversion'] !== undefined) {
    const header = (name: string) => text(request.headers[`ce-${name}`]);
    const envelope = Object.fromEntries(
      ['specversion', 'id', 'source', 'type', 'subject', 'time'].map((name) => [name, header(name)]),
    );
    return { members: [changeIn({ ...envelope, data: read.value })], pointer: () => '' };
  }
  const list = Array.isArray(read.value) ? read.value : null;
  if (list !== null && (list.length === 0 || list.length > CHANGES_AT_ONCE)) return wrongCount(list.length);
  const values: Member[] = (list ?? [read.value]).map((value) => ({ value }));
  return {
    members: /^application\/cloudevents(-batch)?\+json$/.test(type)
      ? values.map((member) => ('value' in member ? changeIn(member.value) : member))
      : values,
    pointer: list === null ? () => '' : (index) => `/${index}`,
  };
}

const wrongCount = (count: number): Refusal =>
  count === 0
    ? refuse('request.invalid', 'The list is empty: send at least one change.')
    : refuse(
        'telemetry.too-large',
        `A request holds at most ${CHANGES_AT_ONCE} changes; this one has ${count}. Send smaller batches.`,
      );

function linesOf(request: FastifyRequest): Members | Refusal {
  const lines = (Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > CHANGES_AT_ONCE) return wrongCount(lines.length);
  const members = lines.map((line): Member => {
    try {
      return { value: JSON.parse(line) };
    } catch (error) {
      return { unreadable: `the line is not valid JSON: ${(error as Error).message.slice(0, 120)}` };
    }
  });
  return { members, pointer: (index) => `/${index}` };
}
