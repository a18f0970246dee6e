import { timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ofrep as doors } from '@firebreak/contract/respond/ofrep';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import type { FastifyRequest } from 'fastify';
import { type App, type Caller, callerIn, type Deps, refuseWith, vouched } from '../../platform/index.ts';
import { callerOfKey } from '../../prepare/people/index.ts';
import type { Change, ControlState } from './control-state.ts';
import { viewFor } from './flags.ts';
import { fromElsewhere, readableBy } from './page-access.ts';

const BEAT_MS = 15_000;
const MOST_STREAMS = 2_000;
/** Everybody can take a page key and listen with it: servers keep their room, and so do the pages of other keys. */
export const MOST_PAGE_STREAMS = 1_000;
export const MOST_STREAMS_OF_PAGE_KEY = 500;
const MOST_BUFFERED = 64 * 1024;
const LEAST_RETRY_MS = 300;
/** All pages that listen ask again when they are told. Over this time, so that guards, who are told at once, are answered first. */
const PAGES_TOLD_MS = 1_000;
const TICKETS = 'ofrep events';

/**
 * Where somebody hears of changes. An `EventSource` of a browser sends no header, so the address itself says for which key it was
 * made. It is good while the key is, and only for hearing that something has changed.
 */
export function streamFor(deps: Deps, { actor }: Caller): string {
  if (actor.kind !== 'key') return doors.eventsPath;
  return `${doors.eventsPath}?ticket=${actor.id}.${vouched(deps, TICKETS, actor.id)}`;
}

async function callerOfTicket(deps: Deps, ticket: string): Promise<Caller | null> {
  const [key = '', mac = ''] = ticket.split('.', 2);
  const [said, wanted] = [Buffer.from(mac), Buffer.from(vouched(deps, TICKETS, key))];
  if (said.length !== wanted.length || !timingSafeEqual(said, wanted)) return null;
  return callerOfKey(deps.db, key);
}

async function whoListens(deps: Deps, request: FastifyRequest): Promise<Caller | Refusal> {
  const { ticket } = request.query as { readonly ticket?: unknown };
  // From here on the answer is one to the key of the ticket.
  if (typeof ticket === 'string') request.caller = (await callerOfTicket(deps, ticket)) ?? request.caller;
  const caller = callerIn(request);
  if (isRefusal(caller)) return caller;
  if (caller.may !== 'everything' && !caller.may.has('flags.read'))
    return refuse('authority.missing', 'This needs the right “flags.read”.');
  return fromElsewhere(caller, request.headers.origin) ?? caller;
}

function noRoom(open: ReadonlyMap<ServerResponse, Caller>, { actor, page }: Caller): Refusal | null {
  if (open.size >= MOST_STREAMS) return refuse('server.busy', 'Too many streams are open.');
  if (page === undefined) return null;
  const pages = [...open.values()].filter((each) => each.page !== undefined);
  const same = pages.filter((each) => each.actor.id === actor.id);
  return pages.length < MOST_PAGE_STREAMS && same.length < MOST_STREAMS_OF_PAGE_KEY
    ? null
    : refuse('page-key.too-busy', 'Too many pages listen already. Ask again later instead.');
}

/** One `refetchEvaluation` on every connect: clients that were cut off miss changes otherwise, and do not ask by themselves. */
export function ofrepStreams(app: App, deps: Deps, state: ControlState): void {
  const open = new Map<ServerResponse, Caller>();
  const waiting = new Map<ServerResponse, NodeJS.Timeout>();
  const write = (out: ServerResponse, text: string) => {
    if (out.writableLength > MOST_BUFFERED) out.destroy();
    else out.write(text);
  };
  const tell = (out: ServerResponse, caller: Caller, before = '') => {
    const { epoch, generation } = viewFor(state, caller);
    const lastModified = Math.floor(Date.parse(deps.now()) / 1_000);
    const data = { type: 'refetchEvaluation', etag: `${generation}-${epoch}`, lastModified };
    write(out, `${before}id: ${epoch}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`);
  };
  /** Browsers wait for seconds before they connect again, and all of them as long. */
  const comeBack = () => `retry: ${LEAST_RETRY_MS + deps.random(1)[0]!}\n`;
  const concerns = ({ page }: Caller, changes: readonly Change[]) =>
    page === undefined || changes.some(({ subscription }) => page.systems.includes(subscription));
  const tellLater = (out: ServerResponse, caller: Caller) => {
    if (waiting.has(out)) return;
    const ms = (deps.random(1)[0]! / 256) * PAGES_TOLD_MS;
    const timer = setTimeout(() => {
      waiting.delete(out);
      tell(out, caller);
    }, ms);
    waiting.set(out, timer);
  };
  const forget = (out: ServerResponse) => {
    open.delete(out);
    clearTimeout(waiting.get(out));
    waiting.delete(out);
  };
  state.on((changes) => {
    for (const [out, caller] of open)
      if (concerns(caller, changes)) (caller.page === undefined ? tell : tellLater)(out, caller);
  });
  deps.feed.on((facts) => {
    const revoked = new Set(facts.flatMap(({ type, stream }) => (type === 'key.revoked' ? [stream] : [])));
    if (revoked.size > 0) for (const [out, { actor }] of open) if (revoked.has(actor.id)) out.destroy();
  });
  const beat = setInterval(() => {
    for (const out of open.keys()) write(out, ': beat\n\n');
  }, BEAT_MS);
  beat.unref();
  app.addHook('preClose', async () => {
    clearInterval(beat);
    for (const out of open.keys()) out.destroy();
  });
  app.get(doors.eventsPath, { schema: { hide: true } }, async (request, reply) => {
    const caller = await whoListens(deps, request);
    if (isRefusal(caller)) return refuseWith(reply, caller);
    const readable = await readableBy(deps, request);
    const refused = noRoom(open, caller);
    if (refused !== null) return refuseWith(reply, refused);
    reply.hijack();
    const out = reply.raw;
    out.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      ...readable,
    });
    open.set(out, caller);
    out.on('close', () => forget(out));
    out.on('error', () => out.destroy());
    tell(out, caller, comeBack());
    return reply;
  });
}
