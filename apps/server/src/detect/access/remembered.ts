import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

export interface Place {
  readonly system: string;
  readonly kind: string;
  readonly principal: string;
}
const READ_AT_ONCE = 250;
const WRITTEN_AT_ONCE = 500;
/** Of each place once, in pieces that one statement reads. */
function chunksOf(places: readonly Place[]): Place[][] {
  const all = [...new Map(places.map((place) => [keyOf(place), place])).values()];
  return Array.from({ length: Math.ceil(all.length / READ_AT_ONCE) }, (_, i) =>
    all.slice(i * READ_AT_ONCE, (i + 1) * READ_AT_ONCE),
  );
}
const systemsOf = (places: readonly Place[]) =>
  [...new Map(places.map(({ system, kind }) => [`${system}\n${kind}`, { system, kind }]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, it]) => it);
const keyOf = ({ system, kind, principal }: Place): string => `${system}\n${kind}\n${principal}`;

/** What is remembered of those who ask and of their systems: read, changed in memory, written back. */
export class Remembered<P, C> {
  readonly #principals = new Map<string, { readonly place: Place; data: P }>();
  readonly #crowds = new Map<string, { readonly system: string; readonly kind: string; data: C }>();

  private constructor(private readonly fresh: C) {}

  /** Read at the beginning of a transaction. Systems are locked in their order, so that two processes never judge the same one at once. */
  static async locked<P, C>(tx: Sql, places: readonly Place[], fresh: C): Promise<Remembered<P, C>> {
    const held = new Remembered<P, C>(fresh);
    const systems = JSON.stringify(systemsOf(places));
    await tx.query(
      `insert into access_crowd (system, kind, data) select system, kind, $2::jsonb from jsonb_to_recordset($1::jsonb) as r(system text, kind text)
       on conflict (system, kind) do nothing`,
      [systems, JSON.stringify(fresh)],
    );
    await held.#readCrowds(tx, systems, 'order by c.system, c.kind for update of c');
    for (const some of chunksOf(places)) await held.#readPrincipals(tx, some);
    return held;
  }

  /** Read a piece at a time, the first in the transaction at hand, holding nothing: whoever writes it back has to know that nobody else did. */
  static async loose<P, C>(
    tx: Sql,
    places: readonly Place[],
    fresh: C,
  ): Promise<{ readonly held: Remembered<P, C>; readonly rest: readonly ((tx: Sql) => Promise<void>)[] }> {
    const held = new Remembered<P, C>(fresh);
    const [first = [], ...more] = chunksOf(places);
    await held.#readCrowds(tx, JSON.stringify(systemsOf(places)), '');
    await held.#readPrincipals(tx, first);
    return { held, rest: more.map((some) => (tx) => held.#readPrincipals(tx, some)) };
  }

  async #readCrowds(tx: Sql, systems: string, lock: string): Promise<void> {
    const { rows } = await tx.query<{ system: string; kind: string; data: C }>(
      `select c.system, c.kind, c.data from access_crowd c
       join jsonb_to_recordset($1::jsonb) as r(system text, kind text) on r.system = c.system and r.kind = c.kind ${lock}`,
      [systems],
    );
    for (const row of rows) this.#crowds.set(`${row.system}\n${row.kind}`, row);
  }

  async #readPrincipals(tx: Sql, places: readonly Place[]): Promise<void> {
    const { rows } = await tx.query<Place & { data: P }>(
      `select p.system, p.kind, p.principal, p.data from access_principal p
       join jsonb_to_recordset($1::jsonb) as r(system text, kind text, principal text)
         on r.system = p.system and r.kind = p.kind and r.principal = p.principal`,
      [JSON.stringify(places)],
    );
    for (const { data, ...place } of rows) this.#principals.set(keyOf(place), { place, data });
  }

  principal(place: Place, fresh: P): P {
    return this.#principals.get(keyOf(place))?.data ?? fresh;
  }
  crowd({ system, kind }: Place): C {
    return this.#crowds.get(`${system}\n${kind}`)?.data ?? this.fresh;
  }
  set(place: Place, principal: P, crowd: C): void {
    this.#principals.set(keyOf(place), { place, data: principal });
    this.#crowds.set(`${place.system}\n${place.kind}`, { system: place.system, kind: place.kind, data: crowd });
  }

  async write(tx: Sql, now: Instant): Promise<void> {
    await tx.query(
      `insert into access_crowd (system, kind, data)
       select system, kind, data from jsonb_to_recordset($1::jsonb) as r(system text, kind text, data jsonb)
       on conflict (system, kind) do update set data = excluded.data`,
      [JSON.stringify([...this.#crowds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it))],
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
