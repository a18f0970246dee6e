import type { Recorded } from '@firebreak/core/kernel';
import { CAPSULE_FACTS, type CapsuleFact, type CapsuleKept, stepCapsule } from '@firebreak/core/respond/capsules';
import type { Board, Sql } from '../../platform/index.ts';

export const capsuleBoard: Board = {
  name: 'capsules',
  tables: ['capsule_board'],
  types: CAPSULE_FACTS,
  async apply(tx, recorded) {
    const fact = recorded as Recorded<CapsuleFact>;
    const known = fact.type === 'capsule.made' ? null : await capsuleById(tx, fact.data.capsule);
    const next = stepCapsule(known ?? undefined, fact);
    if (next === undefined) return;
    await tx.query(
      `insert into capsule_board (capsule, system, state, made_at, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (capsule) do update set state = $3, data = $5::jsonb`,
      [next.capsule, next.system, next.state, next.madeAt, JSON.stringify(next)],
    );
  },
};

const MOST = 500;

export async function capsuleById(sql: Sql, capsule: string): Promise<CapsuleKept | null> {
  const { rows } = await sql.query<{ data: CapsuleKept }>('select data from capsule_board where capsule = $1', [
    capsule,
  ]);
  return rows[0]?.data ?? null;
}

/** Of one system all, newest first; else those that somebody applied. */
export async function capsulesWanted(sql: Sql, system: string | null): Promise<CapsuleKept[]> {
  const { rows } = await sql.query<{ data: CapsuleKept }>(
    `select data from capsule_board where system = $1 or ($1::text is null and state = 'applied')
     order by made_at desc, capsule limit ${MOST}`,
    [system],
  );
  return rows.map(({ data }) => data);
}
