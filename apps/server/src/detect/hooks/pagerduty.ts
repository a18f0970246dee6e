import { faultsOfEvent, isMembers, keyOfEvent } from '@firebreak/core/detect/signals';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../platform/index.ts';
import { admitHook } from '../../prepare/sources/index.ts';
import { payloadIn, take } from './take.ts';

const invalid = (reply: FastifyReply, errors: readonly string[]): FastifyReply =>
  reply.code(400).send({ status: 'invalid event', message: 'Event object is invalid', errors });

function refused(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.refused === 'source.too-busy')
    return reply
      .code(429)
      .header('retry-after', '60')
      .send({ status: 'throttle exceeded', message: refusal.why, errors: [refusal.why] });
  // A client of that API knows 400 and 429: a key nobody knows is a fault of the event there.
  return invalid(reply, [`'routing_key' is invalid: ${refusal.why}`]);
}

/** The Events API v2 with its own answers and codes: a sender changes its address and its key, and nothing else. */
export async function enqueue(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const event = payloadIn(body);
  const faults = faultsOfEvent(event);
  if (faults.length > 0 || !isMembers(event)) return invalid(reply, faults);
  const admitted = await admitHook(deps, {
    product: 'pagerduty',
    source: null,
    key: String(event.routing_key),
    // The key of an event is in the event: whatever proxies put into headers is not asked.
    headers: {},
    body,
    from: request.ip,
  });
  if (isRefusal(admitted)) return refused(reply, admitted);
  const answer = await take(deps, {
    admitted,
    product: 'pagerduty',
    payload: event,
    event: null,
    system: null,
    bytes: body.length,
    startsOpen: false,
  });
  if (isRefusal(answer)) return refused(reply, answer);
  return reply.code(202).send({ status: 'success', message: 'Event processed', dedup_key: keyOfEvent(event) });
}
