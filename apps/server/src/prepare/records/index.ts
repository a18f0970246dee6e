import type { Slice } from '../../platform/index.ts';
import { recordBoard } from './board.ts';
import { routes } from './routes.ts';

/** How the records of each AI system are kept: how long, what is taken out before, and what may not be deleted. */
export const records: Slice = { name: 'records', routes, boards: [recordBoard] };

export { listRecordRules, recordRules } from './board.ts';
export { deleteOld, keepingNow, keptBefore, oldRows } from './keeping.ts';
