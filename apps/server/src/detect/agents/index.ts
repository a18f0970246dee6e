import type { Slice } from '../../platform/index.ts';
import { forgettingUse } from './watch-budgets.ts';
import { forgetting } from './watch-calls.ts';

/** What agents call, against what they were granted and did before, and what sessions use up. */
export const agents: Slice = { name: 'agents', watches: [forgetting, forgettingUse] };

export { watchBudgets } from './watch-budgets.ts';
export { type KnownOfCalls, watchCallsWith } from './watch-calls.ts';
export { watchContext } from './watch-context.ts';
