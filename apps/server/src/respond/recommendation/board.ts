import type { Archetype } from '@firebreak/core/detect/signals';
import type { Id, Instant, Recorded } from '@firebreak/core/kernel';
import type { LeverName } from '@firebreak/core/respond/containment';
import { RECOMMENDATION_FACTS, type RecommendationFact, type Worth } from '@firebreak/core/respond/recommendation';
import type { Board, Sql } from '../../platform/index.ts';

export const choiceBoard: Board = {
  name: 'containment choices',
  tables: ['containment_choice_board'],
  types: RECOMMENDATION_FACTS,
  async apply(tx, recorded) {
    const { data, stream, at } = recorded as Recorded<RecommendationFact>;
    await tx.query(
      `insert into containment_choice_board (hold, incident, system, archetype, taken, recommended, at, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
      [data.hold, stream, data.system, data.archetype, data.taken, data.recommended, at, JSON.stringify(data)],
    );
  },
};

/** What was last said of what harm and service of a system are worth; null: nobody ever did. */
export async function worthSaid(
  sql: Sql,
  system: string,
): Promise<{ readonly worth: Worth; readonly incident: Id<'inc'>; readonly at: Instant } | null> {
  const { rows } = await sql.query<{ worth: Worth; incident: Id<'inc'>; at: Instant }>(
    `select data -> 'worth' as worth, incident, at from containment_choice_board
     where system = $1 and (data -> 'worth' ->> 'lossPerHour' is not null or data -> 'worth' ->> 'costPerRequest' is not null)
     order by at desc, hold desc limit 1`,
    [system],
  );
  return rows[0] ?? null;
}

const MOST_COUNTED = 2_000;

/** What was taken for a kind of failure, most often first; of the newest two thousand. */
export async function takenBefore(
  sql: Sql,
  archetype: Archetype | null,
): Promise<{ readonly lever: LeverName; readonly times: number }[]> {
  const { rows } = await sql.query<{ lever: LeverName; times: number }>(
    `select taken as lever, count(*)::int as times from (
       select taken from containment_choice_board where archetype is not distinct from $1 order by at desc limit ${MOST_COUNTED}) newest
     group by taken order by count(*) desc, taken`,
    [archetype],
  );
  return rows;
}
