export type { Link, LinkFact, LinkId, LinkKind, LinkSaid, Links } from './links.ts';
export { addLink, foldLinks, LINK_FACTS, LINK_KINDS, plainAddress, removeLink, tellLink } from './links.ts';
export type { SecurityEvent, SetSubject } from './security-events.ts';
export {
  eventOfRevokedToken,
  eventsOfRestoration,
  eventsOfRevocation,
  setClaims,
  verificationEvent,
} from './security-events.ts';
export type {
  Attempt,
  Delivered,
  Delivery,
  DeliveryId,
  Subscription,
  SubscriptionFact,
  SubscriptionId,
  SubscriptionSaid,
  ToldEvent,
} from './subscriptions.ts';
export {
  askAgain,
  askVerification,
  attempted,
  dueFor,
  endSubscription,
  eventOf,
  foldSubscription,
  hears,
  MOST_ATTEMPTS,
  makeSubscription,
  SET_EVENTS,
  SUBSCRIPTION_FACTS,
  TOLD_EVENTS,
} from './subscriptions.ts';
