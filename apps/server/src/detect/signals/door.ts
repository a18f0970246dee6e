import type { AnyEndpoint } from '@firebreak/contract';
import { WIRE_LIMIT } from '@firebreak/contract/detect/signals';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, type Caller, callerIn, type Deps, refuseWith, sendProblem } from '../../platform/index.ts';
import { CROWDED } from './bytes-under-way.ts';
import { stateOf, UNGROUPED_LIMIT, WAITING_LIMIT, waitingCount } from './state.ts';

/** Kinds of telemetry whose members are signals at once. */
const BECOME_SIGNALS = ['signal', 'log'];

export interface Accepted {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: readonly { readonly index: number; readonly pointer: string; readonly detail: string }[];
  readonly ids: readonly (string | null)[];
}

/**
 * Opens one intake door. The body comes as bytes, since it may be compressed, and one bad member must not refuse the
 * others. Who may not send is turned away before the body is read; while too much waits, senders are told to come back.
 */
export function intakeDoor(
  scope: App,
  deps: Deps,
  endpoint: AnyEndpoint,
  kind: string,
  handler: (request: FastifyRequest, caller: Caller, reply: FastifyReply) => Promise<FastifyReply | Refusal>,
): void {
  scope.route({
    method: endpoint.method,
    url: endpoint.path,
    bodyLimit: WIRE_LIMIT,
    schema: {
      tags: [endpoint.tag],
      summary: endpoint.summary,
      ...(endpoint.body && { body: endpoint.body }),
      response: { 200: endpoint.answer, 207: endpoint.answer },
    },
    preParsing: async (request, reply, payload) => {
      const caller = callerIn(request);
      if (isRefusal(caller)) return refuseWith(reply, caller);
      if (endpoint.may !== null && caller.may !== 'everything' && !caller.may.has(endpoint.may))
        return refuseWith(reply, {
          refused: 'authority.missing',
          why: `This needs the right “${endpoint.may}”, which this key does not have. Ask an administrator for a key with the scope for it.`,
        });
      const state = stateOf(deps);
      const busy = (why: string) => {
        state.received.inc({ kind, outcome: 'busy' });
        return sendProblem(reply, 'telemetry.too-busy', why);
      };
      if ((await waitingCount(deps)) >= WAITING_LIMIT)
        return busy(
          `More than ${WAITING_LIMIT} interactions wait to be looked at. Nothing of this request was kept; send it again in a few seconds.`,
        );
      if (BECOME_SIGNALS.includes(kind) && (await state.ungrouped()) >= UNGROUPED_LIMIT)
        return busy(
          `More than ${UNGROUPED_LIMIT} signals wait to be grouped. Nothing of this request was kept; send it again in a few seconds.`,
        );
      const body = state.bytes.open(request, reply, payload);
      return body === false ? busy(CROWDED) : body;
    },
    handler: async (request, reply) => {
      const caller = callerIn(request);
      if (isRefusal(caller)) return refuseWith(reply, caller);
      const answer = await handler(request, caller, reply);
      return isRefusal(answer) ? refuseWith(reply, answer) : answer;
    },
  });
}

/** 200 where all are in, 207 where some are, 400 with the same list where none is. */
export function answerBatch(reply: FastifyReply, accepted: Accepted): FastifyReply {
  const good = accepted.ids.filter((id) => id !== null).length;
  if (good === 0 && accepted.rejected.length > 0)
    return sendProblem(
      reply,
      'telemetry.batch-refused',
      `No member could be taken. The first: ${accepted.rejected[0]!.pointer || 'body'}: ${accepted.rejected[0]!.detail}.`,
      accepted.rejected.slice(0, 50).map(({ pointer, detail }) => ({ pointer, detail })),
    );
  return reply.code(accepted.rejected.length > 0 ? 207 : 200).send(accepted);
}
