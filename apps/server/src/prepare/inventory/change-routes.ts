import { ChangeReport, changes } from '@firebreak/contract/prepare/changes';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type DeliveredChange,
  type Delivery,
  readGithub,
  readGitlab,
  readLangfuse,
  timeLineOf,
} from '@firebreak/core/prepare/inventory';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, type Call, type Caller, callerIn, type Deps, route, sendProblem } from '../../platform/index.ts';
import { changesIn, jsonIn, type Member } from './change-bodies.ts';
import { readSystem } from './change-system.ts';
import { recordOne } from './record-changes.ts';

/** Doors whose bodies are read member by member, so that a bad one does not refuse the others. */
export async function changeRoutes(app: App, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setValidatorCompiler(() => (value) => ({ value }));
    route(scope, changes.report, async ({ request, caller, reply }) => report(deps, request, caller, reply));
    route(scope, changes.github, async (call) =>
      delivered(deps, call, 'github', (payload) => {
        const event = call.request.headers['x-github-event'];
        return readGithub(typeof event === 'string' ? event : null, payload);
      }),
    );
    route(scope, changes.gitlab, async (call) => delivered(deps, call, 'gitlab', readGitlab));
  });

  route(app, changes.timeLine, async ({ params, query }) => {
    const system = await readSystem(deps.db, params.system);
    if (isRefusal(system)) return system;
    const { since, until } = query;
    const line = timeLineOf(system).filter(
      ({ occurredAt }) => (since === undefined || occurredAt >= since) && (until === undefined || occurredAt <= until),
    );
    return { changes: line.slice(0, query.limit), total: line.length };
  });
}

async function report(deps: Deps, request: FastifyRequest, caller: Caller, reply: FastifyReply) {
  const read = changesIn(request);
  if (isRefusal(read)) return read;
  const rejected: { index: number; pointer: string; detail: string }[] = [];
  const ids: (string | null)[] = [];
  let duplicate = 0;
  for (const [index, member] of read.members.entries()) {
    const outcome = await reportMember(deps, caller, member);
    if ('wrong' in outcome) {
      for (const { pointer, detail } of outcome.wrong)
        rejected.push({ index, pointer: `${read.pointer(index)}${pointer}`, detail });
      ids.push(null);
    } else {
      if (outcome.id === null) duplicate++;
      ids.push(outcome.id);
    }
  }
  const bad = new Set(rejected.map(({ index }) => index)).size;
  if (bad === read.members.length)
    return void sendProblem(
      reply,
      'telemetry.batch-refused',
      `No change could be taken. The first: ${rejected[0]!.pointer || 'body'}: ${rejected[0]!.detail}`,
      rejected.slice(0, 50).map(({ pointer, detail }) => ({ pointer, detail })),
    ) as never;
  if (bad > 0) reply.code(207);
  const answer = { accepted: read.members.length - bad - duplicate, duplicate, rejected, ids };
  return bad > 0 ? (void reply.send(answer) as never) : answer;
}

type Reported =
  | { readonly id: string | null }
  | { readonly wrong: readonly { readonly pointer: string; readonly detail: string }[] };

async function reportMember(deps: Deps, caller: Caller, member: Member): Promise<Reported> {
  if ('unreadable' in member) return { wrong: [{ pointer: '', detail: member.unreadable }] };
  const read = ChangeReport.safeParse(member.value);
  if (!read.success)
    return {
      wrong: read.error.issues
        .slice(0, 10)
        .map(({ path, message }) => ({ pointer: path.map((part) => `/${String(part)}`).join(''), detail: message })),
    };
  const outcome = await recordOne(deps, caller, read.data);
  if (isRefusal(outcome)) {
    const pointer = outcome.pointer ?? (outcome.refused === 'system.unknown' ? '/system' : '');
    return { wrong: [{ pointer, detail: outcome.why }] };
  }
  return { id: 'change' in outcome ? outcome.change : null };
}

type Hook = Call<typeof changes.github>;

async function delivered(
  deps: Deps,
  { request, query }: Pick<Hook, 'request' | 'query'>,
  source: string,
  read: (payload: unknown, deployment: string) => Delivery,
) {
  const from = await sender(deps, request, query, source);
  if (isRefusal(from)) return from;
  const { caller } = from;
  if (caller.may !== 'everything' && !caller.may.has('change.report'))
    return refuse(
      'authority.missing',
      'This key may not report changes. Ask an administrator for one with the scope “signals:write”.',
    );
  const system = from.system ?? query.system;
  if (typeof system !== 'string' || system === '')
    return refuse('change.unreadable', 'The address does not say which AI system this is about: add ?system=<key>.');
  const payload = jsonIn(request.body);
  if (isRefusal(payload)) return payload;
  return recordDelivered(deps, caller, { payload: payload.value, system, deployment: query.deployment, source, read });
}

interface DeliveredHook {
  readonly payload: unknown;
  readonly system: string;
  readonly deployment: unknown;
  readonly source: string;
  readonly read: (payload: unknown, deployment: string) => Delivery;
}

/** A prompt webhook of Langfuse, already let in. */
export const recordPromptVersion = (
  deps: Deps,
  caller: Caller,
  hook: Pick<DeliveredHook, 'payload' | 'system' | 'deployment'>,
) => recordDelivered(deps, caller, { ...hook, source: 'langfuse', read: readLangfuse });

async function recordDelivered(deps: Deps, caller: Caller, hook: DeliveredHook) {
  const { payload, system, source, read } = hook;
  const deployment = typeof hook.deployment === 'string' && hook.deployment !== '' ? hook.deployment : 'production';
  const delivery = read(payload, deployment);
  if ('unreadable' in delivery)
    return refuse('change.unreadable', `The delivery cannot be read: ${delivery.unreadable}.`);
  if ('ignored' in delivery) return { accepted: 0, duplicate: 0, ignored: delivery.ignored };
  let duplicate = 0;
  for (const change of delivery.changes) {
    const outcome = await recordOne(deps, caller, reportOf(change, system, deployment, source));
    if (isRefusal(outcome)) return outcome;
    if ('known' in outcome) duplicate++;
  }
  return { accepted: delivery.changes.length - duplicate, duplicate, ignored: null };
}

function reportOf(
  { key, live, occurredAt, ...change }: DeliveredChange,
  system: string,
  deployment: string,
  source: string,
) {
  return {
    ...change,
    system,
    source,
    id: key,
    diff: null,
    deployment: live ? deployment : null,
    ...(occurredAt !== null && { occurredAt }),
  };
}

/** Whoever sends: the source it names, the header of an API key, the token GitLab sends, or the key in the address. */
async function sender(
  deps: Deps,
  request: FastifyRequest,
  query: Hook['query'],
  product: string,
): Promise<{ readonly caller: Caller; readonly system: string | null } | Refusal> {
  const found = (caller: Caller | Refusal) => (isRefusal(caller) ? caller : { caller, system: null });
  const key = typeof query.key === 'string' ? query.key : null;
  if (typeof query.source === 'string' && (product === 'github' || product === 'gitlab')) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const delivery = { product, source: query.source, key, headers: request.headers, body, from: request.ip } as const;
    for (const slice of deps.slices) if (slice.admits !== undefined) return slice.admits(delivery, deps);
  }
  const token = request.headers['x-gitlab-token'] ?? key;
  if (request.headers.authorization !== undefined || typeof token !== 'string') return found(callerIn(request));
  for (const slice of deps.slices) {
    const caller = await slice.authenticate?.({ bearer: token, session: null }, deps);
    if (caller) return found(caller);
  }
  return found(callerIn(request));
}
