import { createHash } from 'node:crypto';
import { base64, canonical, disclosureDigest, leafHash, utf8 } from '@firebreak/core/evidence';
import type { Actor, AnyFact, Instant, Recorded } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';

export const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(data).digest());

interface FactRow {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly at: Instant;
  readonly by: Actor;
  readonly data: Record<string, unknown>;
}

/** What stands in a fact for a personal value: `digest` of `base64url(JCS([salt, name, value]))` as in SD-JWT (RFC 9901). */
export interface Sealed {
  readonly $sealed: string;
}
const isSealed = (value: unknown): value is Sealed => typeof value === 'object' && value !== null && '$sealed' in value;

export interface Disclosure {
  readonly digest: string;
  readonly salt: string;
  readonly value: unknown;
}

/** The bytes of a fact that the log commits to: RFC 8785 JSON of all its members, personal ones as digests. */
export function recordOf(fact: FactRow): string {
  const { seq, stream, version, type, at, by, data } = fact;
  return canonical({ seq, stream, version, type, at, by: { kind: by.kind, id: by.id }, data });
}

export const leafOf = (fact: FactRow): Uint8Array => leafHash(sha256, utf8(recordOf(fact)));

const COLUMNS = 'seq, stream, version, type, at, by, data';

/**
 * Facts of one stream after a version, oldest first, personal values in place. One row of text: reading hundreds of
 * rows cell by cell costs several times what parsing them at once does.
 */
export async function loadStream(sql: Sql, stream: string, after = 0): Promise<Recorded[]> {
  const { rows } = await sql.query<{ facts: string | null; values: string | null }>(
    `select json_agg(json_build_object('seq', seq, 'stream', stream, 'version', version, 'type', type, 'at', at, 'by', by, 'data', data) order by version)::text as facts,
       (select json_object_agg(d.digest, d.value)::text from disclosure d where d.seq in (select f.seq from fact f where f.stream = $1 and f.version > $2)) as values
     from fact where stream = $1 and version > $2`,
    [stream, after],
  );
  const facts: FactRow[] = JSON.parse(rows[0]?.facts ?? '[]');
  const values: Record<string, unknown> = JSON.parse(rows[0]?.values ?? '{}');
  const shown = new Map(Object.entries(values));
  return facts.map((fact) => withValues(fact, shown));
}

/** Facts of several streams, each oldest first, personal values in place. */
export async function loadStreams(sql: Sql, streams: readonly string[]): Promise<Map<string, Recorded[]>> {
  const { rows } = await sql.query<FactRow>(
    `select ${COLUMNS} from fact where stream = any($1) order by stream, version`,
    [streams],
  );
  const loaded = new Map<string, Recorded[]>(streams.map((stream) => [stream, []]));
  for (const fact of await disclosed(sql, rows)) loaded.get(fact.stream)!.push(fact);
  return loaded;
}

export async function loadAfter(sql: Sql, seq: number, limit: number): Promise<Recorded[]> {
  return disclosed(
    sql,
    (await sql.query<FactRow>(`select ${COLUMNS} from fact where seq > $1 order by seq limit $2`, [seq, limit])).rows,
  );
}

/** Facts that are about an incident, on its own stream or another, oldest first. */
export async function loadOfIncident(sql: Sql, incident: string, after: number, limit: number): Promise<Recorded[]> {
  return disclosed(
    sql,
    (
      await sql.query<FactRow>(`select ${COLUMNS} from fact where incident = $1 and seq > $2 order by seq limit $3`, [
        incident,
        after,
        limit,
      ])
    ).rows,
  );
}

/** The same without the personal values: as hashed. */
export async function loadSealed(sql: Sql, where: string, values: readonly unknown[]): Promise<FactRow[]> {
  return (await sql.query<FactRow>(`select ${COLUMNS} from fact ${where}`, values)).rows;
}

/** The personal values behind some facts, with their salts: what a bundle may show. */
export async function disclosuresOf(
  sql: Sql,
  facts: readonly { readonly data: Record<string, unknown> }[],
): Promise<Disclosure[]> {
  const digests = facts.flatMap((fact) =>
    Object.values(fact.data)
      .filter(isSealed)
      .map((value) => value.$sealed),
  );
  return (
    await sql.query<Disclosure>(
      'select digest, salt, value from disclosure where digest = any($1) order by seq, digest',
      [digests],
    )
  ).rows;
}

/** What stands where a personal value has been erased. */
const ERASED = '[erased]';

async function disclosed(sql: Sql, rows: readonly FactRow[]): Promise<Recorded[]> {
  const digests = rows.flatMap((row) =>
    Object.values(row.data)
      .filter(isSealed)
      .map((value) => value.$sealed),
  );
  if (digests.length === 0) return rows as Recorded[];
  const found = await sql.query<{ digest: string; value: unknown }>(
    'select digest, value from disclosure where digest = any($1)',
    [digests],
  );
  const values = new Map(found.rows.map((row) => [row.digest, row.value]));
  return rows.map((row) => withValues(row, values));
}

function withValues(row: FactRow, values: ReadonlyMap<string, unknown>): Recorded {
  if (!Object.values(row.data).some(isSealed)) return row as Recorded;
  const data = Object.fromEntries(
    Object.entries(row.data).map(([name, value]) => {
      if (!isSealed(value)) return [name, value];
      return [name, values.has(value.$sealed) ? values.get(value.$sealed) : ERASED];
    }),
  );
  return { ...row, data } as Recorded;
}

export interface Decided {
  readonly stream: string;
  /** Facts the stream already holds. */
  readonly version: number;
  readonly facts: readonly AnyFact[];
}

export interface Append {
  /** What was decided, each stream once. */
  readonly decided: readonly Decided[];
  readonly at: Instant;
  readonly by: Actor;
  /** Names of the members of each type that may be personal. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  readonly random: (bytes: number) => Uint8Array;
}

const MOST_FACTS = 1_000;

/** Adds facts to the log. The streams are locked already; the head is locked here, last, so that `seq` is dense in commit order. */
export async function append(tx: Sql, { decided, at, by, personal, random }: Append): Promise<Recorded[]> {
  const facts = decided.flatMap(({ stream, version, facts }) =>
    facts.map((fact, i) => ({ ...fact, stream, version: version + i + 1 })),
  );
  if (facts.length === 0) return [];
  if (facts.length > MOST_FACTS) throw new RangeError(`one decision may hold ${MOST_FACTS} facts, not ${facts.length}`);
  const head = await tx.query<{ seq: number }>('update log_head set seq = seq + $1 returning seq', [facts.length]);
  if (head.count === 0) throw new Error('the log has no head: the database was not prepared');
  const first = head.rows[0]!.seq - facts.length + 1;
  const disclosures: (Disclosure & { seq: number })[] = [];
  const recorded = facts.map(
    (fact, i): Recorded => ({
      type: fact.type,
      data: plain(fact.data),
      seq: first + i,
      stream: fact.stream,
      version: fact.version,
      at,
      by: { kind: by.kind, id: by.id },
    }),
  );
  const rows = recorded.map((fact) => {
    const data = { ...fact.data };
    for (const name of personal[fact.type] ?? []) {
      if (data[name] === undefined || data[name] === null) continue;
      const salt = base64(random(16));
      const digest = disclosureDigest(sha256, salt, name, data[name]);
      disclosures.push({ digest, salt, value: data[name], seq: fact.seq });
      data[name] = { $sealed: digest };
    }
    const row: FactRow = { ...fact, data };
    return { ...row, incident: incidentOf(fact), leaf: Buffer.from(leafOf(row)).toString('hex') };
  });
  await tx.query(
    `insert into fact (seq, stream, version, type, at, by, incident, data, leaf)
     select seq, stream, version, type, at, by, incident, data, decode(leaf, 'hex')
     from jsonb_to_recordset($1::jsonb) as f(seq bigint, stream text, version integer, type text, at text, by jsonb, incident text, data jsonb, leaf text)`,
    [JSON.stringify(rows)],
  );
  if (disclosures.length > 0) {
    await tx.query(
      'insert into disclosure (digest, seq, salt, value) select digest, seq, salt, value from jsonb_to_recordset($1::jsonb) as d(digest text, seq bigint, salt text, value jsonb)',
      [JSON.stringify(disclosures)],
    );
  }
  return recorded;
}

/** As it will be read back: members that are undefined do not exist. */
const plain = <T>(data: T): T => JSON.parse(JSON.stringify(data));

function incidentOf(fact: Recorded): string | null {
  if (fact.stream.startsWith('inc_')) return fact.stream;
  return typeof fact.data.incident === 'string' ? fact.data.incident : null;
}
