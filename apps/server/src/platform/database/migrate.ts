import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';

const NAME = /^\d{12}-[a-z0-9-]+\.sql$/;

async function migrationsIn(folder: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const odd = names.find((name) => !NAME.test(name));
  if (odd) throw new Error(`migration ${odd} is not named YYYYMMDDHHMM-what-it-does.sql`);
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

/**
 * Runs the plain SQL files that have not run yet, in order, all in one transaction under a lock, so that two servers
 * starting together do it once and a failure leaves nothing half done. Forward only.
 */
export async function migrate(db: Database, folder: string): Promise<string[]> {
  const files = await migrationsIn(folder);
  return db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-migrate'))");
    await tx.query(
      'create table if not exists migration (name text primary key, ran_at timestamptz not null default now())',
    );
    const done = new Set((await tx.query<{ name: string }>('select name from migration')).rows.map((row) => row.name));
    const unknown = [...done].filter((name) => !files.some((file) => file.name === name));
    if (unknown.length > 0)
      throw new Error(
        `the database was made by a newer version (it has run ${unknown[0]}); start that version, or restore a backup`,
      );
    const ran: string[] = [];
    for (const { name, text } of files) {
      if (done.has(name)) continue;
      for (const statement of statementsOf(text)) await tx.query(statement);
      await tx.query('insert into migration (name) values ($1)', [name]);
      ran.push(name);
    }
    return ran;
  });
}

/** Statements end with a semicolon at the end of a line; a body between $$ is kept whole. */
export function statementsOf(text: string): string[] {
  const out: string[] = [];
  let current = '';
  let quoted = false;
  for (const line of text.split('\n')) {
    if (!quoted && /^\s*(--|$)/.test(line)) continue;
    current += `${line}\n`;
    if ((line.split('$$').length - 1) % 2 === 1) quoted = !quoted;
    if (!quoted && /;\s*$/.test(line)) {
      out.push(current);
      current = '';
    }
  }
  if (current.trim() !== '') out.push(current);
  return out;
}
