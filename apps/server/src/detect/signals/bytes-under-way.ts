import { Transform } from 'node:stream';
import { WIRE_LIMIT } from '@firebreak/contract/detect/signals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Declined } from '../../platform/index.ts';

/** Bytes of telemetry, as sent and as decompressed, that one process holds at a time. More than the largest batch. */
export const MOST_UNDER_WAY = 64 * 1024 * 1024;

export const CROWDED =
  'Too many batches are being read at this moment. Nothing of this request was kept; send it again in a few seconds.';

const shares = new WeakMap<FastifyRequest, (bytes: number) => boolean>();

/** Counts bytes that a request became by decompression; false: there is no room. Requests without a share are not counted. */
export const growBy = (request: FastifyRequest, bytes: number): boolean => shares.get(request)?.(bytes) ?? true;

/** What one process holds of batches that are not answered yet. */
export class BytesUnderWay {
  now = 0;

  constructor(readonly most: number = MOST_UNDER_WAY) {}

  /**
   * Opens the share of a request, until it is answered or its sender is gone. False: there is no room for it. A body that
   * does not say how long it is counts as it comes; the stream returned is to be read in its place.
   */
  open(request: FastifyRequest, reply: FastifyReply, payload: NodeJS.ReadableStream): NodeJS.ReadableStream | false {
    let held = 0;
    let ended = false;
    const take = (bytes: number): boolean => {
      if (ended || this.now + bytes > this.most) return false;
      held += bytes;
      this.now += bytes;
      return true;
    };
    const said = Number(request.headers['content-length'] ?? Number.NaN);
    // What is longer is refused by its own rule, unread.
    if (Number.isFinite(said) ? !take(Math.min(said, WIRE_LIMIT)) : this.now >= this.most) return false;
    shares.set(request, take);
    reply.raw.once('close', () => {
      ended = true;
      this.now -= held;
      held = 0;
    });
    if (Number.isFinite(said)) return payload;
    const counted = new Transform({
      transform: (part: Buffer, _encoding, done) =>
        take(part.length) ? done(null, part) : done(new Declined('telemetry.too-busy', CROWDED)),
    });
    payload.once('error', (error) => counted.destroy(error));
    return payload.pipe(counted);
  }
}
