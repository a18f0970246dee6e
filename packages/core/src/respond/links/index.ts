export type { Link, LinkFact, LinkId, LinkKind, LinkSaid, Links } from './links.ts';
export { addLink, foldLinks, LINK_FACTS, LINK_KINDS, plainAddress, removeLink, tellLink } from './links.ts';
export type {
  Attempt,
  Delivered,
  Delivery,
  DeliveryId,
  Subscription,
  SubscriptionFact,
  SubscriptionId,
  ToldEvent,
} from './subscriptions.ts';
export {
  askAgain,
  attempted,
  dueFor,
  endSubscription,
  eventOf,
  foldSubscription,
  hears,
  MOST_ATTEMPTS,
  makeSubscription,
  SUBSCRIPTION_FACTS,
  TOLD_EVENTS,
} from './subscriptions.ts';
