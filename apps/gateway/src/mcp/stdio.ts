import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Interaction } from '../interaction.ts';
import { callIn, denialOf, filteredList, Judge, type McpGuard, type Place, type Refused } from './judge.ts';
import {
  BadMessage,
  isJson,
  isStateless,
  type Json,
  type Message,
  type RequestId,
  RPC,
  readMessage,
  versionOf,
} from './message.ts';
import { Offered } from './offered.ts';
import type { Granted } from './permissions.ts';
import { type CallRecord, type Ended, interactionOf } from './record.ts';

export interface StdioOptions {
  readonly guard: McpGuard;
  readonly place: Place;
  readonly granted?: Granted | undefined;
  readonly record?: ((interaction: Interaction) => void) | undefined;
  /** What the client writes, and what it reads. */
  readonly input: Readable;
  readonly output: Writable;
  /** The server, started already. */
  readonly child: Pick<ChildProcessWithoutNullStreams, 'stdin' | 'stdout'>;
  readonly deny?: 'error' | 'result';
  readonly reviewMs?: number;
  readonly callMs?: number;
  /** Largest line, bytes; 4 MiB unless said. */
  readonly messageLimit?: number;
}

const REVIEW_MS = 55_000;
const CALL_MS = 600_000;
const LINE_LIMIT = 4 * 1024 * 1024;
const MOST_RUNNING = 1_000;
const NEWLINE = 10;

interface Running {
  readonly record: CallRecord;
  readonly stateless: boolean;
  readonly gone: AbortController;
  landed?: () => void;
  timer?: NodeJS.Timeout;
  /** Its answer is not wanted any more. */
  over?: true;
}

/** Hands on whole lines; a longer one than `most` bytes is told once and skipped. */
function lines(most: number, line: (text: Buffer) => void, tooLong: () => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let size = 0;
  let skipping = false;
  return (chunk) => {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      const piece = chunk.subarray(from, end === -1 ? chunk.length : end);
      size += piece.length;
      if (size > most && !skipping) {
        skipping = true;
        held = [];
        tooLong();
      }
      if (!skipping && piece.length > 0) held.push(piece);
      if (end === -1) return;
      if (!skipping && held.length > 0) line(held.length === 1 ? held[0]! : Buffer.concat(held));
      held = [];
      size = 0;
      skipping = false;
      from = end + 1;
    }
  };
}

/**
 * Stands between a client and an MCP server that speak by lines. Resolves when the server’s output has ended. What is no
 * call of a tool and no list of tools passes byte for byte.
 */
export function proxyStdio(options: StdioOptions): Promise<void> {
  const { guard, granted, place, child, output } = options;
  const deny = options.deny ?? 'error';
  const most = options.messageLimit ?? LINE_LIMIT;
  const judge = new Judge({ guard, granted, reviewMs: options.reviewMs ?? REVIEW_MS });
  const running = new Map<RequestId, Running>();
  /** Requests whose answers are lists of tools, with the cursor they ask with. */
  const lists = new Map<RequestId, unknown>();
  const offered = new Offered();
  const everybody = [place.server];
  const seen = new Set<string>();
  let shown: string | undefined;
  let initialized = false;
  let subscription: RequestId | undefined;

  const back = (json: Json) => void output.write(`${JSON.stringify(json)}\n`);
  const up = (line: Buffer | string) => {
    if (!child.stdin.destroyed)
      child.stdin.write(typeof line === 'string' ? line : Buffer.concat([line, Buffer.from('\n')]));
  };
  const fail = (bad: BadMessage) =>
    back({ jsonrpc: '2.0', id: bad.id, error: { code: bad.code, message: bad.message } });
  const write = (call: Running, outcome: { refused?: Refused; ended?: Ended }) =>
    options.record?.(interactionOf(call.record, outcome));

  function end(id: RequestId, call: Running): void {
    call.landed?.();
    clearTimeout(call.timer);
    running.delete(id);
  }
  /** Answered by us; the server is told, and what it still says of it is dropped. */
  function stop(id: RequestId, call: Running, answer: Json, outcome: { refused?: Refused; ended?: Ended }): void {
    if (call.over) return;
    call.over = true;
    call.landed?.();
    clearTimeout(call.timer);
    back(answer);
    up(
      `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: 'revoked' } })}\n`,
    );
    write(call, outcome);
  }

  async function judgeCall(message: Message, line: Buffer): Promise<void> {
    const call = callIn(message);
    const { id } = message;
    if (call === undefined || id === undefined)
      return fail(new BadMessage(RPC.invalid, 'A call names a tool and has an id.', id ?? null));
    if (running.has(id)) return fail(new BadMessage(RPC.invalid, 'A call with this id is running.', id));
    if (running.size >= MOST_RUNNING) return fail(new BadMessage(RPC.internal, 'Too many calls are running.', id));
    const record: CallRecord = {
      instance: options.guard.instance,
      place,
      call,
      at: new Date().toISOString(),
      startedAt: performance.now(),
      toolsDigest: offered.to(everybody),
    };
    const entry: Running = { record, stateless: isStateless(versionOf(message)), gone: new AbortController() };
    running.set(id, entry);
    let refused: Refused | undefined;
    try {
      refused = (await judge.refusalOf(call, place, entry.gone.signal)) ?? judge.refusalNow(call, place);
    } catch {
      running.delete(id);
      return fail(new BadMessage(RPC.internal, 'The proxy could not judge this message.', id));
    }
    if (entry.gone.signal.aborted) {
      // Cancelled by the client while a person was asked.
      running.delete(id);
      return;
    }
    if (refused !== undefined) {
      running.delete(id);
      back(denialOf(id, refused, deny, entry.stateless));
      write(entry, { refused });
      return;
    }
    entry.landed = guard.track(judge.questionOf(place, call.tool), (error) => {
      const stopped: Refused = { rule: 'hold', message: error.message, verdict: error.verdict };
      stop(id, entry, denialOf(id, stopped, deny, entry.stateless), {
        refused: stopped,
        ended: { error: 'revoked while it ran; the server was told to stop, and may have done it' },
      });
    });
    entry.timer = setTimeout(() => {
      const why = `${place.server} did not answer in time.`;
      stop(id, entry, { jsonrpc: '2.0', id, error: { code: RPC.internal, message: why } }, { ended: { error: why } });
    }, options.callMs ?? CALL_MS);
    entry.timer.unref();
    up(line);
  }

  const fromClient = lines(
    most,
    (line) => {
      let message: Message;
      try {
        message = readMessage(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
      } catch (error) {
        fail(error instanceof BadMessage ? error : new BadMessage(RPC.parse, 'The message is not UTF-8.'));
        return;
      }
      const { method, id, params } = message;
      if (method === 'tools/call') return void judgeCall(message, line);
      if (method === 'tools/list' && id !== undefined && lists.size < MOST_RUNNING) lists.set(id, params.cursor);
      else if (method === 'tools/list')
        return fail(new BadMessage(RPC.invalid, 'Too many lists are asked for.', id ?? null));
      if (method === 'notifications/initialized') initialized = true;
      if (
        method === 'subscriptions/listen' &&
        isJson(params.notifications) &&
        params.notifications.toolsListChanged === true
      )
        subscription = id;
      if (method === 'notifications/cancelled') running.get(params.requestId as RequestId)?.gone.abort();
      up(line);
    },
    () => fail(new BadMessage(RPC.invalid, `A message may hold ${most} bytes.`)),
  );

  const fromServer = lines(
    most,
    (line) => {
      const pass = () => void output.write(Buffer.concat([line, Buffer.from('\n')]));
      let json: unknown;
      try {
        json = JSON.parse(line.toString());
      } catch {
        return pass();
      }
      if (!isJson(json) || json.method !== undefined) return pass();
      const id = json.id as RequestId;
      const call = running.get(id);
      if (call !== undefined && (call.landed !== undefined || call.over)) {
        end(id, call);
        if (call.over) return;
        pass();
        write(call, { ended: { answer: json } });
        return;
      }
      if (lists.has(id)) offered.note(everybody, lists.get(id), json);
      if (!lists.delete(id) && !(isJson(json.result) && Array.isArray(json.result.tools))) return pass();
      const filtered = filteredList(json, (tool) => judge.shows(tool, place), seen);
      if (filtered === undefined) pass();
      else back(filtered);
    },
    () => undefined,
  );

  const changed = () => {
    if (!initialized && subscription === undefined) return;
    const now = judge.picture(seen, place);
    if (shown === now) return;
    shown = now;
    const params =
      subscription === undefined
        ? {}
        : { params: { _meta: { 'io.modelcontextprotocol/subscriptionId': subscription } } };
    back({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', ...params });
  };
  const deaf = [guard.on('change', changed), granted?.onChange(changed)];

  return new Promise((resolve) => {
    options.input.on('data', fromClient);
    options.input.once('end', () => child.stdin.end());
    child.stdout.on('data', fromServer);
    // A server that is gone is told to the client as calls without an answer.
    child.stdin.on('error', () => undefined);
    output.on('error', () => undefined);
    child.stdout.once('close', () => {
      for (const stopListening of deaf) stopListening?.();
      for (const [id, call] of running) {
        if (!call.over && call.landed !== undefined) {
          back({ jsonrpc: '2.0', id, error: { code: RPC.internal, message: `${place.server} has ended.` } });
          write(call, { ended: { error: 'the server ended before it answered' } });
        }
        call.gone.abort();
        end(id, call);
      }
      resolve();
    });
  });
}
