import type { Recorded } from '@firebreak/core/kernel';
import {
  type ContainmentFact,
  type ControlFact,
  type DeclaredControl,
  type Hold,
  stepHold,
} from '@firebreak/core/respond/containment';
import type { Board, Sql } from '../../platform/index.ts';

export const holdBoard: Board = {
  name: 'holds',
  tables: ['hold_board'],
  types: [
    'containment.ordered',
    'containment.adopted',
    'containment.confirmed',
    'containment.failed',
    'containment.proven',
    'containment.unproven',
    'containment.escalated',
    'containment.written-off',
    'containment.heard-again',
    'containment.extended',
    'containment.released',
    'containment.lifted',
    'containment.expired',
  ],
  async apply(tx, fact) {
    const known = fact.type === 'containment.ordered' ? null : await holdById(tx, fact.data.hold);
    const hold = stepHold(known ?? undefined, fact as Recorded<ContainmentFact>);
    if (hold === undefined) return;
    await tx.query(
      `insert into hold_board (hold, number, incident, system, state, confirmation, ordered_at, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       on conflict (hold) do update set state = $5, confirmation = $6, data = $8::jsonb`,
      [
        hold.hold,
        hold.number,
        hold.incident,
        hold.system,
        hold.state,
        hold.confirmation,
        hold.orderedAt,
        JSON.stringify(hold),
      ],
    );
  },
};

export const controlBoard: Board = {
  name: 'controls',
  tables: ['control_board'],
  types: ['control.declared', 'control.planned', 'control.retired', 'containment.ordered'],
  async apply(tx, recorded) {
    const fact = recorded as Recorded<ControlFact | ContainmentFact>;
    if (fact.type === 'control.declared') {
      const declared: DeclaredControl = { ...fact.data, declaredAt: fact.at, retired: false };
      await tx.query('insert into control_board (control, system, retired, data) values ($1, $2, false, $3::jsonb)', [
        declared.control,
        declared.system,
        JSON.stringify(declared),
      ]);
    } else if (fact.type === 'control.planned') {
      await tx.query(`update control_board set data = data || $2::jsonb where control = $1`, [
        fact.data.control,
        JSON.stringify({ standing: fact.data.standing }),
      ]);
    } else if (fact.type === 'control.retired') {
      await tx.query(
        `update control_board set retired = true, data = jsonb_set(data, '{retired}', 'true') where control = $1`,
        [fact.data.control],
      );
    } else if (fact.type === 'containment.ordered' && fact.data.control !== undefined) {
      await tx.query('update control_board set last_ordered_at = $2 where control = $1', [fact.data.control, fact.at]);
    }
  },
};

export interface ControlRow {
  readonly data: DeclaredControl;
  readonly last_ordered_at: string | null;
  /** When an order by it was last confirmed everywhere. */
  readonly confirmed_at: string | null;
}

const CONTROL_ROWS = `select c.data, c.last_ordered_at, (
    select max(data->'confirmed'->>'at') from hold_board h
    where h.confirmation = 'confirmed' and h.data->>'control' = c.control
  ) as confirmed_at from control_board c`;

export async function holdById(sql: Sql, hold: string): Promise<Hold | null> {
  const { rows } = await sql.query<{ data: Hold }>('select data from hold_board where hold = $1', [hold]);
  return rows[0]?.data ?? null;
}

export interface HoldsWanted {
  readonly active: boolean;
  readonly system?: string | undefined;
  readonly incident?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function holdsWanted(sql: Sql, { active, system, incident, limit }: HoldsWanted): Promise<Hold[]> {
  const { rows } = await sql.query<{ data: Hold }>(
    `select data from hold_board
     where (not $1 or state = 'active') and ($2::text is null or system = $2) and ($3::text is null or incident = $3)
     order by number desc limit $4`,
    [active, system ?? null, incident ?? null, limit],
  );
  return rows.map(({ data }) => data);
}

/** What an order has to know, in one look: the number of the next hold, and the holds in force on the system. */
export async function beforeOrder(sql: Sql, system: string): Promise<{ number: number; inForce: Hold[] }> {
  const { rows } = await sql.query<{ number: number; data: Hold | null }>(
    `select coalesce(max(number), 0)::int + 1 as number, null::jsonb as data from hold_board
     union all (select number, data from hold_board where state = 'active' and system = $1)`,
    [system],
  );
  const inForce = rows.flatMap(({ data }) => data ?? []).sort((a, b) => a.number - b.number);
  return { number: rows.find(({ data }) => data === null)!.number, inForce };
}

/** Holds whose orders are neither confirmed nor over. */
export async function unconfirmedHolds(sql: Sql, limit: number): Promise<Hold[]> {
  const { rows } = await sql.query<{ data: Hold }>(
    `select data from hold_board where state = 'active' and confirmation <> 'confirmed' order by number limit $1`,
    [limit],
  );
  return rows.map(({ data }) => data);
}

/** Holds that a person has to adopt, soonest to end first. */
export async function holdsToAdopt(sql: Sql, incident: string | null): Promise<Hold[]> {
  const { rows } = await sql.query<{ data: Hold }>(
    `select data from hold_board where state = 'active' and data ? 'adopt' and ($1::text is null or incident = $1)
     order by data->'adopt'->>'by', hold limit 200`,
    [incident],
  );
  return rows.map(({ data }) => data);
}

/** Incidents with a hold that ends by itself at or before `at`. */
export async function incidentsWithExpiry(sql: Sql, at: string): Promise<string[]> {
  const { rows } = await sql.query<{ incident: string }>(
    `select distinct incident from hold_board
     where state = 'active' and data->'expiry'->>'mode' = 'auto' and data->'expiry'->>'at' <= $1 limit 100`,
    [at],
  );
  return rows.map(({ incident }) => incident);
}

export async function controlById(sql: Sql, control: string): Promise<ControlRow | null> {
  const { rows } = await sql.query<ControlRow>(`${CONTROL_ROWS} where c.control = $1`, [control]);
  return rows[0] ?? null;
}

export async function controlsOf(sql: Sql, system: string): Promise<ControlRow[]> {
  const { rows } = await sql.query<ControlRow>(
    `${CONTROL_ROWS} where c.system = $1 and not c.retired order by c.control limit 500`,
    [system],
  );
  return rows;
}

const MOST_CONTROLS = 50_000;

/** Every control that is not retired; of one system or, for null, of all. */
export async function allControls(sql: Sql, system: string | null): Promise<ControlRow[]> {
  const { rows } = await sql.query<ControlRow>(
    `${CONTROL_ROWS} where not c.retired and ($1::text is null or c.system = $1) order by c.control limit ${MOST_CONTROLS}`,
    [system],
  );
  return rows;
}

const MOST_SYSTEMS = 100;

/** Systems on which an incident holds or held something. */
export async function systemsHeld(sql: Sql, incident: string): Promise<string[]> {
  const { rows } = await sql.query<{ system: string }>(
    `select distinct system from hold_board where incident = $1 order by system limit ${MOST_SYSTEMS}`,
    [incident],
  );
  return rows.map(({ system }) => system);
}

const MOST_REVOCATIONS = 1_000;

/** Revocations of a system, ended ones too, newest first. */
export async function revocationsOf(sql: Sql, system: string): Promise<Hold[]> {
  const { rows } = await sql.query<{ data: Hold }>(
    `select data from hold_board where system = $1 and data->'what'->>'kind' = 'revoke'
     order by ordered_at desc, hold limit ${MOST_REVOCATIONS}`,
    [system],
  );
  return rows.map(({ data }) => data);
}
