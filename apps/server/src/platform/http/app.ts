import cookie from '@fastify/cookie';
import type { AnyEndpoint } from '@firebreak/contract';
import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { uuidv7 } from 'uuidv7';
import type { App, Caller, Deps } from '../slice.ts';

import { problemOf, sendProblem } from './problems.ts';

export const SESSION_COOKIE = 'firebreak_session';

const BODY_LIMIT = 256 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
/** A database that is cut off says nothing: whoever orders is told so after this long, though it may still be done. */
const OUT_OF_REACH_MS = 10_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends this: a caller, nobody, or credentials that were refused. */
    caller: Caller | Refusal | null;
  }
  interface FastifyContextConfig {
    outOfReach?: NonNullable<AnyEndpoint['outOfReach']>;
    oauth?: true;
  }
}

/** The HTTP server without its routes: ids, callers, cross-site check, problems, measurements. */
export async function createApp(deps: Deps): Promise<App> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: deps.config.trustedProxies.length > 0 && [...deps.config.trustedProxies],
    forceCloseConnections: true,
    genReqId: () => uuidv7(),
    routerOptions: { maxParamLength: 300 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(cookie);
  app.decorateRequest('caller', null);

  app.addHook('onRequest', async (request, reply) => {
    const { outOfReach } = request.routeOptions.config;
    if (outOfReach !== undefined) {
      const timer = setTimeout(() => {
        if (!reply.sent) sendProblem(reply, outOfReach.code, outOfReach.detail);
      }, OUT_OF_REACH_MS);
      reply.raw.once('close', () => clearTimeout(timer));
    }
    reply.header('x-request-id', request.id);
    reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'content-security-policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    });
    request.caller = await callerOf(request, deps);
    if (isCrossSite(request))
      return sendProblem(
        reply,
        'request.cross-site',
        'This request comes from another site. Use the app itself, or an API key.',
      );
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    deps.metrics.requests.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    );
    const line = {
      req: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (reply.statusCode >= 500) deps.log.warn(line, 'request');
    else deps.log.debug(line, 'request');
  });
  app.setErrorHandler((error, request, reply) => {
    const found = problemOf(error);
    const { outOfReach } = request.routeOptions.config;
    const problem = found.code === 'server.busy' && outOfReach !== undefined ? { ...found, ...outOfReach } : found;
    if (problem.code === 'server.fault')
      deps.log.error({ req: request.id, route: request.routeOptions.url, err: error }, 'a request failed');
    return sendProblem(reply, problem.code, problem.detail, problem.errors);
  });
  return app;
}

async function callerOf(request: FastifyRequest, deps: Deps): Promise<Caller | Refusal | null> {
  const authorization = request.headers.authorization;
  const credentials = {
    bearer:
      authorization?.match(/^Bearer\s+(\S+)$/i)?.[1] ??
      (request.routeOptions.config.oauth ? passwordIn(authorization) : null),
    session: request.cookies[SESSION_COOKIE] ?? null,
  };
  if (credentials.bearer === null && credentials.session === null) return null;
  let refused: Refusal | null = null;
  for (const slice of deps.slices) {
    const caller = await slice.authenticate?.(credentials, deps);
    if (caller && !isRefusal(caller)) return caller;
    // What one slice does not know another may.
    refused ??= caller ?? null;
  }
  return refused;
}

/** The password of an OAuth client, which is form-encoded before it is put into the header (RFC 6749 section 2.3.1). */
function passwordIn(authorization: string | undefined): string | null {
  const [, coded] = authorization?.match(/^Basic\s+([\w+/=]{1,1000})$/i) ?? [];
  if (coded === undefined) return null;
  const text = Buffer.from(coded, 'base64').toString();
  const at = text.indexOf(':');
  return at < 0 ? null : (new URLSearchParams(`it=${text.slice(at + 1)}`).get('it') ?? null);
}

/** A cookie is sent along by the browser itself, so what changes something with one must come from our own pages. */
function isCrossSite(request: FastifyRequest): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.authorization !== undefined) return false;
  const site = request.headers['sec-fetch-site'];
  if (typeof site === 'string') return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host !== request.headers.host;
}

/** The caller, or the refusal that says why there is none. */
export function callerIn(request: FastifyRequest): Caller | Refusal {
  return (
    request.caller ?? {
      refused: 'session.missing',
      why: 'Sign in, or send an API key as “Authorization: Bearer fbk_…”.',
    }
  );
}

export function refuseWith(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendProblem(
    reply,
    refusal.refused,
    refusal.why,
    refusal.pointer === undefined ? [] : [{ pointer: refusal.pointer, detail: refusal.why }],
  );
}
