import type { AnswerOf, AnyEndpoint, CallOf } from '@firebreak/contract';

/** RFC 9457 problem, thrown. `code` is the last part of its `type`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly { readonly pointer: string; readonly detail: string }[],
    readonly requestId: string | null,
  ) {
    super(detail || title);
    this.name = 'Problem';
  }
}

/** No answer came: server down, name not found, connection cut. */
export class Unreachable extends Error {
  constructor(
    readonly url: string,
    options: { cause: unknown },
  ) {
    super(`no answer from ${url}`, options);
    this.name = 'Unreachable';
  }
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** API key `fbk_…`; browsers use their session cookie instead. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  readonly baseUrl: string;
  /** Calls one endpoint of the contract. Throws Problem for a refusal, Unreachable when nobody answers. */
  call<E extends AnyEndpoint>(
    endpoint: E,
    given: CallOf<E>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<AnswerOf<E>>;
  /** For what is not JSON, for example a bundle. Throws as `call` does. */
  raw(method: string, path: string, init?: RequestInit): Promise<Response>;
}

interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  const baseUrl = options.baseUrl.replace(/\/$/, '');

  async function raw(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ ...options.headers, ...(init.headers as Record<string, string>) });
    if (options.key !== undefined) headers.set('authorization', `Bearer ${options.key}`);
    const url = `${baseUrl}${path}`;
    let response: Response;
    try {
      response = await send(url, { credentials: 'same-origin', ...init, method, headers });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new Unreachable(url, { cause });
    }
    if (!response.ok && response.status !== 304) throw await problemOf(response);
    return response;
  }

  return {
    baseUrl,
    raw,
    async call(endpoint, given, { signal } = {}) {
      const { params = {}, query = {}, body } = given as Given;
      const path = endpoint.path.replace(/:([a-zA-Z]+)/g, (_match: string, name: string) =>
        encodeURIComponent(String(params[name])),
      );
      const search = new URLSearchParams(
        Object.entries(query).flatMap(([name, value]) =>
          value === undefined || value === null ? [] : [[name, String(value)]],
        ),
      );
      const init: RequestInit = { ...(signal && { signal }) };
      if (body !== undefined)
        Object.assign(init, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
      const response = await raw(endpoint.method, search.size > 0 ? `${path}?${search}` : path, init);
      return response.json();
    },
  };
}

async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  const code = typeof body.type === 'string' ? body.type.split('/').at(-1) : 'unexpected';
  return new Problem(
    response.status,
    code,
    body.title ?? response.statusText,
    body.detail ?? '',
    body.errors ?? [],
    response.headers.get('x-request-id'),
  );
}
