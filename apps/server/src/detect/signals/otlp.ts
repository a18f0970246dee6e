import type { ReadText } from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mediaType, parsed, plainBody } from './body.ts';

export interface OtlpReaders<R> {
  readonly protobuf: (bytes: Uint8Array, text: ReadText) => R | Refusal;
  readonly json: (body: unknown) => R | Refusal;
}

/** An OTLP request in either encoding, read, or why it could not be. */
export async function readOtlp<R>(
  request: FastifyRequest,
  readers: OtlpReaders<R>,
): Promise<{ readonly protobuf: boolean; readonly reading: R } | Refusal> {
  const type = mediaType(request);
  const body = await plainBody(request);
  if (isRefusal(body)) return body;
  const protobuf = type === 'application/x-protobuf' || type === 'application/protobuf';
  if (!protobuf && type !== 'application/json')
    return refuse(
      'request.media-type',
      type.startsWith('application/grpc')
        ? 'OTLP over gRPC is not spoken here. Send it over HTTP: OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.'
        : 'OTLP comes as application/x-protobuf or application/json.',
    );
  const json = protobuf ? null : parsed(body.toString('utf8'));
  if (isRefusal(json)) return json;
  const reading = protobuf
    ? readers.protobuf(body, (bytes, from, to) => (bytes as Buffer).toString('utf8', from, to))
    : readers.json(json!.value);
  return isRefusal(reading) ? reading : { protobuf, reading };
}

/** The answer of an OTLP door; a partial success says how much was left out and why, in both encodings. Nothing of 0 left out may have a reason as well: a warning. */
export function answerOtlp(
  reply: FastifyReply,
  protobuf: boolean,
  rejected: 'rejectedSpans' | 'rejectedDataPoints' | 'rejectedLogRecords',
  leftOut: number,
  why: string,
): FastifyReply {
  if (!protobuf)
    return reply
      .code(200)
      .send(leftOut === 0 && why === '' ? {} : { partialSuccess: { [rejected]: String(leftOut), errorMessage: why } });
  const message = Buffer.from(why, 'utf8').subarray(0, 2_000);
  const partial = Buffer.concat([
    Buffer.from([0x08]),
    varint(leftOut),
    Buffer.from([0x12]),
    varint(message.length),
    message,
  ]);
  const body =
    leftOut === 0 && why === ''
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from([0x0a]), varint(partial.length), partial]);
  return reply
    .code(200)
    .type('application/x-protobuf')
    .serializer((payload: unknown) => payload as string)
    .send(body);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
