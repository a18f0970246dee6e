import type { Moderator, Opinion } from '@firebreak/core/detect/moderation';
import type { Interaction } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

const EXCERPT = 400;

interface Row {
  readonly interaction: `int_${string}`;
  readonly system: string;
  readonly at: Instant;
  readonly state: 'waiting' | 'flagged' | 'clean' | 'none';
  readonly why: string | null;
  readonly model: string | null;
  readonly latency_ms: number | null;
  readonly said: Opinion | null;
  readonly data: Interaction | null;
}

/** What a moderator said, newest first, with the words it spoke of where they are still kept. */
export async function opinionsOf(
  sql: Sql,
  { id, judged }: Moderator,
  { show, limit }: { readonly show: string; readonly limit: number },
) {
  const { rows } = await sql.query<Row>(
    `select o.interaction, o.system, o.at, o.state, o.why, o.model, o.latency_ms, o.said, i.data
     from moderation_opinion o left join interaction i on i.id = o.interaction
     where o.moderator = $1 and ($2 = 'all' or o.state = $2) order by o.at desc, o.interaction desc limit $3`,
    [id, show, limit],
  );
  return rows.map(({ data, latency_ms, said, ...row }) => ({
    ...row,
    latencyMs: latency_ms,
    said: said === null ? null : { ...said, categories: said.categories.map((each) => ({ ...each })) },
    asked: data?.input?.findLast(({ role }) => role === 'user')?.content.slice(0, EXCERPT) ?? null,
    answer: data?.output?.slice(0, EXCERPT) ?? null,
    right: judged[row.interaction] ?? null,
  }));
}

export async function wasFlagged(sql: Sql, moderator: string, interaction: string): Promise<boolean> {
  const { count } = await sql.query(
    "select 1 from moderation_opinion where moderator = $1 and interaction = $2 and state = 'flagged'",
    [moderator, interaction],
  );
  return count > 0;
}
