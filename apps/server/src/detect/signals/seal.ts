import {
  foldSealed,
  sealTelemetry,
  TELEMETRY_KINDS,
  type TelemetryFact,
  type TelemetryKind,
  telemetryStream,
} from '@firebreak/core/detect/signals';
import { hex, rootOf, treeOf } from '@firebreak/core/evidence';
import { type Instant, isRefusal } from '@firebreak/core/kernel';
import {
  actWithin,
  announce,
  type Board,
  type Deps,
  firebreakItself,
  sha256,
  type Watch,
} from '../../platform/index.ts';

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
