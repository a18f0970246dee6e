import type { Interaction } from '@firebreak/core/detect/signals';
import type { Sql } from '../../platform/index.ts';
import { sessionsOfTraces } from '../signals/index.ts';

/** One session of one system, as it is remembered. */
export const keyOf = (system: string, session: string): string => `${system}\n${session}`;

/** A session, that of the trace where none is named, or the trace: what happens in one of them belongs together. */
export async function sessionsOf(tx: Sql, them: readonly Interaction[]): Promise<(it: Interaction) => string> {
  const traced = them.filter(({ session, traceId }) => session === null && traceId !== null);
  const named = await sessionsOfTraces(tx, traced);
  return ({ system, session, traceId, id }) => session ?? named.get(keyOf(system, traceId ?? '')) ?? traceId ?? id;
}
