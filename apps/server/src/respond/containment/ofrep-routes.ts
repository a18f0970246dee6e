import { ofrep as doors } from '@firebreak/contract/respond/ofrep';
import { type App, type Deps, route } from '../../platform/index.ts';
import type { ControlState } from './control-state.ts';
import { allFlags, etagOf, evaluate, isThere, readFlag, viewFor } from './flags.ts';
import { ofrepStreams, streamFor } from './ofrep-streams.ts';
import { openToPages } from './page-access.ts';
import type { Proving } from './proving.ts';

/** OpenFeature Remote Evaluation Protocol, answered by the verdict that guards and the gateway use. */
export async function ofrepRoutes(
  app: App,
  deps: Deps,
  state: ControlState,
  proving: Pick<Proving, 'askedForFlags'>,
): Promise<void> {
  // Doors of their own: what opens them to web pages opens no other.
  await app.register(async (own) => {
    openToPages(own, deps, [doors.evaluateAll.path, doors.evaluate.path, doors.eventsPath]);
    evaluations(own, deps, state, proving);
    ofrepStreams(own, deps, state);
  });
}

function evaluations(app: App, deps: Deps, state: ControlState, proving: Pick<Proving, 'askedForFlags'>): void {
  route(app, doors.evaluateAll, async ({ body, caller, request, reply }) => {
    const context = body?.context ?? {};
    const view = viewFor(state, caller);
    const etag = etagOf(view, context);
    reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) reply.code(304).send();
    const only = typeof context.system === 'string' ? context.system : undefined;
    // Everybody can ask with a page key: that somebody does proves of no system that it obeys flags.
    if (caller.page === undefined && only !== undefined && state.knows(only)) proving.askedForFlags(only);
    return {
      flags: allFlags(view, only).map((flag) => evaluate(view, flag, context)),
      metadata: { epoch: view.epoch },
      eventStreams: [{ type: 'sse' as const, endpoint: { requestUri: streamFor(deps, caller) } }],
    };
  });

  route(app, doors.evaluate, async ({ body, caller, request, reply }) => {
    const key = (request.params as { '*': string })['*'];
    const view = viewFor(state, caller);
    const flag = readFlag(view, key);
    if (flag !== null && caller.page === undefined) proving.askedForFlags(flag.system);
    const context = body?.context ?? {};
    if (flag !== null && isThere(view, flag, context)) return evaluate(view, flag, context);
    const errorDetails =
      caller.page === undefined
        ? 'Flags are contain.<system>.<feature>.allowed, .model, .prompt, .provider, .settings, .limits and .review of registered systems and their features.'
        : 'Flags for web pages are contain.<system>.<feature>.allowed and .review of the systems that the page key names, and of their features.';
    reply
      .code(404)
      .serializer(JSON.stringify)
      .type('application/json')
      .send({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails });
    return { key, reason: 'UNKNOWN' as const, variant: 'unknown' };
  });
}
