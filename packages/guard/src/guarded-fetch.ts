import type { Asking, Verdict, Versions } from '@firebreak/core/respond/containment';
import { type JudgeAnswer, streamReader, wordsOf } from './answer-reader.ts';
import { askingFrom, FIREBREAK_HEADER_NAMES } from './asking-headers.ts';
import { ContainedError } from './contained-error.ts';
import type { Flight } from './in-flight.ts';
import { AWAITS_REVIEW, refusalOf } from './refusal.ts';
import { putIn, withSettings } from './vendor-body.ts';
import { callsIn, withoutTools } from './vendor-tools.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** What is known of every request; `x-firebreak-*` headers of a single request say more. */
  readonly asking?: Asking | (() => Asking);
  /** Leave the `x-firebreak-*` headers in: for requests that go to a Firebreak gateway and not to a vendor. */
  readonly keepHeaders?: boolean;
  /** Answers instead of a refusal, in the vendor's own shape: `scriptedAnswer` of `@firebreak/guard/scripted`. */
  readonly instead?: (verdict: Verdict, asked: Asked) => Response | undefined;
  /** How to send a request to another vendor. Without it such a request is refused, never sent to the withdrawn vendor. */
  readonly toProvider?: (request: Request, provider: string) => Request | Promise<Request>;
}

/** The request that is refused, as far as an answer in its shape needs it. */
export interface Asked {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

interface Judge {
  readonly system: string;
  admit(asking: Asking): Verdict;
  check(asking: Asking): Verdict;
  peek(asking: Asking): Verdict;
  /** Whether words of answers, or the tools they ask for, are judged too. */
  readsAnswers(): boolean;
  fly(flight: Flight): () => void;
}

function modelIn(body: unknown): { model: string | undefined; parsed: Record<string, unknown> | undefined } {
  if (typeof body !== 'string' || !body.startsWith('{')) return { model: undefined, parsed: undefined };
  try {
    const parsed = JSON.parse(body) as Record<string, unknown>;
    return { model: typeof parsed.model === 'string' ? parsed.model : undefined, parsed };
  } catch {
    return { model: undefined, parsed: undefined };
  }
}

/** What this place cannot change for the application, if anything, as a sentence. */
function beyondReach(to: Versions, rewritable: boolean, options: FetchOptions): string | undefined {
  if (to.prompt !== undefined)
    return `Prompt ${to.prompt} is ordered. Build the request with guard.resolvePrompt and say its prompt (x-firebreak-prompt).`;
  if (to.model !== undefined && !rewritable) return `Model ${to.model} is ordered, but this body cannot be rewritten.`;
  if (to.provider !== undefined && options.toProvider === undefined)
    return `Vendor ${to.provider} is ordered, but this client has no way to it (see toProvider).`;
  return undefined;
}

function refused(verdict: Verdict, detail?: string): Response {
  const { status, headers, body } = refusalOf(verdict, detail);
  return new Response(body, { status, headers });
}

/** The answer that was read, for its reader to read. The runtime has unpacked it. */
function again(response: Response, text: string): Response {
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(text, { status: response.status, statusText: response.statusText, headers });
}

function saidIn(text: string): { readonly words: string; readonly calls: readonly string[] } {
  try {
    const value: unknown = JSON.parse(text);
    return { words: wordsOf(value), calls: callsIn(value) };
  } catch {
    return { words: text, calls: [] };
  }
}

/** Hands the body through and lets `abort` end it with our own error: a default abort would end it in silence. */
function killable(
  response: Response,
  done: () => void,
  read?: (chunk: Uint8Array) => Verdict | undefined,
): { response: Response; kill: (error: ContainedError) => void } {
  const source = response.body;
  if (source === null) {
    done();
    return { response, kill: () => undefined };
  }
  const reader = source.getReader();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let over = false;
  const end = () => {
    over = true;
    done();
  };
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    async pull() {
      try {
        const { done: last, value } = await reader.read();
        if (over) return;
        const ended = last ? undefined : read?.(value);
        if (ended !== undefined) {
          end();
          controller.error(new ContainedError(ended));
          return void reader.cancel().catch(() => undefined);
        }
        if (!last) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        if (over) return;
        end();
        controller.error(error);
      }
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  });
  const passed = new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
  Object.defineProperty(passed, 'url', { value: response.url });
  return {
    response: passed,
    kill(error) {
      if (over) return;
      over = true;
      controller.error(error);
    },
  };
}

/** A fetch that asks the guard first, answers refusals itself, and ends running answers when they are stopped. */
export function guardedFetch(inner: Fetch, judge: Judge, options: FetchOptions = {}): Fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const base = typeof options.asking === 'function' ? options.asking() : options.asking;
    const said = Object.fromEntries(
      Object.entries(askingFrom((name) => headers.get(name))).filter(([, value]) => value !== undefined),
    );
    const { model, parsed } = modelIn(init?.body);
    const asking: Asking = {
      ...(model === undefined ? {} : { model }),
      ...(parsed === undefined ? {} : putIn(parsed)),
      ...base,
      ...said,
    };

    const url = input instanceof Request ? input.url : String(input);
    const stopped = (by: Verdict, detail?: string) =>
      options.instead?.(by, { url, body: parsed }) ?? refused(by, detail);
    const verdict = judge.admit(asking);
    if (verdict.action === 'deny') return stopped(verdict);
    if (verdict.action === 'review') return stopped(verdict, AWAITS_REVIEW);
    let body = init?.body;
    if (verdict.settings !== undefined && parsed === undefined)
      return refused(verdict, 'Other generation settings are ordered, but this body cannot be rewritten.');
    // No verdict changes which tools there are: each is asked about, where any hold speaks of tools.
    const served: Asking = verdict.to === undefined ? asking : { ...asking, ...verdict.to };
    const ofTool = (tool: string): Asking => ({ ...served, text: undefined, attachments: undefined, tool });
    const mayCall = (tool: string) => judge.peek(ofTool(tool)).action !== 'deny';
    const offered = parsed && judge.readsAnswers() ? (withoutTools(parsed, mayCall)?.body ?? parsed) : parsed;
    const reset = verdict.settings === undefined ? offered : withSettings(offered!, verdict.settings);
    if (reset !== parsed) {
      body = JSON.stringify(reset);
      headers.delete('content-length');
    }
    if (verdict.to !== undefined) {
      const why = beyondReach(verdict.to, parsed !== undefined, options);
      if (why !== undefined) return refused(verdict, why);
      if (verdict.to.model !== undefined) body = JSON.stringify({ ...reset, model: verdict.to.model });
      headers.delete('content-length');
    }
    if (options.keepHeaders !== true) for (const name of FIREBREAK_HEADER_NAMES) headers.delete(name);

    const controller = new AbortController();
    const caller = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const passOn = () => controller.abort(caller?.reason);
    if (caller?.aborted) passOn();
    else caller?.addEventListener('abort', passOn, { once: true });

    let kill: (error: ContainedError) => void = () => undefined;
    const landed = judge.fly({
      system: judge.system,
      asking: served,
      abort: (error) => {
        kill(error);
        controller.abort(error);
      },
    });
    const done = () => {
      landed();
      caller?.removeEventListener('abort', passOn);
    };
    try {
      const changed: RequestInit = { ...init, headers, signal: controller.signal, ...(body == null ? {} : { body }) };
      const provider = verdict.to?.provider;
      const response =
        provider === undefined || options.toProvider === undefined
          ? await inner(input, changed)
          : await inner(await options.toProvider(new Request(input, changed), provider), { signal: controller.signal });
      const type = response.headers.get('content-type') ?? '';
      const judgeAnswer: JudgeAnswer = (text, calls) => {
        const ended = text === '' ? undefined : judge.check({ ...served, text, direction: 'output', running: true });
        if (ended?.action === 'deny') return ended;
        // One that a person has to approve is approved where it is called.
        const tool = calls.find((each) => !mayCall(each));
        return tool === undefined ? undefined : judge.check(ofTool(tool));
      };
      if (judge.readsAnswers() && type.includes('json')) {
        const text = await response.text();
        done();
        const { words, calls } = saidIn(text);
        const ended = judgeAnswer(words, calls);
        return ended === undefined ? again(response, text) : stopped(ended);
      }
      const reads = judge.readsAnswers() && type.includes('event-stream');
      const through = killable(response, done, reads ? streamReader(judgeAnswer) : undefined);
      kill = through.kill;
      return through.response;
    } catch (error) {
      done();
      const reason: unknown = controller.signal.reason;
      if (reason instanceof Error && reason.name === 'ContainedError')
        return stopped((reason as ContainedError).verdict);
      throw error;
    }
  };
}
