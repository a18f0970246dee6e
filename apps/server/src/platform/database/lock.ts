import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export class FolderInUse extends Error {
  constructor(folder: string, pid: string) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop that process, or start this one with another FIREBREAK_DATA.`,
    );
    this.name = 'FolderInUse';
  }
}

/**
 * Takes the data folder for this process alone: PGlite itself does not, and a second opener loses committed rows. The
 * lock is a listening socket, so it goes with the process however that dies. Linux keeps its name outside the file
 * system, where no stale file can be left behind.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = await realpath(folder);
  const address =
    process.platform === 'linux'
      ? `\0firebreak-${createHash('sha256').update(path).digest('hex').slice(0, 40)}`
      : join(path, 'lock.sock');
  const server = (await listen(address)) ?? (await takeOver(address, folder));
  return () => new Promise((done) => server.close(() => done()));
}

function listen(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.end(String(process.pid)));
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function takeOver(address: string, folder: string): Promise<Server> {
  const pid = await holder(address);
  if (pid !== null || address.startsWith('\0')) throw new FolderInUse(folder, pid ?? 'unknown');
  await rm(address, { force: true });
  const server = await listen(address);
  if (server === null) throw new FolderInUse(folder, 'unknown');
  return server;
}

function holder(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(address);
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(text || null));
  });
}
