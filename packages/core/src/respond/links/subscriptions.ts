import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { plainAddress } from './links.ts';

export type SubscriptionId = Id<'sub'>;
export type DeliveryId = Id<'dlv'>;

/** What other tools may be told of. */
export const TOLD_EVENTS = [
  'incident.declared',
  'incident.severity-changed',
  'incident.systems-named',
  'incident.contained',
  'incident.closed',
  'candidate.paged',
  'executor.given-up',
  'containment.unproven',
  'containment.wide',
  'answers.waiting',
  'glass.broken',
  'tripwire.tripped',
  'agent.revoked',
  'agent.restored',
  'token.revoked',
] as const;
export type ToldEvent = (typeof TOLD_EVENTS)[number];
/** Those that Security Event Tokens can tell of. */
export const SET_EVENTS = ['agent.revoked', 'agent.restored', 'token.revoked'] as const satisfies readonly ToldEvent[];

/** The event other tools are told of because of a fact, or null. Near misses and drills call nobody. */
export function eventOf({ type, data }: Pick<Recorded, 'type' | 'data'>): ToldEvent | null {
  if (type === 'incident.declared')
    return data.kind === 'near-miss' || data.drill === true ? null : 'incident.declared';
  if (type === 'incident.refiled') return data.to === 'normal' ? 'incident.declared' : null;
  if (type === 'severity.called') return data.from === data.to ? null : 'incident.severity-changed';
  if (type === 'incident.systems-named') return 'incident.systems-named';
  if (type === 'incident.moved')
    return data.to === 'contained' ? 'incident.contained' : data.to === 'closed' ? 'incident.closed' : null;
  if (type === 'containment.ordered') return data.what.kind === 'revoke' ? 'agent.revoked' : null;
  // Of which kind the hold was, its order says.
  if (type === 'containment.lifted' || type === 'containment.expired') return 'agent.restored';
  return null;
}

/** How long to wait after each failed attempt, milliseconds; after the last one it is given up. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 43_200_000];
export const MOST_ATTEMPTS = WAITS_MS.length + 1;
/** HTTP 410: whoever receives says that nobody is there any more. */
const GONE = 410;

export interface SubscriptionSaid {
  readonly name: string;
  readonly url: string;
  readonly events: readonly ToldEvent[];
  /** Absent: a webhook. Else Security Event Tokens, pushed (RFC 8417, RFC 8935), and whom they are meant for. */
  readonly set?: { readonly audience: string };
}

/** What is sent, as it was when it happened. */
export interface Delivered {
  readonly delivery: DeliveryId;
  readonly event: ToldEvent | 'verification';
  /** The incident, candidate, system or subscription it tells of. */
  readonly about: string;
  readonly at: Instant;
  readonly body: Readonly<Record<string, unknown>>;
}

/** On the stream of the subscription. Its secret stands in no fact. */
export type SubscriptionFact =
  | Fact<'subscription.made', { readonly subscription: SubscriptionId } & SubscriptionSaid>
  | Fact<'subscription.ended', { readonly subscription: SubscriptionId; readonly reason: string }>
  | Fact<'delivery.due', { readonly subscription: SubscriptionId } & Delivered>
  | Fact<'delivery.asked', { readonly subscription: SubscriptionId; readonly delivery: DeliveryId }>
  | Fact<
      'delivery.made',
      { readonly subscription: SubscriptionId; readonly delivery: DeliveryId; readonly status: number }
    >
  | Fact<
      'delivery.failed',
      {
        readonly subscription: SubscriptionId;
        readonly delivery: DeliveryId;
        readonly why: string;
        /** When it is tried again; null: given up. */
        readonly againAfterMs: number | null;
      }
    >;
export const SUBSCRIPTION_FACTS = [
  'subscription.made',
  'subscription.ended',
  'delivery.due',
  'delivery.asked',
  'delivery.made',
  'delivery.failed',
] as const satisfies readonly SubscriptionFact['type'][];

export interface Delivery extends Delivered {
  readonly state: 'waiting' | 'made' | 'dead';
  readonly attempts: number;
  /** The status or fault of the last attempt. */
  readonly last: string;
  readonly changedAt: Instant;
}

export interface Subscription extends SubscriptionSaid {
  readonly id: SubscriptionId;
  readonly madeAt: Instant;
  readonly madeBy: Actor;
  readonly ended: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
  readonly deliveries: ReadonlyMap<DeliveryId, Delivery>;
}

/** Deliveries beyond the newest of these are in the log and on the board, and not in the state. */
const DELIVERIES_KEPT = 1_000;

function oldestSettled(deliveries: ReadonlyMap<DeliveryId, Delivery>): DeliveryId {
  for (const [id, { state }] of deliveries) if (state !== 'waiting') return id;
  return deliveries.keys().next().value!;
}

export function foldSubscription(facts: readonly Recorded[]): Subscription | null {
  let held = null as Subscription | null;
  const deliveries = new Map<DeliveryId, Delivery>();
  const change = (id: DeliveryId, at: Instant, part: (old: Delivery) => Partial<Delivery>) => {
    const old = deliveries.get(id);
    if (old !== undefined) deliveries.set(id, { ...old, ...part(old), changedAt: at });
  };
  for (const fact of ofTypes<SubscriptionFact>(facts, SUBSCRIPTION_FACTS)) {
    const { at, by } = fact;
    switch (fact.type) {
      case 'subscription.made': {
        const { subscription: id, ...said } = fact.data;
        held = { id, ...said, madeAt: at, madeBy: by, ended: null, deliveries };
        break;
      }
      case 'subscription.ended':
        held = held && { ...held, ended: { at, by, reason: fact.data.reason } };
        break;
      case 'delivery.due': {
        const { subscription: _of, ...due } = fact.data;
        if (deliveries.size >= DELIVERIES_KEPT) deliveries.delete(oldestSettled(deliveries));
        deliveries.set(due.delivery, { ...due, state: 'waiting', attempts: 0, last: '', changedAt: at });
        break;
      }
      case 'delivery.asked':
        change(fact.data.delivery, at, () => ({ state: 'waiting', attempts: 0 }));
        break;
      case 'delivery.made':
        change(fact.data.delivery, at, (old) => ({
          state: 'made',
          attempts: old.attempts + 1,
          last: `answered ${fact.data.status}`,
        }));
        break;
      case 'delivery.failed':
        change(fact.data.delivery, at, (old) => ({
          state: fact.data.againAfterMs === null ? 'dead' : 'waiting',
          attempts: old.attempts + 1,
          last: fact.data.why,
        }));
    }
  }
  return held;
}

const unknown = () =>
  refuse('subscription.unknown', 'There is no such subscription. List them to see the ones there are.');

export function makeSubscription(
  state: Subscription | null,
  want: { readonly subscription: SubscriptionId } & SubscriptionSaid,
): Decision<SubscriptionFact> {
  if (state !== null) return [];
  const url = plainAddress(want.url);
  if (url === null)
    return refuse('link.bad-address', 'Use a whole http or https address without a password in it.', '/url');
  if (want.set !== undefined && !want.events.every((event) => (SET_EVENTS as readonly string[]).includes(event)))
    return refuse(
      'subscription.not-as-token',
      `Security Event Tokens tell of ${SET_EVENTS.join(', ')}. Use a webhook for everything else.`,
      '/events',
    );
  return [{ type: 'subscription.made', data: { ...want, url } }];
}

export function endSubscription(state: Subscription | null, reason: string): Decision<SubscriptionFact> {
  if (state === null) return unknown();
  return state.ended !== null ? [] : [{ type: 'subscription.ended', data: { subscription: state.id, reason } }];
}

/** What cannot wait: whoever is paged is told of it too. */
const PAGES: readonly string[] = [
  'executor.given-up',
  'containment.unproven',
  'containment.wide',
  'answers.waiting',
  'glass.broken',
  'tripwire.tripped',
] satisfies ToldEvent[];

/** Whether a subscription is told of an event. */
export const hears = ({ events }: Pick<SubscriptionSaid, 'events'>, event: ToldEvent | 'verification'): boolean =>
  event === 'verification' || events.includes(event) || (PAGES.includes(event) && events.includes('candidate.paged'));

/** Nothing for an event it does not hear, nor after its end. */
export function dueFor(state: Subscription | null, want: Delivered): Decision<SubscriptionFact> {
  if (state === null || state.ended !== null || !hears(state, want.event)) return [];
  if (state.deliveries.has(want.delivery)) return [];
  return [{ type: 'delivery.due', data: { subscription: state.id, ...want } }];
}

/** A person asks for another try of what was given up, or of what arrived. */
export function askAgain(state: Subscription | null, delivery: DeliveryId): Decision<SubscriptionFact> {
  const held = state?.deliveries.get(delivery);
  if (!state || held === undefined) return unknown();
  if (state.ended !== null)
    return refuse('subscription.ended', 'This subscription has ended; make a new one with the same address.');
  return held.state === 'waiting' ? [] : [{ type: 'delivery.asked', data: { subscription: state.id, delivery } }];
}

/** A person asks for something that says nothing, to see whether it arrives. */
export function askVerification(state: Subscription | null, want: Delivered): Decision<SubscriptionFact> {
  if (state === null) return unknown();
  if (state.ended !== null)
    return refuse('subscription.ended', 'This subscription has ended; make a new one with the same address.');
  return dueFor(state, want);
}

/** How an attempt went: the status that was answered, or why there was no answer. */
export type Attempt = { readonly status: number } | { readonly fault: string };

/** 2xx is delivered; 410 ends the subscription; anything else is tried again, a bounded number of times. */
export function attempted(
  state: Subscription | null,
  want: { readonly delivery: DeliveryId; readonly how: Attempt },
): Decision<SubscriptionFact> {
  const held = state?.deliveries.get(want.delivery);
  if (!state || held === undefined || held.state !== 'waiting') return [];
  const of = { subscription: state.id, delivery: want.delivery };
  const { how } = want;
  if ('status' in how && how.status >= 200 && how.status < 300)
    return [{ type: 'delivery.made', data: { ...of, status: how.status } }];
  const gone = 'status' in how && how.status === GONE;
  const why = 'status' in how ? `answered ${how.status}` : how.fault;
  const againAfterMs = gone || state.ended !== null ? null : (WAITS_MS[held.attempts] ?? null);
  const failed: SubscriptionFact = { type: 'delivery.failed', data: { ...of, why, againAfterMs } };
  if (!gone || state.ended !== null) return [failed];
  return [
    failed,
    { type: 'subscription.ended', data: { subscription: state.id, reason: 'the receiver answered 410 Gone' } },
  ];
}
