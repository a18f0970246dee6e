import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { uuidv7 } from 'uuidv7';
import { boardTables, rebuildBoards } from './boards.ts';
import type { Sql } from './database/index.ts';
import type { Deps } from './slice.ts';

const FORMAT = 'firebreak-backup/1';
const PAGE = 500;
/** Made anew, or of this database only. */
const LEFT_OUT = new Set(['migration', 'log_head']);

async function keptTables(sql: Sql, deps: Deps): Promise<string[]> {
  const boards = new Set(boardTables(deps));
  const { rows } = await sql.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1",
  );
  return rows.map(({ name }) => name).filter((name) => !boards.has(name) && !LEFT_OUT.has(name));
}

/**
 * The whole store as gzipped lines of JSON that either engine can read back: facts, telemetry, secrets, signing keys.
 * Taken in one transaction, so it is one moment. Whoever holds it holds the installation: keep it as such.
 */
export function backup(deps: Deps): Readable {
  return Readable.from(linesOf(deps), { objectMode: true }).pipe(createGzip());
}

async function* linesOf(deps: Deps): AsyncGenerator<string> {
  // Lines are handed on while the transaction is open; a reader that stops ends it.
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  let room: () => void = () => undefined;
  let done = false;
  const push = async (value: unknown) => {
    lines.push(`${JSON.stringify(value)}\n`);
    wake();
    if (lines.length > 20) await new Promise<void>((resolve) => (room = resolve));
  };
  const reading = deps.db.transaction(async (tx) => {
    if (deps.db.engine === 'postgresql') await tx.query('set transaction isolation level repeatable read, read only');
    const head = (await tx.query<{ seq: number; generation: string }>('select seq, generation from log_head')).rows[0]!;
    await push({ format: FORMAT, at: deps.now(), ...head });
    for (const file of await readdir(join(deps.config.dataFolder, 'keys')))
      await push({ key: file, text: await readFile(join(deps.config.dataFolder, 'keys', file), 'utf8') });
    for (const table of await keptTables(tx, deps)) {
      const order = table === 'fact' ? 'seq' : '1';
      for (let from = 0; ; from += PAGE) {
        const where = table === 'fact' ? `where seq > ${from} and seq <= ${from + PAGE}` : '';
        const page = table === 'fact' ? '' : `limit ${PAGE} offset ${from}`;
        const { rows } = await tx.query<{ row: unknown }>(
          `select to_jsonb(t) as row from ${table} t ${where} order by ${order} ${page}`,
        );
        if (rows.length > 0) await push({ table, rows: rows.map(({ row }) => row) });
        if (rows.length < PAGE) break;
      }
    }
    await push({ end: true });
  }, 'bulk');
  const finished = reading.finally(() => {
    done = true;
    wake();
  });
  finished.catch(() => undefined);
  while (!done || lines.length > 0) {
    if (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    const next = lines.shift();
    room();
    if (next !== undefined) yield next;
  }
  await finished;
}

/** Reads a backup to its end and puts its signing keys into an empty data folder; they have to be there before the server opens. */
export async function restoreKeys(file: string, dataFolder: string): Promise<void> {
  const folder = join(dataFolder, 'keys');
  if ((await readdir(folder).catch(() => [])).length > 0)
    throw new Error(`${dataFolder} already holds an installation. Restore into an empty folder: set FIREBREAK_DATA.`);
  const keys: { name: string; text: string }[] = [];
  let whole = false;
  for await (const line of readLines(file)) {
    if (line.end) whole = true;
    if (typeof line.key === 'string' && /^[a-z]+\.(pem|key)$/.test(line.key))
      keys.push({ name: line.key, text: String(line.text) });
  }
  if (!whole) throw cut(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name, text } of keys) await writeFile(join(folder, name), text, { mode: 0o600 });
}

const cut = (file: string) => new Error(`${file} ends early: it was cut, or never finished. Nothing was restored.`);

/** Fills an empty database from a backup, all or nothing, and begins a new generation, so that guards take no old epoch for a new one. */
export async function restore(deps: Deps, file: string): Promise<{ facts: number }> {
  const facts = await deps.db.transaction(async (tx) => {
    if ((await tx.query('select 1 from fact limit 1')).count > 0)
      throw new Error('This database already holds facts. Restore into an empty one.');
    const known = new Set(await keptTables(tx, deps));
    let seq = 0;
    let whole = false;
    for (const table of known) if (table !== 'fact' && table !== 'checkpoint') await tx.query(`delete from ${table}`);
    for await (const line of readLines(file)) {
      if (line.format !== undefined) seq = Number(line.seq);
      if (line.end) whole = true;
      if (typeof line.table !== 'string') continue;
      if (!known.has(line.table))
        throw new Error(`The backup holds a table “${line.table}” that this version does not know.`);
      await tx.query(
        `insert into ${line.table} select * from jsonb_populate_recordset(null::${line.table}, $1::jsonb)`,
        [JSON.stringify(line.rows)],
      );
    }
    if (!whole) throw cut(file);
    await tx.query('update log_head set seq = $1, generation = $2', [seq, uuidv7()]);
    return seq;
  });
  await rebuildBoards(deps);
  return { facts };
}

interface Line {
  readonly format?: string;
  readonly seq?: number;
  readonly key?: string;
  readonly text?: string;
  readonly table?: string;
  readonly rows?: readonly unknown[];
  readonly end?: true;
}

async function* readLines(file: string): AsyncGenerator<Line> {
  const gunzip = createGunzip();
  const source = createReadStream(file);
  source.on('error', (error) => gunzip.destroy(error));
  let first = true;
  try {
    for await (const text of createInterface({ input: source.pipe(gunzip), crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = parsed(text, file);
      if (first && line.format !== FORMAT)
        throw new Error(`${file} is not a backup of Firebreak (expected ${FORMAT}).`);
      first = false;
      yield line;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no file ${file}.`);
    throw code?.startsWith('Z_') ? cut(file) : error;
  }
}

function parsed(text: string, file: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw cut(file);
  }
}
