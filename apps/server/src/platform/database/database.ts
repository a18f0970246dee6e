import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';

export type Row = Record<string, unknown>;
export interface Rows<R> {
  readonly rows: R[];
  /** Rows returned or touched. */
  readonly count: number;
}

export interface Sql {
  query<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<Rows<R>>;
  /** Runs a query built with `tables`. */
  run<R>(query: Compilable<R>): Promise<R[]>;
}

/** What waits for what on an engine with a single connection: acts go first, then what a sender waits for, then bulk work. */
export type Lane = 'act' | 'intake' | 'bulk';

export interface Database extends Sql {
  readonly engine: 'pglite' | 'postgresql';
  /** Throws what `work` throws, after rolling back. */
  transaction<T>(work: (tx: Sql) => Promise<T>, lane?: Lane): Promise<T>;
  /** One statement of an intake that is a transaction of its own. Throws an error with the `code` of the engine. */
  intake<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<Rows<R>>;
  /** One statement that may stand in no transaction, such as `vacuum`: bulk work. */
  alone(text: string): Promise<void>;
  /** Calls back when another process commits facts; a no-op on an engine that only this process can open. */
  listen(channel: string, heard: () => void): Promise<void>;
  close(): Promise<void>;
}

/** A typed query builder that knows no connection: its queries are handed to `Sql.run`. */
export function tables<Schema>(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/**
 * Statements of one transaction that do not need each other's answers, sent without waiting in between. Every one has
 * answered before the first failure is thrown, so that none runs after the transaction was undone.
 */
export async function together<const P extends readonly Promise<unknown>[]>(
  statements: P,
): Promise<{ -readonly [K in keyof P]: Awaited<P[K]> }> {
  const settled = await Promise.allSettled(statements);
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  return settled.map((each) => (each as PromiseFulfilledResult<unknown>).value) as never;
}

/** The part of `Sql` that is the same on every engine. */
export function sqlOver(query: (text: string, values: readonly unknown[]) => Promise<Rows<object>>): Sql {
  return {
    query: <R extends object>(text: string, values: readonly unknown[] = []) => query(text, values) as Promise<Rows<R>>,
    async run<R>(built: Compilable<R>) {
      const { sql, parameters } = built.compile();
      return (await query(sql, parameters)).rows as R[];
    },
  };
}
