import { createGunzip, createInflate } from 'node:zlib';
import { INFLATED_LIMIT } from '@firebreak/contract/detect/signals';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyRequest } from 'fastify';
import { CROWDED, growBy } from './bytes-under-way.ts';

const tooLarge = () =>
  refuse(
    'telemetry.too-large',
    `The body is larger than ${INFLATED_LIMIT / 1024 / 1024} MiB after decompression. Send smaller batches.`,
  );

/** Undoes gzip or deflate, and stops as soon as the limit is passed, however small the body was on the wire. */
function inflate(
  body: Buffer,
  encoding: 'gzip' | 'deflate',
  room: (bytes: number) => boolean,
): Promise<Buffer | Refusal> {
  return new Promise((resolve) => {
    const stream = encoding === 'gzip' ? createGunzip() : createInflate();
    const parts: Buffer[] = [];
    let size = 0;
    const end = (result: Buffer | Refusal) => {
      stream.removeAllListeners();
      stream.on('error', () => undefined);
      stream.destroy();
      resolve(result);
    };
    stream.on('data', (part: Buffer) => {
      size += part.length;
      if (size > INFLATED_LIMIT) end(tooLarge());
      else if (!room(part.length)) end(refuse('telemetry.too-busy', CROWDED));
      else parts.push(part);
    });
    stream.on('end', () => end(Buffer.concat(parts)));
    stream.on('error', (error: Error) =>
      end(refuse('telemetry.unreadable', `The body is not readable ${encoding}: ${error.message}.`)),
    );
    stream.end(body);
  });
}

/** The body as sent before compression. Refuses what is too large, and what there is no room for beside other requests. */
export async function plainBody(request: FastifyRequest): Promise<Buffer | Refusal> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const encoding = String(request.headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase();
  if (encoding === 'identity' || encoding === '') return body;
  const room = (bytes: number) => growBy(request, bytes);
  if (encoding === 'gzip' || encoding === 'x-gzip') return inflate(body, 'gzip', room);
  if (encoding === 'deflate') return inflate(body, 'deflate', room);
  return refuse(
    'request.media-type',
    `The content encoding “${encoding.slice(0, 40)}” is not understood; send gzip, deflate or none.`,
  );
}

export const mediaType = (request: FastifyRequest): string =>
  String(request.headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase();

/** One member of a batch before anybody has looked at it: a value, or why it could not be read. */
export type Member = { readonly value: unknown } | { readonly unreadable: string };

/** Parses JSON; a refusal says what is wrong. */
export function parsed(text: string): { value: unknown } | Refusal {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return refuse('request.not-json', `The body could not be read as JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
}

function lineOf(line: string): Member {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return { unreadable: `the line is not valid JSON: ${(error as Error).message.slice(0, 120)}` };
  }
}

export interface Batch {
  readonly members: readonly Member[];
  /** Pointer of a member within the body. */
  readonly pointer: (index: number) => string;
}

/** The members of a body: one JSON value, a list of them, or one on each line (NDJSON). */
export function membersOf(body: Buffer, type: string, most: number): Batch | Refusal {
  const text = body.toString('utf8');
  const tooMany = (count: number) =>
    refuse(
      'telemetry.too-large',
      `A batch holds at most ${most} members; this one has ${count}. Send smaller batches.`,
    );
  if (type === 'application/x-ndjson' || type === 'application/jsonl' || type === 'application/ndjson') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > most) return tooMany(lines.length);
    if (lines.length === 0) return refuse('request.invalid', 'The body holds no line.');
    return { members: lines.map(lineOf), pointer: (index) => `/${index}` };
  }
  const read = parsed(text);
  if ('refused' in read) return read;
  if (!Array.isArray(read.value)) return { members: [{ value: read.value }], pointer: () => '' };
  if (read.value.length > most) return tooMany(read.value.length);
  if (read.value.length === 0) return refuse('request.invalid', 'The list is empty: send at least one member.');
  return { members: read.value.map((value) => ({ value })), pointer: (index) => `/${index}` };
}
