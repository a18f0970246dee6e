import type { Hold } from '@firebreak/core/respond/containment';
import type { Sql } from '../../platform/index.ts';

export interface Relapse {
  readonly id: string;
  readonly detector: string;
  readonly text: string;
}

/**
 * The first signal since a moment that shows the failure again: verified or strong, of the system and feature held, from a
 * detector that saw it before; from any, where the incident came from no candidate. What was made on purpose counts for nothing.
 */
export async function relapseSince(
  sql: Sql,
  hold: Pick<Hold, 'system' | 'what' | 'incident'>,
  since: string,
  candidate: string | null,
): Promise<Relapse | null> {
  const { rows } = await sql.query<Relapse>(
    `select id, detector, data->>'text' as text from signal
     where system = $1 and received_at >= $2 and ($3::text is null or feature is null or feature = $3)
       and data->>'evidenceClass' in ('verified', 'strong') and data->'mark' is null
       and ($4::text is null or detector in (select distinct detector from signal where candidate = $4 limit 200))
     order by received_at, id limit 1`,
    [hold.system, since, hold.what.feature ?? null, candidate],
  );
  return rows[0] ?? null;
}
