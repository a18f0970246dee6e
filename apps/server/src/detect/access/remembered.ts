import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

export interface Place {
  readonly system: string;
  readonly kind: string;
  readonly principal: string;
}
const WRITTEN_AT_ONCE = 500;
const keyOf = ({ system, kind, principal }: Place): string => `${system}\n${kind}\n${principal}`;

/**
 * What is remembered of those who ask and of their systems, read at the beginning of a transaction and written at its end. Systems are
 * locked in their order, so that two processes never judge the same one at once.
 */
export class Remembered<P, C> {
  readonly #principals = new Map<string, { readonly place: Place; data: P }>();
  readonly #crowds = new Map<string, { readonly system: string; readonly kind: string; data: C }>();

  private constructor() {}

  static async of<P, C>(tx: Sql, places: readonly Place[], crowd: C): Promise<Remembered<P, C>> {
    const held = new Remembered<P, C>();
    const systems = new Map(places.map(({ system, kind }) => [`${system}\n${kind}`, { system, kind }]));
    const sorted = [...systems].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
    await tx.query(
      `insert into access_crowd (system, kind, data) select system, kind, $2::jsonb from jsonb_to_recordset($1::jsonb) as r(system text, kind text)
       on conflict (system, kind) do nothing`,
      [JSON.stringify(sorted), JSON.stringify(crowd)],
    );
    const crowds = await tx.query<{ system: string; kind: string; data: C }>(
      `select c.system, c.kind, c.data from access_crowd c
       join jsonb_to_recordset($1::jsonb) as r(system text, kind text) on r.system = c.system and r.kind = c.kind
       order by c.system, c.kind for update of c`,
      [JSON.stringify(sorted)],
    );
    for (const row of crowds.rows) held.#crowds.set(`${row.system}\n${row.kind}`, row);
    const principals = await tx.query<Place & { data: P }>(
      `select p.system, p.kind, p.principal, p.data from access_principal p
       join (select distinct system, kind, principal from jsonb_to_recordset($1::jsonb) as r(system text, kind text, principal text)) r
         on r.system = p.system and r.kind = p.kind and r.principal = p.principal`,
      [JSON.stringify([...new Map(places.map((place) => [keyOf(place), place])).values()])],
    );
    for (const { data, ...place } of principals.rows) held.#principals.set(keyOf(place), { place, data });
    return held;
  }

  principal(place: Place, fresh: P): P {
    return this.#principals.get(keyOf(place))?.data ?? fresh;
  }
  crowd({ system, kind }: Place): C {
    return this.#crowds.get(`${system}\n${kind}`)!.data;
  }
  set(place: Place, principal: P, crowd: C): void {
    this.#principals.set(keyOf(place), { place, data: principal });
    this.#crowds.set(`${place.system}\n${place.kind}`, { system: place.system, kind: place.kind, data: crowd });
  }

  async write(tx: Sql, now: Instant): Promise<void> {
    await tx.query(
      `update access_crowd c set data = r.data from jsonb_to_recordset($1::jsonb) as r(system text, kind text, data jsonb)
       where c.system = r.system and c.kind = r.kind`,
      [JSON.stringify([...this.#crowds.values()])],
    );
    const sorted = [...this.#principals].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let i = 0; i < sorted.length; i += WRITTEN_AT_ONCE)
      await tx.query(
        `insert into access_principal (system, kind, principal, at, data)
         select system, kind, principal, $2, data from jsonb_to_recordset($1::jsonb) as r(system text, kind text, principal text, data jsonb)
         on conflict (system, kind, principal) do update set at = excluded.at, data = excluded.data`,
        [JSON.stringify(sorted.slice(i, i + WRITTEN_AT_ONCE).map(([, { place, data }]) => ({ ...place, data }))), now],
      );
  }
}
