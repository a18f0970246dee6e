import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { isNamedOrigin } from '@firebreak/core/prepare/people';
import type { FastifyRequest } from 'fastify';
import { type App, type Caller, type Deps, refuseWith } from '../../platform/index.ts';
import { isPageOrigin } from '../../prepare/people/index.ts';

/** Asked again after ten minutes at the latest. */
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, if-none-match, last-event-id',
  'access-control-max-age': '600',
};
const EXPOSED = 'etag, retry-after, x-request-id';

/**
 * Why a page may not use its key; null: it may. A request that names no origin is no page of somebody else: browsers name it
 * whenever they cross one. Programs name whatever they like, so refusing those that name none would keep nobody out.
 */
export function fromElsewhere(caller: Caller | Refusal | null, origin: string | undefined): Refusal | null {
  if (caller === null || isRefusal(caller) || caller.page === undefined || origin === undefined) return null;
  if (isNamedOrigin(caller.page, origin)) return null;
  return refuse(
    'page-key.other-origin',
    `This key may not be used by pages of ${origin.slice(0, 300)}. Make a page key that names this origin, as the address bar shows it.`,
  );
}

const isNamed = async (deps: Deps, origin: string | undefined): Promise<boolean> =>
  origin !== undefined && (await isPageOrigin(deps, origin).catch(() => false));

/**
 * Headers that let a page of another origin read the answer (CORS, Fetch standard 3.2). Failures carry them as well, or the page
 * could not tell them from a lost connection; what a secret key is answered does not. Never with credentials: cookies stay here.
 */
function readable({ headers: { origin }, caller }: Pick<FastifyRequest, 'headers' | 'caller'>, named: boolean) {
  const secret = caller !== null && !isRefusal(caller) && caller.page === undefined;
  return {
    vary: 'origin',
    ...(named &&
      !secret && { 'access-control-allow-origin': String(origin), 'access-control-expose-headers': EXPOSED }),
  };
}

/** The same for an answer that is not sent by Fastify. */
export const readableBy = async (deps: Deps, request: FastifyRequest): Promise<Record<string, string>> =>
  readable(request, await isNamed(deps, request.headers.origin));

/**
 * Opens doors to pages of other origins, as far as page keys name them. `app` holds these doors and no others. By hand:
 * `@fastify/cors` answers `OPTIONS` for every address of the server, and does not see streams.
 */
export function openToPages(app: App, deps: Deps, paths: readonly string[]): void {
  const known = new WeakMap<FastifyRequest, boolean>();
  app.addHook('onRequest', async (request, reply) => {
    known.set(request, await isNamed(deps, request.headers.origin));
    const refused = fromElsewhere(request.caller, request.headers.origin);
    if (refused !== null) return refuseWith(reply, refused);
  });
  // When it is sent, whoever sends it; at once where that is possible, as handlers count on it that what they sent is sent.
  app.addHook('onSend', (request, reply, _payload, done) => {
    const send = (named: boolean) => {
      reply.headers(readable(request, named));
      done();
    };
    const named = known.get(request);
    if (named === undefined) void isNamed(deps, request.headers.origin).then(send);
    else send(named);
  });
  for (const path of paths)
    app.options(path, { schema: { hide: true } }, async (request, reply) => {
      const asks = request.headers['access-control-request-method'] !== undefined;
      if (!asks || known.get(request) !== true) return reply.callNotFound();
      return reply.code(204).headers(PREFLIGHT).send();
    });
}
