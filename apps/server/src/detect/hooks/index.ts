import { hooks as doors } from '@firebreak/contract/detect/hooks';
import { isMembers } from '@firebreak/core/detect/signals';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import type { SourceProduct } from '@firebreak/core/prepare/sources';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, type Deps, refuseWith, route, type Slice } from '../../platform/index.ts';
import { recordPromptVersion } from '../../prepare/inventory/index.ts';
import { type Admitted, admitHook, recordDelivery } from '../../prepare/sources/index.ts';
import { plainBody } from '../signals/index.ts';
import { enqueue } from './pagerduty.ts';
import { systemFor } from './raising.ts';
import { headerOf, payloadIn, readHook, take } from './take.ts';

const PLAIN = ['alertmanager', 'grafana', 'sentry', 'datadog', 'statuspage', 'promptfoo'] as const;
const EVENT_HEADER: Readonly<Partial<Record<SourceProduct, string>>> = { sentry: 'sentry-hook-resource' };

interface Given {
  readonly source?: unknown;
  readonly key?: unknown;
  readonly system?: unknown;
  readonly deployment?: unknown;
}
const said = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const admit = (deps: Deps, product: SourceProduct, request: FastifyRequest, given: Given) =>
  // Signatures are of the bytes on the wire, before anything is undone.
  admitHook(deps, {
    product,
    source: said(given.source),
    key: said(given.key),
    headers: request.headers,
    body: wireOf(request),
    from: request.ip,
  });
const wireOf = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

async function deliver(deps: Deps, product: SourceProduct, request: FastifyRequest, given: Given) {
  const admitted = await admit(deps, product, request, given);
  if (isRefusal(admitted)) return admitted;
  const body = await plainBody(request);
  return isRefusal(body) ? body : taken(deps, product, request, given, admitted, payloadIn(body));
}

const taken = (
  deps: Deps,
  product: SourceProduct,
  request: FastifyRequest,
  given: Given,
  admitted: Admitted,
  payload: unknown,
) => {
  const header = EVENT_HEADER[product];
  return take(deps, {
    admitted,
    product,
    payload,
    event: header === undefined ? null : headerOf(request, header),
    system: said(given.system),
    bytes: wireOf(request).length,
    startsOpen: true,
  });
};

/** Langfuse has one address for two things: alerts of monitors, and prompt versions, which are changes. */
async function deliverLangfuse(deps: Deps, request: FastifyRequest, given: Given) {
  const admitted = await admit(deps, 'langfuse', request, given);
  if (isRefusal(admitted)) return admitted;
  const body = await plainBody(request);
  if (isRefusal(body)) return body;
  const payload = payloadIn(body);
  if (!isMembers(payload) || payload.type !== 'prompt-version')
    return taken(deps, 'langfuse', request, given, admitted, payload);
  const system = admitted.source?.system ?? said(given.system);
  if (admitted.caller.may !== 'everything' && !admitted.caller.may.has('change.report'))
    return refuse(
      'authority.missing',
      'This key may not report changes. Ask an administrator for one with the scope “signals:write”.',
    );
  if (system === null)
    return refuse('change.unreadable', 'The address does not say which AI system this is about: add ?system=<key>.');
  const done = await recordPromptVersion(deps, admitted.caller, { payload, system, deployment: given.deployment });
  if (admitted.source !== null)
    await recordDelivery(deps.db, deps, admitted.source.id, {
      outcome: isRefusal(done) ? 'refused' : done.ignored === null ? 'accepted' : 'ignored',
      why: isRefusal(done) ? done.why : (done.ignored ?? 'a prompt version, kept as a change'),
      signals: [],
      bytes: wireOf(request).length,
    });
  return done;
}

/** 207 where some of it could not be read, 429 with the time to wait. */
function answered<A>(reply: FastifyReply, answer: A): A {
  if (isRefusal(answer)) {
    if (answer.refused === 'source.too-busy') reply.header('retry-after', '60');
    return answer;
  }
  const { rejected, items } = answer as { rejected?: number; items?: readonly unknown[] };
  if (rejected !== undefined && rejected > 0 && items !== undefined && items.length > 0) reply.code(207).send(answer);
  return answer;
}

async function routes(app: App, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setValidatorCompiler(() => (value) => ({ value }));
    for (const product of PLAIN)
      route(scope, doors[product], async ({ request, reply, query }) =>
        answered(reply, await deliver(deps, product, request, query)),
      );
    route(scope, doors.langfuse, async ({ request, reply, query }) =>
      answered(reply, await deliverLangfuse(deps, request, query)),
    );
    route(scope, doors.custom, async ({ request, reply, params, query }) =>
      answered(reply, await deliver(deps, 'custom', request, { ...query, source: params.source })),
    );
    scope.route({
      method: 'POST',
      url: doors.pagerduty.path,
      bodyLimit: doors.pagerduty.bodyLimit!,
      schema: {
        tags: [doors.pagerduty.tag],
        summary: doors.pagerduty.summary,
        response: { 202: doors.pagerduty.answer },
      },
      handler: (request, reply) => enqueue(deps, request, reply),
      errorHandler: (error, _request, reply) =>
        refuseWith(reply, {
          refused: (error as { statusCode?: number }).statusCode === 413 ? 'request.too-large' : 'server.fault',
          why: 'The event is too large.',
        }),
    });
  });

  route(app, doors.preview, async ({ body }) => {
    const reading = await readHook(body.product, body.product === 'custom' ? body.mapping : '', body.payload, null);
    if (!('alerts' in reading))
      return {
        alerts: [],
        rejected: 0,
        problem: 'unreadable' in reading ? reading.unreadable : null,
        ignored: 'ignored' in reading ? reading.ignored : null,
      };
    return {
      alerts: await Promise.all(
        reading.alerts.slice(0, 20).map(async (alert) => ({ ...alert, system: await systemFor(deps.db, alert, body) })),
      ),
      rejected: reading.leftOut,
      problem: null,
      ignored: null,
    };
  });
}

/** Webhooks of other products: let in, read, followed to their end. */
export const hooks: Slice = { name: 'hooks', routes };
