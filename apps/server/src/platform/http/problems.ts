import { PROBLEMS, type ProblemCode } from '@firebreak/contract';
import type { FastifyReply } from 'fastify';

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly Fault[];
}

const isCode = (code: string): code is ProblemCode => code in PROBLEMS;

/** RFC 9457. `type` is the address of our page about the code. */
export function sendProblem(
  reply: FastifyReply,
  code: string,
  detail: string,
  errors: readonly Fault[] = [],
): FastifyReply {
  if (!isCode(code)) throw new Error(`no problem is registered as ${code}`);
  const { status, title } = PROBLEMS[code];
  if (status === 429 || status === 503) reply.header('retry-after', reply.getHeader('retry-after') ?? '5');
  if (reply.request.routeOptions.config.oauth) return sendOauthError(reply, code, status, detail);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: `/problems/${code}`,
      title,
      status,
      detail,
      ...(errors.length > 0 && { errors }),
      requestId: reply.request.id,
    });
}

/** As RFC 6749 section 5.2 says it, and RFC 6750 section 3 in the header where a bearer token was sent. */
function sendOauthError(reply: FastifyReply, code: ProblemCode, status: number, detail: string): FastifyReply {
  const basic = /^basic /i.test(reply.request.headers.authorization ?? '');
  const error =
    status === 401
      ? 'invalid_client'
      : status === 403
        ? 'unauthorized_client'
        : status === 503
          ? 'temporarily_unavailable'
          : status >= 500
            ? 'server_error'
            : 'invalid_request';
  const said = reply.request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  if (status === 401)
    reply.header('www-authenticate', basic ? 'Basic realm="Firebreak"' : `Bearer realm="Firebreak"${said}`);
  if (status === 403 && !basic)
    reply.header('www-authenticate', 'Bearer realm="Firebreak", error="insufficient_scope", scope="guard"');
  return reply
    .code(status)
    .type('application/json')
    .header('cache-control', 'no-store')
    .header('pragma', 'no-cache')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      error,
      // The characters that section 5.2 allows.
      error_description: detail.replace(/[“”"]/g, "'").replace(/[^\x20-\x7e]|\\/g, ' '),
      error_uri: `/problems/${code}`,
    });
}

/** Thrown where a refusal cannot be answered, such as in the middle of a stream. */
export class Declined extends Error {
  constructor(
    readonly code: ProblemCode,
    detail: string,
  ) {
    super(detail);
  }
}

interface Validation {
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: { readonly issue?: { readonly path?: readonly PropertyKey[]; readonly message?: string } };
}
const LIMIT = 50;
const CONNECTION = /^(08|57P|53|55000|3D000|28)|ECONN|ETIMEDOUT|EPIPE/;

/** What the driver says, without a code, of a connection that breaks or cannot be had. */
const CONNECTION_SAID =
  /^(the database is closed|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** What an error thrown anywhere in a request means to the one who sent it. Only bugs become server.fault. */
export function problemOf(error: unknown): Problem {
  const {
    code = '',
    statusCode,
    validation,
    validationContext,
    message = '',
  } = error as {
    code?: string;
    statusCode?: number;
    validation?: Validation[];
    validationContext?: string;
    message?: string;
  };
  if (error instanceof Declined) return { code: error.code, detail: message, errors: [] };
  if (validation) {
    const errors = validation.slice(0, LIMIT).map(({ instancePath, message: said, params }) => ({
      pointer: `${validationContext === 'body' || !validationContext ? '' : `/${validationContext}`}${instancePath ?? ''}`,
      detail: params?.issue?.message ?? said ?? 'is not as described',
    }));
    return {
      code: 'request.invalid',
      detail: errors
        .map(({ pointer, detail }) => `${pointer || 'body'}: ${detail}`)
        .slice(0, 5)
        .join('; '),
      errors,
    };
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return {
      code: 'request.too-large',
      detail: 'Send less at a time; the documentation of each address says how much it takes.',
      errors: [],
    };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return {
      code: 'request.media-type',
      detail: 'Send application/json here, and say so in content-type.',
      errors: [],
    };
  if (
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    error instanceof SyntaxError ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY'
  )
    return {
      code: 'request.not-json',
      detail: `The body could not be read as JSON: ${message.slice(0, 200)}`,
      errors: [],
    };
  if (CONNECTION.test(code) || CONNECTION_SAID.test(message))
    return {
      code: 'server.busy',
      detail: 'The database does not answer right now. Nothing of this request was kept; try again.',
      errors: [],
    };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { code: 'request.invalid', detail: message, errors: [] };
  return {
    code: 'server.fault',
    detail: 'The fault is on our side and has been logged under the request id.',
    errors: [],
  };
}
