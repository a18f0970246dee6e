import type { Recorded } from '@firebreak/core/kernel';
import { isRefusal } from '@firebreak/core/kernel';
import { loadAfter } from '../log.ts';
import type { App, Deps } from '../slice.ts';
import { callerIn, refuseWith } from './app.ts';

const BEAT_MS = 10_000;
const MOST_MISSED = 1_000;
const MOST_SCREENS = 1_000;
const MOST_BUFFERED = 1024 * 1024;

/**
 * `GET /api/v1/live`: server-sent events. `fact` for every recorded fact (its id is the sequence number, so a browser
 * that reconnects gets what it missed), `telemetry` as a hint to read again, `ping` every ten seconds, `resync` when too
 * much was missed to send.
 */
export function live(app: App, deps: Deps): void {
  let open = 0;
  app.get('/api/v1/live', { schema: { hide: true } }, async (request, reply) => {
    const caller = callerIn(request);
    if (isRefusal(caller)) return refuseWith(reply, caller);
    if (caller.may !== 'everything' && !caller.may.has('read'))
      return refuseWith(reply, { refused: 'authority.missing', why: 'This needs the right “read”.' });
    if (open >= MOST_SCREENS)
      return refuseWith(reply, {
        refused: 'server.busy',
        why: 'Too many screens are open. Close some, or try again shortly.',
      });

    reply.hijack();
    const out = reply.raw;
    out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    open += 1;
    deps.metrics.live.set(open);
    const send = (event: string, data: unknown, id?: number) => {
      if (out.writableLength > MOST_BUFFERED) out.destroy();
      else out.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    let sent = 0;
    const give = (facts: readonly Recorded[]) => {
      for (const fact of facts) {
        if (fact.seq <= sent) continue;
        sent = fact.seq;
        send(
          'fact',
          { ...fact, incident: fact.stream.startsWith('inc_') ? fact.stream : (fact.data.incident ?? null) },
          fact.seq,
        );
      }
    };
    // Facts that come in while the missed ones are read wait their turn.
    let waiting: Recorded[] | null = [];
    const offFacts = deps.feed.on((facts) => (waiting ? waiting.push(...facts) : give(facts)));
    const offHints = deps.hints.on((hint) => send('telemetry', hint));
    const beat = setInterval(() => send('ping', { at: deps.now(), seq: deps.feed.seq }), BEAT_MS);
    out.on('close', () => {
      clearInterval(beat);
      offFacts();
      offHints();
      open -= 1;
      deps.metrics.live.set(open);
    });
    out.on('error', () => out.destroy());

    const last = Number(request.headers['last-event-id'] ?? Number.NaN);
    if (Number.isSafeInteger(last) && last >= 0 && last < deps.feed.seq) {
      sent = last;
      const missed = deps.feed.seq - last > MOST_MISSED ? null : await loadAfter(deps.db, last, MOST_MISSED);
      if (missed === null) send('resync', { seq: deps.feed.seq });
      else give(missed);
    }
    send('ping', { at: deps.now(), seq: deps.feed.seq });
    const held = waiting;
    waiting = null;
    give(held);
    return reply;
  });
}
