import type { Verdict } from '@firebreak/core/respond/containment';
import type { Guard, Question } from './guard.ts';
import { refusalOf } from './refusal.ts';

export interface RequestFacts<R> {
  /** What is known of every request to this route. */
  readonly question?: Question;
  /**
   * Header in which the proxy in front writes the country: `cf-ipcountry` (Cloudflare), `x-vercel-ip-country`,
   * `cloudfront-viewer-country`, `x-appengine-country`. Name only one that the proxy always sets: anybody can send one.
   */
  readonly countryHeader?: string;
  /** Who asks, as the application has found out. */
  readonly who?: (request: R) => {
    readonly subject?: string | undefined;
    readonly authenticated?: boolean | undefined;
  };
}

type NodeHeaders = Readonly<Record<string, string | string[] | undefined>>;

function headerOf(headers: NodeHeaders | Headers, name: string): string | undefined {
  if (typeof (headers as Headers).get === 'function') return (headers as Headers).get(name) ?? undefined;
  const value = (headers as NodeHeaders)[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** What a request says about itself, for `guard.check`. Somebody without a name is not signed in unless `who` says so. */
export function questionFrom<R extends { readonly headers: NodeHeaders | Headers }>(
  request: R,
  { question, countryHeader, who }: RequestFacts<R> = {},
): Question {
  const country = countryHeader === undefined ? undefined : headerOf(request.headers, countryHeader);
  const { subject, authenticated = subject !== undefined } = who?.(request) ?? {};
  return { authenticated, subject, country, ...question };
}

interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** For Express and Connect: `app.post('/chat', protect(guard, { … }), answer)`. The verdict stands in `request.firebreak`. */
export function protect<R extends { readonly headers: NodeHeaders }>(guard: Guard, facts: RequestFacts<R> = {}) {
  return (request: R, response: NodeResponse, next: (error?: unknown) => void): void => {
    const verdict = guard.admit(questionFrom(request, facts));
    (request as { firebreak?: Verdict }).firebreak = verdict;
    if (verdict.action !== 'deny') {
      next();
      return;
    }
    const { status, headers, body } = refusalOf(verdict);
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(body);
  };
}

interface FastifyReply {
  code(status: number): { headers(values: object): { send(body: string): unknown } };
}

/** For Fastify: `app.addHook('onRequest', hook(guard, { … }))`, or as `onRequest` of one route. */
export function hook<R extends { readonly headers: NodeHeaders }>(guard: Guard, facts: RequestFacts<R> = {}) {
  return async (request: R, reply: FastifyReply): Promise<unknown> => {
    const verdict = guard.admit(questionFrom(request, facts));
    (request as { firebreak?: Verdict }).firebreak = verdict;
    if (verdict.action !== 'deny') return undefined;
    const { status, headers, body } = refusalOf(verdict);
    return reply.code(status).headers(headers).send(body);
  };
}

/** For Next.js, Hono and other handlers of `Request`: the answer to give instead, or undefined to go on. */
export function refusalFor(guard: Guard, request: Request, facts: RequestFacts<Request> = {}): Response | undefined {
  const verdict = guard.admit(questionFrom(request, facts));
  if (verdict.action !== 'deny') return undefined;
  const { status, headers, body } = refusalOf(verdict);
  return new Response(body, { status, headers });
}
