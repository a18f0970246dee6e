import type { Asking, Verdict, Versions } from '@firebreak/core/respond/containment';
import { askingFrom, FIREBREAK_HEADER_NAMES } from './asking-headers.ts';
import type { ContainedError } from './contained-error.ts';
import type { Flight } from './in-flight.ts';
import { refusalOf } from './refusal.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** What is known of every request; `x-firebreak-*` headers of a single request say more. */
  readonly asking?: Asking | (() => Asking);
  /** Leave the `x-firebreak-*` headers in: for requests that go to a Firebreak gateway and not to a vendor. */
  readonly keepHeaders?: boolean;
  /** How to send a request to another vendor. Without it such a request is refused, never sent to the withdrawn vendor. */
  readonly toProvider?: (request: Request, provider: string) => Request | Promise<Request>;
}

interface Judge {
  readonly system: string;
  check(asking: Asking): Verdict;
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

/** Hands the body through and lets `abort` end it with our own error: a default abort would end it in silence. */
function killable(response: Response, done: () => void): { response: Response; kill: (error: ContainedError) => void } {
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
    const asking: Asking = { ...(model === undefined ? {} : { model }), ...base, ...said };

    const verdict = judge.check(asking);
    if (verdict.action === 'deny') return refused(verdict);
    let body = init?.body;
    if (verdict.to !== undefined) {
      const why = beyondReach(verdict.to, parsed !== undefined, options);
      if (why !== undefined) return refused(verdict, why);
      if (verdict.to.model !== undefined) body = JSON.stringify({ ...parsed, model: verdict.to.model });
      headers.delete('content-length');
    }
    if (options.keepHeaders !== true) for (const name of FIREBREAK_HEADER_NAMES) headers.delete(name);

    const controller = new AbortController();
    const caller = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const passOn = () => controller.abort(caller?.reason);
    if (caller?.aborted) passOn();
    else caller?.addEventListener('abort', passOn, { once: true });

    let kill: (error: ContainedError) => void = () => undefined;
    const served: Asking = verdict.to === undefined ? asking : { ...asking, ...verdict.to };
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
      const through = killable(response, done);
      kill = through.kill;
      return through.response;
    } catch (error) {
      done();
      const reason: unknown = controller.signal.reason;
      if (reason instanceof Error && reason.name === 'ContainedError')
        return refused((reason as ContainedError).verdict);
      throw error;
    }
  };
}
