import { createHmac, randomBytes } from 'node:crypto';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  type Attempt,
  attempted,
  type DeliveryId,
  dueFor,
  eventOf,
  foldSubscription,
  hears,
  type Subscription,
  type SubscriptionId,
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

/** Jobs that follow from a fact: who is to be told, and each telling. */
export function tellings(fact: Recorded): Effect[] {
  const { type, data, stream, version } = fact;
  if (stream.startsWith('inc_') && eventOf(fact) !== null)
    return [{ kind: 'links.fan-out', payload: { incident: stream, version } satisfies Happened }];
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

/** One delivery for each subscription that asked for the event, in the transaction that removes the job: each once. */
export const fanOut: JobHandler = {
  async within(tx: Sql, { incident: stream, version }: Happened, deps) {
    const facts = (await loadStream(tx, stream)).filter((fact) => fact.version <= version);
    const fact = facts.at(-1);
    const incident = foldIncident(facts);
    const event = fact && eventOf(fact);
    if (!fact || !event || incident === null || incident.drill || incident.kind !== 'normal') return;
    const { label, title, severity, state, systems, kind, declaredAt } = incident;
    const address = `${deps.config.publicUrl}/incidents/${label}`;
    for (const subscription of await listeningTo(tx, event)) {
      const done = await actWithin(tx, deps, {
        stream: subscription,
        by: firebreakItself('links'),
        may: 'people.administer',
        fold: foldSubscription,
        decide: (held) =>
          dueFor(held, {
            // The same event for the same receiver is the same delivery, however often this runs.
            delivery: `dlv_${subscription.slice(4)}-${fact.seq}` as DeliveryId,
            event,
            about: stream,
            at: fact.at,
            body: { id: incident.id, label, title, severity, state, systems, kind, declaredAt, url: address },
          }),
      });
      if (isRefusal(done)) throw new Error(`a delivery was refused: ${done.why}`);
    }
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

async function send(deps: Deps, { url }: Subscription, secret: string, id: string, body: string): Promise<Attempt> {
  const timestamp = Math.floor(Date.parse(deps.now()) / 1_000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'firebreak',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf(secret, id, timestamp, body),
  };
  try {
    return { status: await outboundOf(deps).post(url, headers, body) };
  } catch (error) {
    return { fault: String(error instanceof Error ? error.message : error).slice(0, 300) };
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
    const body = JSON.stringify({ type: due.event, timestamp: due.at, data: due.body });
    const how: Attempt =
      held.ended !== null
        ? { fault: 'the subscription had ended' }
        : secret === undefined
          ? { fault: 'its secret is gone; make a new subscription' }
          : await send(deps, held, secret, delivery, body);
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
