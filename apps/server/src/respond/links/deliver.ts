import { createHmac, randomBytes } from 'node:crypto';
import { type Instant, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldContainment } from '@firebreak/core/respond/containment';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  type Attempt,
  attempted,
  type Delivered,
  type Delivery,
  type DeliveryId,
  dueFor,
  eventOf,
  eventOfRevokedToken,
  eventsOfRestoration,
  eventsOfRevocation,
  foldSubscription,
  hears,
  type SecurityEvent,
  type Subscription,
  type SubscriptionFact,
  type SubscriptionId,
  setClaims,
  type ToldEvent,
} from '@firebreak/core/respond/links';
import {
  act,
  actWithin,
  type Deps,
  type Effect,
  firebreakItself,
  type JobHandler,
  loadStream,
  outboundOf,
  type Sql,
} from '../../platform/index.ts';
import { revocationsOf } from '../containment/index.ts';
import { listeningTo, listSubscriptions } from './boards.ts';

const PREFIX = 'whsec_';
export const newSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/** The signature of Standard Webhooks: base64 of HMAC-SHA256 over `id.timestamp.body`, with the version before it. */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

interface Happened {
  readonly incident: string;
  readonly version: number;
}
interface TokenRevoked {
  readonly tokens: string;
  readonly version: number;
}

/** Jobs that follow from a fact: who is to be told, and each telling. */
export function tellings(fact: Recorded): Effect[] {
  const { type, data, stream, version } = fact;
  if (stream.startsWith('inc_') && eventOf(fact) !== null)
    return [{ kind: 'links.fan-out', payload: { incident: stream, version } satisfies Happened }];
  if (type === 'token.revoked')
    return [{ kind: 'links.token-revoked', payload: { tokens: stream, version } satisfies TokenRevoked }];
  if (type === 'candidate.paged')
    return [{ kind: 'links.page', payload: { candidate: data.candidate, page: data.page } }];
  if (type === 'delivery.due' || type === 'delivery.asked')
    return [{ kind: 'links.deliver', payload: { subscription: data.subscription, delivery: data.delivery } }];
  if (type === 'delivery.made' || (type === 'delivery.failed' && data.againAfterMs === null))
    return [{ kind: 'links.page-handed', payload: { subscription: data.subscription, delivery: data.delivery } }];
  if (type === 'delivery.failed')
    return [
      {
        kind: 'links.deliver',
        payload: { subscription: data.subscription, delivery: data.delivery },
        afterMs: data.againAfterMs,
      },
    ];
  return [];
}

interface Telling {
  readonly event: ToldEvent;
  readonly about: string;
  readonly at: Instant;
  /** What webhooks are told. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What receivers of Security Event Tokens are told instead: each of these by itself. */
  readonly tokens: readonly SecurityEvent[];
}

/** The deliveries of one receiver. The same fact for the same receiver is the same delivery, however often this runs. */
function duesOf(held: Subscription | null, seq: number, { tokens, body, ...told }: Telling) {
  if (held === null) return [];
  const delivery = `dlv_${held.id.slice(4)}-${seq}` as DeliveryId;
  if (held.set === undefined) return dueFor(held, { ...told, delivery, body });
  const dues: SubscriptionFact[] = [];
  for (const [n, it] of tokens.entries()) {
    const due = dueFor(held, {
      ...told,
      delivery: `${delivery}-${n + 1}` as DeliveryId,
      // It is one transaction for whoever receives all of them: `txn` of RFC 8417.
      body: { ...it, txn: `${told.about}-${seq}`, label: body.label ?? told.about },
    });
    if (!isRefusal(due)) dues.push(...due);
  }
  return dues;
}

/** One delivery for each subscription that asked for the event, in the transaction that removes the job: each once. */
async function tellAll(tx: Sql, deps: Deps, seq: number, telling: Telling): Promise<void> {
  for (const subscription of await listeningTo(tx, telling.event)) {
    const done = await actWithin(tx, deps, {
      stream: subscription,
      by: firebreakItself('links'),
      may: 'people.administer',
      fold: foldSubscription,
      decide: (held) => duesOf(held, seq, telling),
    });
    if (isRefusal(done)) throw new Error(`a delivery was refused: ${done.why}`);
  }
}

/** What a hold that takes tools from an agent, or its end, is to others; null where the hold is of another kind. */
async function toldOfRevocation(
  tx: Sql,
  deps: Deps,
  facts: readonly Recorded[],
  fact: Recorded,
): Promise<Pick<Telling, 'body' | 'tokens'> | null> {
  const hold = foldContainment(facts).holds.get(String(fact.data.hold));
  if (hold === undefined || hold.what.kind !== 'revoke') return null;
  const { system, what, number } = hold;
  const { agent, tools, credential } = what as { agent?: string; tools?: readonly string[]; credential?: string };
  const reason = String(fact.data.reason ?? '');
  const changed = { issuer: deps.config.publicUrl, system, at: fact.at, reason, by: fact.by.kind };
  const others = (await revocationsOf(tx, system)).filter((it) => it.state === 'active' && it.hold !== hold.hold);
  return {
    body: {
      system,
      agent: agent ?? null,
      tools: tools ?? null,
      credential: credential ?? null,
      hold: hold.hold,
      number,
      reason,
    },
    tokens:
      fact.type === 'containment.ordered'
        ? eventsOfRevocation(what, changed)
        : eventsOfRestoration(what, others, changed),
  };
}

export const fanOut: JobHandler = {
  async within(tx: Sql, { incident: stream, version }: Happened, deps) {
    const facts = (await loadStream(tx, stream)).filter((fact) => fact.version <= version);
    const fact = facts.at(-1);
    const incident = foldIncident(facts);
    const event = fact && eventOf(fact);
    if (!fact || !event || incident === null || incident.drill || incident.kind !== 'normal') return;
    const ofAgent = event === 'agent.revoked' || event === 'agent.restored';
    const revocation = ofAgent ? await toldOfRevocation(tx, deps, facts, fact) : null;
    if (ofAgent && revocation === null) return;
    const { label, title, severity, state, systems, kind, declaredAt } = incident;
    const url = `${deps.config.publicUrl}/incidents/${label}`;
    await tellAll(tx, deps, fact.seq, {
      event,
      about: stream,
      at: fact.at,
      body: { id: incident.id, label, title, severity, state, systems, kind, declaredAt, url, ...revocation?.body },
      tokens: revocation?.tokens ?? [],
    });
  },
};

/** One token of an agent was revoked by whoever holds it. */
export const tokenRevoked: JobHandler = {
  async within(tx: Sql, { tokens: stream, version }: TokenRevoked, deps) {
    const fact = (await loadStream(tx, stream)).find((each) => each.version === version);
    if (fact === undefined) return;
    const { token, agent, system, until } = fact.data as {
      token: string;
      agent: string;
      system: string;
      until: Instant;
    };
    const changed = { issuer: deps.config.publicUrl, system, at: fact.at, reason: '', by: fact.by.kind };
    await tellAll(tx, deps, fact.seq, {
      event: 'token.revoked',
      about: system,
      at: fact.at,
      body: { system, agent, token, until },
      tokens: [eventOfRevokedToken(token, changed)],
    });
  },
};

/** Tells whoever hears an event, in the transaction of the caller. Answers who is told. The same `key` is told once. */
export async function tellOthers(
  tx: Sql,
  deps: Deps,
  {
    event,
    key,
    about,
    body,
  }: {
    readonly event: ToldEvent;
    readonly key: number;
    readonly about: string;
    readonly body: Readonly<Record<string, unknown>>;
  },
): Promise<{ readonly id: string; readonly name: string }[]> {
  const told: { id: string; name: string }[] = [];
  for (const { id, name } of (await listSubscriptions(tx)).filter((it) => it.ended === null && hears(it, event))) {
    const done = await actWithin(tx, deps, {
      stream: id,
      by: firebreakItself('links'),
      may: 'people.administer',
      fold: foldSubscription,
      decide: (held) =>
        dueFor(held, { delivery: `dlv_${id.slice(4)}-${key}` as DeliveryId, event, about, at: deps.now(), body }),
    });
    if (isRefusal(done)) throw new Error(`a delivery was refused: ${done.why}`);
    told.push({ id, name });
  }
  return told;
}

const TOKEN_LIMITS = { timeoutMs: 10_000, mostBytes: 16_384 };
const FAULT = 300;
const base64url = (value: Uint8Array | string): string => Buffer.from(value).toString('base64url');

/** A Security Event Token as it is pushed: RS256, as the interoperability profile of CAEP asks for. */
async function tokenOf(deps: Deps, audience: string, { delivery, at, body }: Delivered): Promise<string> {
  const { kid, sign } = await deps.keys.events();
  const { txn, label: _, ...event } = body as unknown as SecurityEvent & { txn: string; label: string };
  const claims = setClaims(event, { issuer: deps.config.publicUrl, audience, id: delivery, txn, at });
  const head = { alg: 'RS256', typ: 'secevent+jwt', kid };
  const signed = `${base64url(JSON.stringify(head))}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${base64url(sign(Buffer.from(signed)))}`;
}

/** RFC 8935: 202 takes it; anything else may say why. */
async function push(deps: Deps, url: string, authorization: string, token: string): Promise<Attempt> {
  const headers = {
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
    'user-agent': 'firebreak',
    ...(authorization !== '' && { authorization }),
  };
  const { status, body } = await outboundOf(deps).ask(url, headers, token, TOKEN_LIMITS);
  if (status < 200 || status >= 300)
    try {
      const { err, description } = JSON.parse(body) as { err?: unknown; description?: unknown };
      if (typeof err === 'string' && status !== 410)
        return {
          fault: `answered ${status}: ${err}${typeof description === 'string' ? `, ${description}` : ''}`.slice(
            0,
            FAULT,
          ),
        };
    } catch {
      // It said nothing that can be read.
    }
  return { status };
}

async function send(deps: Deps, held: Subscription, secret: string, due: Delivery): Promise<Attempt> {
  try {
    if (held.set !== undefined) return await push(deps, held.url, secret, await tokenOf(deps, held.set.audience, due));
    const timestamp = Math.floor(Date.parse(deps.now()) / 1_000);
    const body = JSON.stringify({ type: due.event, timestamp: due.at, data: due.body });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'firebreak',
      'webhook-id': due.delivery,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secret, due.delivery, timestamp, body),
    };
    return { status: await outboundOf(deps).post(held.url, headers, body) };
  } catch (error) {
    return { fault: String(error instanceof Error ? error.message : error).slice(0, FAULT) };
  }
}

/** One attempt. Its outcome is a fact; the next attempt, where there is one, follows from that fact. */
export const deliver: JobHandler = {
  slow: true,
  async outside(
    { subscription, delivery }: { readonly subscription: SubscriptionId; readonly delivery: DeliveryId },
    deps,
  ) {
    const held = foldSubscription(await loadStream(deps.db, subscription));
    const due = held?.deliveries.get(delivery);
    if (!held || due === undefined || due.state !== 'waiting') return;
    const { rows } = await deps.db.query<{ secret: string }>(
      'select secret from subscription_secret where subscription = $1',
      [subscription],
    );
    const secret = rows[0]?.secret;
    const how: Attempt =
      held.ended !== null
        ? { fault: 'the subscription had ended' }
        : secret === undefined
          ? { fault: 'its secret is gone; make a new subscription' }
          : await send(deps, held, secret, due);
    const done = await act(deps, {
      stream: subscription,
      by: firebreakItself('links'),
      may: 'people.administer',
      fold: foldSubscription,
      decide: (state) => attempted(state, { delivery, how }),
    });
    if (isRefusal(done)) throw new Error(`the outcome of a delivery was refused: ${done.why}`);
  },
};
