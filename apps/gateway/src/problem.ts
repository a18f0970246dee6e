import type { ServerResponse } from 'node:http';
import type { Verdict } from '@firebreak/core/respond/containment';
import { refusalOf } from '@firebreak/guard';

const PROBLEMS = {
  'gateway.unknown-route': { status: 404, title: 'No upstream is configured at this address' },
  'gateway.system-missing': { status: 400, title: 'The request does not say which AI system it is of' },
  'gateway.too-large': { status: 413, title: 'The request body is too large' },
  'gateway.upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'gateway.upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
} as const;
export type GatewayProblem = keyof typeof PROBLEMS;

/** RFC 9457, with the `error` member in which vendors' SDKs look for a message. */
export function sendProblem(response: ServerResponse, code: GatewayProblem, detail: string): void {
  const { status, title } = PROBLEMS[code];
  const error = { message: detail, type: 'gateway', code, param: null };
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, detail, error });
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    // Trying again cannot help unless the upstream is at fault.
    ...(status < 500 ? { 'x-should-retry': 'false' } : {}),
  });
  response.end(body);
}

/** A contained request: 403, never retried by SDKs, calm text where they look for it. */
export function sendRefusal(response: ServerResponse, verdict: Verdict, detail?: string): void {
  const { status, headers, body } = refusalOf(verdict, detail);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Last words of a stream that is stopped, in the vendor's own shape, so that its SDK raises an error. */
export function lastEvent(verdict: Verdict): string {
  const message = verdict.message ?? 'This function is paused at the moment.';
  const error = { message, type: 'contained', code: 'containment.denied', param: null };
  return `\n\ndata: ${JSON.stringify({ error })}\n\n`;
}
