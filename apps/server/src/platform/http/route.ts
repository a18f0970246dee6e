import type { AnswerOf, AnyEndpoint } from '@firebreak/contract';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App, Caller } from '../slice.ts';
import { callerIn, refuseWith } from './app.ts';

type Out<S> = S extends z.ZodType ? z.output<S> : never;

export interface Call<E extends AnyEndpoint> {
  readonly params: Out<E['params']>;
  readonly query: Out<E['query']>;
  readonly body: Out<E['body']>;
  /** Whoever asks. At a door open to everybody it may be nobody, with no rights. */
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const NOBODY: Caller = { actor: { kind: 'system', id: 'nobody' }, may: new Set() };

/** Opens one door of the contract: checks who asks and what is asked, hands both to the handler, sends its answer or refusal. */
export function route<E extends AnyEndpoint>(
  app: App,
  endpoint: E,
  handler: (call: Call<E>) => Promise<AnswerOf<E> | Refusal>,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    ...(endpoint.bodyLimit !== undefined && { bodyLimit: endpoint.bodyLimit }),
    config: {
      ...(endpoint.outOfReach && { outOfReach: endpoint.outOfReach }),
      ...(endpoint.oauth && { oauth: endpoint.oauth }),
    },
    schema: {
      tags: [endpoint.tag],
      summary: endpoint.summary,
      ...(endpoint.params && { params: endpoint.params }),
      ...(endpoint.query && { querystring: endpoint.query }),
      ...(endpoint.body && { body: endpoint.body }),
      response: { [endpoint.status ?? 200]: endpoint.answer },
    },
    // Before the body is read: who may not do this does not get it parsed.
    preParsing: async (request, reply) => {
      const caller = callerIn(request);
      if (endpoint.may === null) return;
      if (isRefusal(caller)) return refuseWith(reply, caller);
      if (caller.may !== 'everything' && !caller.may.has(endpoint.may))
        return refuseWith(reply, {
          refused: 'authority.missing',
          why: `This needs the right “${endpoint.may}”, which you do not have. Ask an administrator, or somebody who has it.`,
        });
    },
    handler: async (request, reply) => {
      const found = callerIn(request);
      const caller = isRefusal(found) ? NOBODY : found;
      const answer = await handler({
        params: request.params,
        query: request.query,
        body: request.body,
        caller,
        request,
        reply,
      } as Call<E>);
      if (reply.sent) return reply;
      if (isRefusal(answer)) return refuseWith(reply, answer);
      return reply.code(endpoint.status ?? 200).send(answer);
    },
  });
}
