import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRefusal } from '@firebreak/core/kernel';
import {
  ConfigError,
  type Deps,
  FolderInUse,
  firebreakItself,
  openServer,
  readConfig,
  restore,
  restoreKeys,
  type Server,
  verifyLog,
} from './platform/index.ts';
import { createApiKey, firstLink } from './prepare/people/index.ts';
import { slices } from './slices.ts';

/** Starts the server by the environment, says where it is, and stops it in order on SIGINT and SIGTERM. */
export async function serve(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ server: Server; url: string; localKey: string }> {
  const config = readConfig(env);
  const server = await openServer(config, slices);
  const link = await firstLink(server.deps);
  const localKey = await localKeyOf(server.deps);
  const address = await server.listen();
  console.log(`\n  Firebreak is ready at ${config.publicUrl}`);
  if (address !== config.publicUrl) console.log(`  listening on ${address}`);
  if (link !== null)
    console.log(`\n  Nobody can sign in yet. This link makes the first administrator, once:\n  ${link}`);
  console.log('\n  Stop with Ctrl-C.\n');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
  return { server, url: address, localKey };
}

/** Fills an empty installation from a backup and checks the log before anybody relies on it. */
export async function restoreFrom(file: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const config = readConfig(env);
  await restoreKeys(file, config.dataFolder);
  const server = await openServer(config, slices);
  try {
    const { facts } = await restore(server.deps, file);
    const check = await verifyLog(server.deps);
    if (!check.intact) throw new Error(`The restored log does not verify: ${check.findings.join('; ')}`);
    console.log(
      `Restored ${facts} facts into ${config.dataFolder}; the log verifies (${check.checked}). Guards will follow the new generation.`,
    );
  } finally {
    await server.close();
  }
}

/** The key of the command line on this machine: whoever may read the data folder may use it. */
async function localKeyOf(deps: Deps): Promise<string> {
  const folder = join(deps.config.dataFolder, 'keys');
  const path = join(folder, 'local.key');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (
    kept !== '' &&
    (await deps.db.query("select 1 from key_board where not revoked and name = 'command line on this machine'")).count >
      0
  )
    return kept;
  const made = await createApiKey(deps, firebreakItself('serve'), {
    name: 'command line on this machine',
    scopes: ['admin'],
  });
  if (isRefusal(made)) throw new Error(made.why);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  await file.writeFile(`${made.secret}\n`);
  await file.sync();
  await file.close();
  return made.secret;
}

/** Errors an operator can do something about, without a stack. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof FolderInUse) return error.message;
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Stop what listens there, or set FIREBREAK_PORT (and FIREBREAK_GATEWAY_PORT).`;
  return error instanceof Error ? (error.stack ?? message) : String(error);
}
