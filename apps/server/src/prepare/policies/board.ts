import type { Instant } from '@firebreak/core/kernel';
import { endOf, foldPolicy, POLICY_TYPES, type Policy, type PolicyException } from '@firebreak/core/prepare/policies';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

/** Policies of one answer. */
const MOST_POLICIES = 1_000;
const MOST_DUE = 100;
/** Exceptions that a trend reads: those that were in force within its months. */
const MOST_IN_TREND = 20_000;

export type StoredPolicy = Omit<Policy, 'exceptions'>;
export interface StoredException extends PolicyException {
  readonly policy: string;
}

export const policyBoard: Board = {
  name: 'policies',
  tables: ['policy_board', 'policy_exception_board'],
  types: POLICY_TYPES,
  async apply(tx, { stream, data }) {
    const policy = foldPolicy(await loadStream(tx, stream));
    if (policy === null) return;
    const { exceptions, ...stored } = policy;
    await tx.query(
      `insert into policy_board (id, withdrawn, stated_at, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set withdrawn = excluded.withdrawn, data = excluded.data`,
      [policy.id, policy.withdrawn !== null, policy.statedAt, JSON.stringify(stored)],
    );
    const touched = exceptions.find(({ id }) => id === data.exception);
    if (touched === undefined) return;
    await tx.query(
      `insert into policy_exception_board (id, policy, system, asked_at, approved_at, ends_at, over, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       on conflict (id) do update set approved_at = excluded.approved_at, ends_at = excluded.ends_at, over = excluded.over, data = excluded.data`,
      [
        touched.id,
        policy.id,
        touched.system,
        touched.asked.at,
        touched.approved?.at ?? null,
        endOf(touched),
        touched.ended !== null,
        JSON.stringify(touched),
      ],
    );
  },
};

export async function listPolicies(sql: Sql, withdrawnToo: boolean): Promise<StoredPolicy[]> {
  const { rows } = await sql.query<{ data: StoredPolicy }>(
    `select data from policy_board where $1 or not withdrawn
     order by withdrawn, jsonb_array_length(data -> 'means') > 0, lower(data ->> 'title'), id limit ${MOST_POLICIES}`,
    [withdrawnToo],
  );
  return rows.map(({ data }) => data);
}

export async function findPolicy(sql: Sql, id: string): Promise<StoredPolicy | null> {
  const { rows } = await sql.query<{ data: StoredPolicy }>('select data from policy_board where id = $1', [id]);
  return rows[0]?.data ?? null;
}

export interface WantedExceptions {
  readonly policy: string | null;
  readonly system: string | null;
  /** Only those in force at this time. */
  readonly at: Instant | null;
  readonly over: boolean;
  readonly now: Instant;
  readonly limit: number;
}

/** Those that end next come first; what is over comes last, newest first. */
export async function listExceptions(
  sql: Sql,
  { policy, system, at, over, now, limit }: WantedExceptions,
): Promise<(StoredException & { readonly policyTitle: string })[]> {
  const { rows } = await sql.query<{ policy: string; title: string; data: PolicyException }>(
    `select e.policy, p.data ->> 'title' as title, e.data from policy_exception_board e join policy_board p on p.id = e.policy
     where ($1::text is null or e.policy = $1) and ($2::text is null or e.system = $2)
       and case when $3::text is null then $4 or (not e.over and e.ends_at > $5)
                else e.approved_at <= $3 and $3 < e.ends_at end
     order by (e.over or e.ends_at <= $5),
       case when e.over or e.ends_at <= $5 then null else e.ends_at end, e.ends_at desc, e.id limit $6`,
    [policy, system, at, over, now, limit],
  );
  return rows.map((row) => ({ ...row.data, policy: row.policy, policyTitle: row.title }));
}

/** How many exceptions of each policy are asked for, in force, and have lapsed. */
export async function countExceptions(
  sql: Sql,
  now: Instant,
): Promise<ReadonlyMap<string, { readonly asked: number; readonly inForce: number; readonly lapsed: number }>> {
  const { rows } = await sql.query<{ policy: string; asked: number; in_force: number; lapsed: number }>(
    `select policy,
       (count(*) filter (where not over and ends_at > $1 and approved_at is null))::int as asked,
       (count(*) filter (where not over and ends_at > $1 and approved_at is not null))::int as in_force,
       (count(*) filter (where approved_at is not null and ends_at <= $1 and (not over or data -> 'ended' ->> 'how' = 'lapsed')))::int as lapsed
     from policy_exception_board group by policy`,
    [now],
  );
  return new Map(rows.map(({ policy, asked, in_force: inForce, lapsed }) => [policy, { asked, inForce, lapsed }]));
}

/** Approved exceptions that were in force at some time since; of one policy, or of all. */
export async function approvedSince(sql: Sql, policy: string | null, since: Instant): Promise<PolicyException[]> {
  const { rows } = await sql.query<{ data: PolicyException }>(
    `select data from policy_exception_board
     where approved_at is not null and ends_at >= $2 and ($1::text is null or policy = $1)
     order by approved_at desc, id limit ${MOST_IN_TREND}`,
    [policy, since],
  );
  return rows.map(({ data }) => data);
}

/** When the first policy was stated, or null. */
export async function recordBegan(sql: Sql): Promise<Instant | null> {
  return (await sql.query<{ at: Instant | null }>('select min(stated_at) as at from policy_board')).rows[0]?.at ?? null;
}

/** Policies that have exceptions whose time has run out. */
export async function policiesWithLapses(sql: Sql, now: Instant): Promise<string[]> {
  const { rows } = await sql.query<{ policy: string }>(
    `select distinct policy from policy_exception_board where not over and ends_at <= $1 limit ${MOST_DUE}`,
    [now],
  );
  return rows.map(({ policy }) => policy);
}
