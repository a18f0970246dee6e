import {
  foldSealed,
  recordDeletion,
  sealTelemetry,
  TELEMETRY_KINDS,
  type TelemetryFact,
  type TelemetryKind,
  telemetryStream,
} from '@firebreak/core/detect/signals';
import { hex, rootOf, treeOf } from '@firebreak/core/evidence';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { isHeld } from '@firebreak/core/prepare/records';
import {
  actWithin,
  announce,
  type Board,
  type Deps,
  firebreakItself,
  type Sql,
  sha256,
  type Watch,
} from '../../platform/index.ts';
import { listRecordRules } from '../../prepare/records/index.ts';

const EVERY_MS = 2_000;
const INTAKES_AT_ONCE = 500;
const MOST_ROUNDS = 20;
const LEAF = 32;

export function leavesOf(text: string): Uint8Array[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from(
    { length: bytes.length / LEAF },
    (_, i) => new Uint8Array(bytes.subarray(i * LEAF, (i + 1) * LEAF)),
  );
}

interface IntakeRow {
  readonly id: string;
  readonly kind: TelemetryKind;
  readonly received_at: Instant;
  readonly count: number;
  readonly leaves: string;
}

/** Seals what came in since the last time: one fact for each kind, with the root over the rows as they are. */
async function sealSome(deps: Deps): Promise<number> {
  const facts = await deps.db.transaction(async (tx) => {
    // Batches are numbered, so only one process seals at a time.
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-telemetry-seal'))");
    const { rows } = await tx.query<IntakeRow>(
      `select id, kind, received_at, count, leaves from telemetry_intake where batch is null order by id limit ${INTAKES_AT_ONCE} for update skip locked`,
    );
    if (rows.length === 0) return [];
    const newest = await tx.query<{ number: number | null }>('select max(number) as number from telemetry_batch');
    let number = newest.rows[0]?.number ?? 0;
    const batches: Extract<TelemetryFact, { type: 'telemetry.sealed' }>['data'][] = [];
    for (const kind of TELEMETRY_KINDS) {
      const own = rows.filter((row) => row.kind === kind);
      if (own.length === 0) continue;
      number++;
      const times = own.map((row) => row.received_at).sort();
      batches.push({
        batch: number,
        kind,
        count: own.reduce((sum, row) => sum + row.count, 0),
        from: times[0]!,
        to: times.at(-1)!,
        root: hex(
          rootOf(
            sha256,
            treeOf(
              sha256,
              own.flatMap((row) => leavesOf(row.leaves)),
            ),
          ),
        ),
      });
      await tx.query('update telemetry_intake set batch = $2 where id = any($1)', [own.map((row) => row.id), number]);
    }
    const done = await actWithin(tx, deps, {
      stream: telemetryStream(deps.now()),
      by: firebreakItself('telemetry'),
      may: 'telemetry.send',
      fold: foldSealed,
      decide: (sealed) => sealTelemetry(sealed, batches),
    });
    if (isRefusal(done)) throw new Error(`the seal was refused: ${done.why}`);
    return done.facts;
  }, 'bulk');
  announce(deps, facts);
  return facts.length;
}

export const sealing: Watch = {
  name: 'telemetry-seal',
  everyMs: EVERY_MS,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await sealSome(deps)) > 0; round++);
  },
};

/** What the log says about telemetry, as tables. */
export const telemetryBoard: Board = {
  name: 'telemetry',
  tables: ['telemetry_batch', 'telemetry_deletion'],
  types: ['telemetry.sealed', 'telemetry.deleted'],
  async apply(tx, { type, data, at, seq }) {
    if (type === 'telemetry.sealed')
      await tx.query(
        'insert into telemetry_batch (number, kind, count, root, at, seq) values ($1, $2, $3, $4, $5, $6)',
        [data.batch, data.kind, data.count, data.root, at, seq],
      );
    else
      await tx.query('insert into telemetry_deletion (seq, kind, count, at) values ($1, $2, $3, $4)', [
        seq,
        data.kind,
        data.count,
        at,
      ]);
  },
};

const DELETE_AT_ONCE = 2_000;
const DAY_MS = 86_400_000;
const TABLES: Readonly<Record<TelemetryKind, string>> = {
  interaction: 'interaction',
  signal: 'signal',
  feedback: 'feedback',
  evaluation: 'evaluation',
};

type Gone = Extract<TelemetryFact, { type: 'telemetry.deleted' }>['data'];

const daysBefore = (now: Instant, days: number): Instant => addMs(now, -days * DAY_MS);

/** Deletes what is older than the rules let it be kept, some at a time, and records how much: nothing goes in silence. */
async function deleteSome(deps: Deps): Promise<number> {
  const now = deps.now();
  const usual = deps.config.retentionDays;
  const before = daysBefore(now, usual);
  const facts = await deps.db.transaction(async (tx) => {
    const rules = (await listRecordRules(tx)).filter((rule) => rule.keptDays !== null || isHeld(rule));
    const special = rules.map(({ system }) => system);
    const gone: Gone[] = [];
    for (const kind of TELEMETRY_KINDS) {
      const count = await deleteOld(tx, TABLES[kind], 'system <> all($2)', before, special);
      gone.push({ kind, count, before, keptDays: usual });
      for (const rule of rules) {
        if (rule.keptDays === null || isHeld(rule)) continue;
        const own = daysBefore(now, rule.keptDays);
        const count = await deleteOld(tx, TABLES[kind], 'system = $2', own, rule.system);
        gone.push({ kind, count, before: own, keptDays: rule.keptDays, system: rule.system });
      }
    }
    await tx.query(
      `delete from alert where (sender, key) in (select sender, key from alert where last_at < $1 limit ${DELETE_AT_ONCE})`,
      [before],
    );
    await tx.query('delete from traffic where minute < $1', [before.slice(0, 16)]);
    await tx.query('delete from record_taken_out where hour < $1', [before.slice(0, 13)]);
    // What says where a record is sealed stays as long as any record may.
    const longest = Math.max(usual, ...rules.map(({ keptDays }) => keptDays ?? 0));
    if (!rules.some(isHeld))
      await tx.query(
        `delete from telemetry_intake where id in (select id from telemetry_intake
           where received_at < $1 and inspected and batch is not null order by received_at limit ${DELETE_AT_ONCE})`,
        [daysBefore(now, longest)],
      );
    if (gone.every(({ count }) => count === 0)) return [];
    const done = await actWithin(tx, deps, {
      stream: telemetryStream(now),
      by: firebreakItself('retention'),
      may: 'telemetry.send',
      fold: foldSealed,
      decide: () => recordDeletion(gone),
    });
    if (isRefusal(done)) throw new Error(`the deletion was refused: ${done.why}`);
    return done.facts;
  }, 'bulk');
  announce(deps, facts);
  return facts.reduce((most, fact) => Math.max(most, fact.data.count), 0);
}

async function deleteOld(
  tx: Sql,
  table: string,
  where: string,
  before: Instant,
  systems: string | readonly string[],
): Promise<number> {
  const { count } = await tx.query(
    `delete from ${table} where id in (select id from ${table} where received_at < $1 and ${where} order by received_at limit ${DELETE_AT_ONCE}) returning id`,
    [before, systems],
  );
  return count;
}

export const retention: Watch = {
  name: 'telemetry-retention',
  everyMs: 600_000,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await deleteSome(deps)) >= DELETE_AT_ONCE; round++);
  },
};
