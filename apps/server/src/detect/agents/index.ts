import type { Slice } from '../../platform/index.ts';
import { forgetting } from './watch-calls.ts';

/** What agents call, against what they were granted and what they did before. */
export const agents: Slice = { name: 'agents', watches: [forgetting] };

export { type KnownOfCalls, watchCallsWith } from './watch-calls.ts';
