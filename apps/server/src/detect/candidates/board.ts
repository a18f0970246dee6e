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
     where ($1 = 'all' or ($1 = 'open' and state in ('forming', 'coherent')) or state = $1)
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

export async function countOpen(sql: Sql, system?: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "select count(*)::int as n from candidate_board where state in ('forming', 'coherent') and ($1::text is null or system = $1)",
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
