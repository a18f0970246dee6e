/** Names of all that look, as their heartbeats are kept: said here and not read off a function, which bundling renames. */
export const ONLOOKERS = [
  'countSeen',
  'overlook',
  'watchCalls',
  'watchBudgets',
  'watchContext',
  'watchAnswers',
  'watchAccess',
  'queueForModeration',
  'watchHolds',
] as const;
export type OnlookerName = (typeof ONLOOKERS)[number];
