import { createHash } from 'node:crypto';
import { countFeedback, countInteraction, Gathering, type Series, seriesKey } from '@firebreak/core/detect/measures';
import { markOf } from '@firebreak/core/detect/signals';
import type { Deps, Sql } from '../../platform/index.ts';
import type { Onlooker } from '../signals/index.ts';

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
export const seriesId = (series: Series): string => digestOf(seriesKey(series));

/** Writes what was gathered beside what it was gathered from. It is added to the minutes a few seconds later, once. */
export async function writeDelta(tx: Sql, deps: Deps, gathering: Gathering): Promise<void> {
  if (gathering.size === 0) return;
  await tx.query('insert into measure_delta (id, at, data) values ($1, $2, $3::jsonb)', [
    deps.mint('msd'),
    deps.now(),
    JSON.stringify(gathering.placed()),
  ]);
}

/**
 * Counts interactions and feedback in the transaction that marks them as looked at, so that each counts exactly once. Drills
 * and simulations never enter a figure.
 */
export const countSeen: Onlooker = async (tx, deps, _interactions, { interactions, feedback }) => {
  const gathering = new Gathering();
  for (const { data, news } of interactions)
    if (markOf(data.givenId) === undefined) countInteraction(gathering, data, news);
  for (const { data, about } of feedback) if (markOf(data.givenId) === undefined) countFeedback(gathering, data, about);
  await writeDelta(tx, deps, gathering);
};
