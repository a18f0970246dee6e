import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { home } from './template.ts';

/** A server as people run it: its own process on a data folder, from the build. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it printed so far. */
  printed(): string;
  /** Ends it without a chance to tidy up, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop in order; answers its exit code. */
  stop(): Promise<number>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the built server and waits until it can work. Rejects with what it printed when it ends first. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const entry = join(home, 'dist/app/entry.js');
  if (!existsSync(entry)) throw new Error('build the server first: npm run build');
  const port = env.FIREBREAK_PORT ?? String(await freePort());
  const child = spawn(process.execPath, ['--no-parallel-scavenge', entry], {
    env: {
      PATH: process.env.PATH ?? '',
      FIREBREAK_LOG_LEVEL: 'warn',
      FIREBREAK_GATEWAY_PORT: '0',
      ...env,
      FIREBREAK_PORT: port,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const exited = once(child, 'exit');
  let ended = false;
  exited.then(() => (ended = true));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (ended) throw new Error(printed);
    if (tries > 600) {
      child.kill('SIGKILL');
      throw new Error(`the server did not get ready:\n${printed}`);
    }
    if (
      await fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    child,
    printed: () => printed,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return (await exited)[0] as number;
    },
  };
}
