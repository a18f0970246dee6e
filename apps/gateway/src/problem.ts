import type { ServerResponse } from 'node:http';
import type { Verdict } from '@firebreak/core/respond/containment';
import { refusalOf } from '@firebreak/guard/calls';
import type { Shape } from './options.ts';

const PROBLEMS = {
  'gateway.unknown-route': { status: 404, title: 'No upstream is configured at this address' },
  'gateway.system-missing': { status: 400, title: 'The request does not say which AI system it is of' },
  'gateway.unreadable': { status: 400, title: 'The gateway cannot read this request' },
  'gateway.key-refused': { status: 401, title: 'The gateway does not know this key' },
  'gateway.not-yours': { status: 403, title: 'The key is not good for this' },
  'gateway.too-large': { status: 413, title: 'The request body is too large' },
  'gateway.upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'gateway.busy': { status: 503, title: 'The gateway has too many requests at the moment' },
  'gateway.no-upstream': { status: 503, title: 'No upstream is well enough to ask' },
  'gateway.upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
} as const;
export type GatewayProblem = keyof typeof PROBLEMS;

/** What Anthropic calls an error of a status, by https://docs.anthropic.com/en/api/errors. */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};
const anthropicError = (status: number, code: string, message: string) => ({
  type: ANTHROPIC_TYPES[status] ?? 'api_error',
  message,
  details: { error_code: code },
});

/** A problem as clients of a vendor read it. Anthropic’s look for `type: "error"`, so the code stands in `problem` there. */
function bodyFor(shape: Shape, code: string, message: string, problem: Readonly<Record<string, unknown>>): string {
  if (shape !== 'anthropic')
    return JSON.stringify({
      ...problem,
      error: { message, type: code.startsWith('gateway.') ? 'gateway' : 'contained', code, param: null },
    });
  const { type, status, ...rest } = problem;
  const error = anthropicError(status as number, code, message);
  return JSON.stringify({ type: 'error', error, message, problem: type, status, ...rest });
}

/** RFC 9457, with the `error` member in which vendors' SDKs look for a message. */
export function sendProblem(
  response: ServerResponse,
  code: GatewayProblem,
  detail: string,
  shape: Shape = 'openai',
  headers: Readonly<Record<string, string>> = {},
): void {
  const { status, title } = PROBLEMS[code];
  const body = bodyFor(shape, code, detail, { type: `/problems/${code}`, title, status, detail });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    // Trying again cannot help unless the upstream is at fault.
    ...(status < 500 ? { 'x-should-retry': 'false' } : {}),
    ...headers,
  });
  response.end(body);
}

/** A contained request: 403, never retried by SDKs, calm text where they look for it. */
export function sendRefusal(response: ServerResponse, verdict: Verdict, shape: Shape, detail?: string): void {
  const parts = refusalOf(verdict, detail);
  const { error, ...problem } = JSON.parse(parts.body) as { error: { message: string } };
  const body = bodyFor(shape, 'containment.denied', error.message, problem);
  response.writeHead(parts.status, { ...parts.headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Last words of a stream that is ended, in the vendor's own shape, so that its SDK raises an error. */
export function lastEvent(shape: Shape, path: string, code: string, message: string): string {
  if (shape === 'anthropic')
    return `\n\nevent: error\ndata: ${JSON.stringify({ type: 'error', error: anthropicError(403, code, message), message })}\n\n`;
  const error = { message, type: code.startsWith('gateway.') ? 'gateway' : 'contained', code, param: null };
  if (path.includes('/responses'))
    return `\n\nevent: error\ndata: ${JSON.stringify({ type: 'error', code, message, param: null, error })}\n\n`;
  return `\n\ndata: ${JSON.stringify({ error })}\n\n`;
}
