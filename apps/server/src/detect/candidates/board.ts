import {
  CANDIDATE_FACTS,
  type Candidate,
  type CandidateId,
  foldCandidateFact,
  isOpen,
} from '@firebreak/core/detect/candidates';
import { type Instant, type Refusal, refuse } from '@firebreak/core/kernel';
import type { Board, Sql } from '../../platform/index.ts';

interface Row {
  readonly id: CandidateId;
  readonly changed_at: Instant;
  readonly data: Candidate;
}

export const candidateBoard: Board = {
  name: 'candidates',
  tables: ['candidate_board'],
  types: CANDIDATE_FACTS,
  async apply(tx, fact) {
    const held = await findCandidate(tx, fact.stream);
    const candidate = foldCandidateFact(held, fact);
    if (candidate === null) return;
    await tx.query(
      `insert into candidate_board (id, system, state, changed_at, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (id) do update set state = excluded.state, changed_at = excluded.changed_at, data = excluded.data`,
      [candidate.id, candidate.system, candidate.state, candidate.changedAt, JSON.stringify(candidate)],
    );
  },
};

export async function findCandidate(sql: Sql, id: string): Promise<Candidate | null> {
  const { rows } = await sql.query<Row>('select id, changed_at, data from candidate_board where id = $1', [id]);
  return rows[0]?.data ?? null;
}

/** Those of these candidates that there are, by id. */
export async function findCandidates(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, Candidate>> {
  const { rows } = await sql.query<Row>('select id, changed_at, data from candidate_board where id = any($1)', [ids]);
  return new Map(rows.map(({ id, data }) => [id, data]));
}

export const unknownCandidate = (id: string): Refusal =>
  refuse('candidate.unknown', `There is no candidate “${id}”. List the candidates to see the ones there are.`);

export interface CandidateFilter {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly state: string;
  readonly system?: string | undefined;
}

/** Those that changed last first, and the cursor of the next page. */
export async function listCandidates(
  sql: Sql,
  it: CandidateFilter,
): Promise<{ items: Candidate[]; next: string | null }> {
  const [at, id] = it.before?.split('|') ?? [];
  const { rows } = await sql.query<Row>(
    `select id, changed_at, data from candidate_board
     where ($1 = 'all' or ($1 = 'open' and state in ('forming', 'coherent', 'paged')) or state = $1)
       and ($2::text is null or system = $2) and ($3::text is null or (changed_at, id) < ($3, $4))
     order by changed_at desc, id desc limit $5`,
    [it.state, it.system ?? null, at ?? null, id ?? null, it.limit + 1],
  );
  const page = rows.slice(0, it.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => row.data),
    next: rows.length > it.limit && last ? `${last.changed_at}|${last.id}` : null,
  };
}

/** Open ones, those that changed last first. */
export async function openCandidates(sql: Sql, limit: number): Promise<Candidate[]> {
  const { rows } = await sql.query<Row>(
    "select id, changed_at, data from candidate_board where state in ('forming', 'coherent', 'paged') order by changed_at desc, id desc limit $1",
    [limit],
  );
  return rows.map((row) => row.data);
}

/** Candidates people told of after their incident was closed, or that were seen again while it is open. */
export async function lateCandidates(sql: Sql, incident: string | null): Promise<Candidate[]> {
  const { rows } = await sql.query<Row>(
    `select id, changed_at, data from candidate_board where state in ('promoted', 'closed') and data->>'late' is not null
       and ($1::text is null or data->>'incident' = $1)
       and ($1::text is not null or data->'late'->>'decided' is null) order by changed_at desc, id desc limit 50`,
    [incident],
  );
  return rows.map((row) => row.data);
}

/** The candidates that came of something made on purpose: those that paged before the others, then the first. At most 20. */
export async function candidatesByMark(sql: Sql, mark: string): Promise<Candidate[]> {
  const { rows } = await sql.query<Row>(
    `select id, changed_at, data from candidate_board where data->>'mark' = $1
     order by jsonb_array_length(data->'pages') = 0, data->>'openedAt', id limit 20`,
    [mark],
  );
  return rows.map((row) => row.data);
}

/** Candidates that were said to follow from this one. */
export async function childrenOf(sql: Sql, parent: string): Promise<Candidate[]> {
  const { rows } = await sql.query<Row>(
    "select id, changed_at, data from candidate_board where data->'parent'->>'candidate' = $1 order by id limit 100",
    [parent],
  );
  return rows.map((row) => row.data);
}

/** Candidates of an incident. */
export async function candidatesOf(sql: Sql, incident: string): Promise<Candidate[]> {
  const { rows } = await sql.query<Row>(
    "select id, changed_at, data from candidate_board where state in ('promoted', 'closed') and data->>'incident' = $1 order by id limit 100",
    [incident],
  );
  return rows.map((row) => row.data);
}

export async function countOpen(sql: Sql, system?: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "select count(*)::int as n from candidate_board where state in ('forming', 'coherent', 'paged') and ($1::text is null or system = $1)",
    [system ?? null],
  );
  return rows[0]!.n;
}

/** What an incident needs to know of the candidate it is declared from. */
export interface CandidateSaid {
  /** When it was first noticed. */
  readonly firstSignalAt: Instant;
  /** Key of the system its signals are about. */
  readonly system: string;
}

/** Refused where it is over. */
export async function checkCandidate(sql: Sql, id: string): Promise<CandidateSaid | Refusal> {
  const candidate = await findCandidate(sql, id);
  if (candidate === null) return unknownCandidate(id);
  if (!isOpen(candidate))
    return refuse(
      'candidate.ended',
      `This candidate is already ${candidate.state}${candidate.incident ? `: see ${candidate.incident}` : ''}.`,
    );
  return { firstSignalAt: candidate.openedAt, system: candidate.system };
}
