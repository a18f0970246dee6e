import { timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ofrep as doors } from '@firebreak/contract/respond/ofrep';
import { isRefusal } from '@firebreak/core/kernel';
import { type App, type Caller, callerIn, type Deps, refuseWith, route, vouched } from '../../platform/index.ts';
import { rightsOfKey } from '../../prepare/people/index.ts';
import type { ControlState } from './control-state.ts';
import { allFlags, etagOf, evaluate, readFlag } from './flags.ts';
import type { Proving } from './proving.ts';

const BEAT_MS = 15_000;
const MOST_STREAMS = 2_000;
const LEAST_RETRY_MS = 300;
const TICKETS = 'ofrep events';

/**
 * Where somebody hears of changes. An `EventSource` of a browser sends no header, so the address itself says for which key it was
 * made. It is good while the key is, and only for hearing that something has changed.
 */
function streamFor(deps: Deps, { actor }: Caller): string {
  if (actor.kind !== 'key') return doors.eventsPath;
  return `${doors.eventsPath}?ticket=${actor.id}.${vouched(deps, TICKETS, actor.id)}`;
}

async function isGoodTicket(deps: Deps, ticket: string): Promise<boolean> {
  const [key = '', mac = ''] = ticket.split('.', 2);
  const [said, wanted] = [Buffer.from(mac), Buffer.from(vouched(deps, TICKETS, key))];
  if (said.length !== wanted.length || !timingSafeEqual(said, wanted)) return false;
  return (await rightsOfKey(deps.db, key))?.has('flags.read') === true;
}

/** OpenFeature Remote Evaluation Protocol, answered by the verdict that guards and the gateway use. */
export function ofrepRoutes(app: App, deps: Deps, state: ControlState, proving: Pick<Proving, 'askedForFlags'>): void {
  route(app, doors.evaluateAll, async ({ body, caller, request, reply }) => {
    const context = body?.context ?? {};
    const etag = etagOf(state, context);
    reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) reply.code(304).send();
    const only = typeof context.system === 'string' ? context.system : undefined;
    if (only !== undefined && state.knows(only)) proving.askedForFlags(only);
    return {
      flags: allFlags(state, only).map((flag) => evaluate(state, flag, context)),
      metadata: { epoch: state.epochOf('*') },
      eventStreams: [{ type: 'sse' as const, endpoint: { requestUri: streamFor(deps, caller) } }],
    };
  });

  route(app, doors.evaluate, async ({ body, request, reply }) => {
    const key = (request.params as { '*': string })['*'];
    const flag = readFlag(state, key);
    if (flag !== null) proving.askedForFlags(flag.system);
    if (flag !== null) return evaluate(state, flag, body?.context ?? {});
    const errorDetails =
      'Flags are contain.<system>.<feature>.allowed, .model, .prompt, .provider, .settings, .limits and .review of registered systems.';
    reply
      .code(404)
      .serializer(JSON.stringify)
      .type('application/json')
      .send({ key, errorCode: 'FLAG_NOT_FOUND', errorDetails });
    return { key, reason: 'UNKNOWN' as const, variant: 'unknown' };
  });

  events(app, deps, state);
}

/** One `refetchEvaluation` on every connect: clients that were cut off miss changes otherwise, and do not ask by themselves. */
function events(app: App, deps: Deps, state: ControlState): void {
  const open = new Set<ServerResponse>();
  const tell = (out: ServerResponse, before = '') => {
    const epoch = state.epochOf('*');
    const lastModified = Math.floor(Date.parse(deps.now()) / 1_000);
    const data = { type: 'refetchEvaluation', etag: `${state.generation}-${epoch}`, lastModified };
    out.write(`${before}id: ${epoch}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`);
  };
  /** Browsers wait for seconds before they connect again, and all of them as long. */
  const comeBack = () => `retry: ${LEAST_RETRY_MS + deps.random(1)[0]!}\n`;
  state.on(() => {
    for (const out of open) tell(out);
  });
  const beat = setInterval(() => {
    for (const out of open) out.write(': beat\n\n');
  }, BEAT_MS);
  beat.unref();
  app.addHook('preClose', async () => {
    clearInterval(beat);
    for (const out of open) out.destroy();
  });
  app.get(doors.eventsPath, { schema: { hide: true } }, async (request, reply) => {
    const { ticket } = request.query as { readonly ticket?: unknown };
    if (typeof ticket !== 'string' || !(await isGoodTicket(deps, ticket))) {
      const caller = callerIn(request);
      if (isRefusal(caller)) return refuseWith(reply, caller);
      if (caller.may !== 'everything' && !caller.may.has('flags.read'))
        return refuseWith(reply, { refused: 'authority.missing', why: 'This needs the right “flags.read”.' });
    }
    if (open.size >= MOST_STREAMS)
      return refuseWith(reply, { refused: 'server.busy', why: 'Too many streams are open.' });
    reply.hijack();
    const out = reply.raw;
    out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    open.add(out);
    out.on('close', () => open.delete(out));
    out.on('error', () => out.destroy());
    tell(out, comeBack());
    return reply;
  });
}
