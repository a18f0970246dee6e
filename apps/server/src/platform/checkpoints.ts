import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Checkpoint,
  checkpointText,
  equal,
  grow,
  NO_PEAKS,
  openNote,
  type Peaks,
  readCheckpoint,
  rootOfPeaks,
  signNote,
  type Tree,
  treeOf,
} from '@firebreak/core/evidence';
import { type Instant, msBetween } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';
import { verifyEd25519 } from './keys.ts';
import { leafOf, loadSealed, sha256 } from './log.ts';
import type { Deps, Watch } from './slice.ts';

const PAGE = 10_000;

/** Leaf hashes as stored, after `from` up to `size`. */
async function leavesOf(sql: Sql, size: number, from = 0): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  while (from + leaves.length < size) {
    const { rows } = await sql.query<{ leaf: string }>(
      "select encode(leaf, 'hex') as leaf from fact where seq > $1 and seq <= $2 order by seq limit $3",
      [from + leaves.length, size, PAGE],
    );
    if (rows.length === 0) break;
    for (const row of rows) leaves.push(new Uint8Array(Buffer.from(row.leaf, 'hex')));
  }
  return leaves;
}

/** The tree over the first `size` facts. */
export async function treeOfLog(sql: Sql, size: number): Promise<Tree> {
  return treeOf(sha256, await leavesOf(sql, size));
}

export interface SealedHead {
  readonly size: number;
  readonly root: string;
  readonly at: Instant;
  readonly note: string;
}

export async function newestCheckpoint(sql: Sql): Promise<SealedHead | null> {
  const { rows } = await sql.query<SealedHead>(
    "select size, encode(root, 'base64') as root, at, note from checkpoint order by size desc limit 1",
  );
  return rows[0] ?? null;
}

export const sealedSize = async (sql: Sql): Promise<number> => (await newestCheckpoint(sql))?.size ?? 0;

/**
 * Signs the head of the log when it has grown and copies the note outside the database. The copy is written before the
 * row: a crash between the two leaves a copy without a row, which is made again; never a row that was not copied.
 */
export function seal(deps: Deps): Promise<SealedHead | null> {
  const before = sealings.get(deps) ?? Promise.resolve(null);
  const next = before.catch(() => null).then(() => sealHead(deps));
  sealings.set(deps, next);
  return next;
}

/** One at a time in a process: whoever comes while one runs seals what has come since, mostly nothing. */
const sealings = new WeakMap<Deps, Promise<SealedHead | null>>();

async function sealHead(deps: Deps): Promise<SealedHead | null> {
  const head = (await deps.db.query<{ seq: number }>('select seq from log_head')).rows[0]!.seq;
  const last = await newestCheckpoint(deps.db);
  if (head === 0 || head === (last?.size ?? 0)) return last;
  const peaks = await grownTo(deps, head);
  if (peaks.size !== head) throw new Error(`the log says ${head} facts and holds ${peaks.size}`);
  const root = rootOfPeaks(sha256, peaks);
  const text = checkpointText({ origin: deps.keys.log.name, size: BigInt(head), root });
  const note = signNote(sha256, text, deps.keys.log.name, deps.keys.log.publicKey, deps.keys.log.sign);
  await copyOut(deps, head, note);
  const at = deps.now();
  await deps.db.query(
    "insert into checkpoint (size, root, at, note) values ($1, decode($2, 'hex'), $3, $4) on conflict (size) do nothing",
    [head, Buffer.from(root).toString('hex'), at, note],
  );
  return newestCheckpoint(deps.db);
}

const grown = new WeakMap<Deps, Peaks>();

/** The peaks of the first `size` facts, going on from where the last call in this process stopped. */
async function grownTo(deps: Deps, size: number): Promise<Peaks> {
  const before = grown.get(deps) ?? NO_PEAKS;
  const peaks = grow(
    sha256,
    before.size <= size ? before : NO_PEAKS,
    await leavesOf(deps.db, size, before.size <= size ? before.size : 0),
  );
  grown.set(deps, peaks);
  return peaks;
}

const nameOf = (deps: Deps, size: number) =>
  `checkpoint-${deps.generation.slice(0, 13)}-${String(size).padStart(10, '0')}.txt`;

async function copyOut(deps: Deps, size: number, note: string): Promise<void> {
  await mkdir(deps.config.checkpointFolder, { recursive: true });
  const path = join(deps.config.checkpointFolder, nameOf(deps, size));
  // Another server may seal the same head into the same folder, and in a container has the same number of process.
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, 'w', 0o644);
  await file.writeFile(note);
  await file.sync();
  await file.close();
  await rename(part, path);
}

async function copyNames(deps: Deps): Promise<string[]> {
  const prefix = `checkpoint-${deps.generation.slice(0, 13)}-`;
  const names = await readdir(deps.config.checkpointFolder).catch(() => []);
  return names.filter((name) => name.startsWith(prefix) && name.endsWith('.txt')).sort();
}

/** Signed notes found outside the database, oldest first. */
async function copiedCheckpoints(
  deps: Deps,
): Promise<{ readonly file: string; readonly checkpoint: Checkpoint | null }[]> {
  const files = await copyNames(deps);
  return Promise.all(
    files.map(async (file) => {
      const text = openNote(
        await readFile(join(deps.config.checkpointFolder, file), 'utf8'),
        [deps.keys.log.verifier],
        verifyEd25519,
      );
      return { file, checkpoint: text === null ? null : readCheckpoint(text) };
    }),
  );
}

export interface LogCheck {
  readonly intact: boolean;
  /** What was looked at, in words. */
  readonly checked: string;
  readonly findings: readonly string[];
}

const MOST_FINDINGS = 50;

/** Re-derives the whole log: every leaf from its fact, every checkpoint, here and outside, from the leaves. */
export async function verifyLog(deps: Deps): Promise<LogCheck> {
  const findings: string[] = [];
  const head = (await deps.db.query<{ seq: number }>('select seq from log_head')).rows[0]!.seq;
  const leaves: Uint8Array[] = [];
  for (let after = 0; ; ) {
    const rows = await loadSealed(deps.db, 'where seq > $1 order by seq limit 2000', [after]);
    for (const row of rows) {
      if (row.seq !== leaves.length + 1) findings.push(`fact ${leaves.length + 1} is missing`);
      leaves.push(leafOf(row));
    }
    if (rows.length < 2_000) break;
    after = rows.at(-1)!.seq;
  }
  const stored = await leavesOf(deps.db, leaves.length);
  leaves.forEach((leaf, i) => {
    if (!stored[i] || !equal(leaf, stored[i])) findings.push(`fact ${i + 1} is not what was recorded`);
  });
  if (leaves.length !== head) findings.push(`the log says it holds ${head} facts and holds ${leaves.length}`);
  const rows = (await deps.db.query<{ note: string }>('select note from checkpoint order by size')).rows.map(
    ({ note }) => {
      const text = openNote(note, [deps.keys.log.verifier], verifyEd25519);
      return { file: 'a checkpoint in the database', checkpoint: text === null ? null : readCheckpoint(text) };
    },
  );
  const copies = await copiedCheckpoints(deps);
  const bySize = [...rows, ...copies].sort((a, b) => Number((a.checkpoint?.size ?? 0n) - (b.checkpoint?.size ?? 0n)));
  let peaks = NO_PEAKS;
  for (const { file, checkpoint } of bySize) {
    if (checkpoint === null) {
      findings.push(`${file} does not carry this log’s signature`);
      continue;
    }
    const size = Number(checkpoint.size);
    if (size > leaves.length) {
      findings.push(`${file} was signed over ${size} facts and only ${leaves.length} are here: the log was cut`);
      continue;
    }
    peaks = grow(sha256, peaks, leaves.slice(peaks.size, size));
    if (!equal(rootOfPeaks(sha256, peaks), checkpoint.root))
      findings.push(`${file} (${size} facts) does not match the facts`);
  }
  return {
    intact: findings.length === 0,
    checked: `${leaves.length} of ${head} facts, ${rows.length} checkpoints in the database, ${copies.length} copies outside it`,
    findings: findings.slice(0, MOST_FINDINGS),
  };
}

const QUIET_MS = 60_000;
const MOST_COPIES = 5_000;

/** What people decide is sealed within two seconds; the digests of telemetry, which come all day, within a minute. */
export const sealing: Watch = {
  name: 'seal',
  everyMs: 2_000,
  async look(deps) {
    const last = await newestCheckpoint(deps.db);
    const decided = await deps.db.query("select 1 from fact where seq > $1 and type not like 'telemetry.%' limit 1", [
      last?.size ?? 0,
    ]);
    if (decided.count === 0 && last !== null && msBetween(last.at, deps.now()) < QUIET_MS) return;
    await seal(deps);
    await thinCopies(deps);
  },
};

/** A later checkpoint covers all that earlier ones did, so the oldest copies but the very first may go. */
async function thinCopies(deps: Deps): Promise<void> {
  const files = await copyNames(deps);
  for (const file of files.slice(1, Math.max(1, files.length - MOST_COPIES)))
    await rm(join(deps.config.checkpointFolder, file), { force: true });
}
