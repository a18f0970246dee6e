import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, openPglite, openPostgres } from '@firebreak/server';

export const home = fileURLToPath(new URL('../../..', import.meta.url));
const migrations = join(home, 'apps/server/migrations');

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrations).sort()) hash.update(name).update(readFileSync(join(migrations, name)));
  return hash.digest('hex').slice(0, 16);
}

/** A migrated database as a tar, made once for each set of migrations: a world opens a copy of it. */
export const templateFile = (): string => join(home, 'node_modules/.cache/firebreak', `template-${fingerprint()}.tar`);
export const templateDatabase = (): string => `fb_template_${fingerprint()}`;

/** Runs once before the suites. */
export default async function prepare(): Promise<void> {
  const url = process.env.FIREBREAK_TEST_DATABASE_URL;
  if (url) await preparePostgres(url);
  else if (!existsSync(templateFile())) await prepareTar();
}

async function prepareTar(): Promise<void> {
  const db = await openPglite({ durable: false });
  await migrate(db, migrations);
  const tar = await db.dump();
  await db.close();
  mkdirSync(join(templateFile(), '..'), { recursive: true });
  const half = `${templateFile()}.${process.pid}`;
  writeFileSync(half, tar);
  renameSync(half, templateFile());
}

async function preparePostgres(url: string): Promise<void> {
  const root = await openPostgres(url);
  const name = templateDatabase();
  const { count } = await root.query('select 1 from pg_database where datname = $1', [name]);
  if (count === 0) {
    const half = `${name}_${process.pid}`;
    await root.query(`create database ${half}`);
    const db = await openPostgres(databaseAt(url, half));
    await migrate(db, migrations);
    await db.close();
    await root.query(`alter database ${half} rename to ${name}`);
  }
  await root.close();
}

export function databaseAt(url: string, name: string): string {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.href;
}
