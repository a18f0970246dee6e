import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type ConfigFault, readGatewayFile } from './config.ts';
import type { Gateway } from './gateway.ts';

/** Editors write in several steps. */
const SETTLED_MS = 150;

/**
 * Works by the file anew whenever it changes, and on SIGHUP. A file that cannot be used is refused whole: the old setup
 * stays, and says so. `listen` and `firebreak` need a start. Gives back what stops it.
 */
export function watchFile(
  gateway: Gateway,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  said: (line: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();
  let last: string | undefined;
  async function take(why: string): Promise<void> {
    try {
      const { setup } = await readGatewayFile(file, env);
      gateway.reload(setup);
      last = undefined;
      said(`The gateway works by ${file} as it is now (${why}).`);
    } catch (error) {
      const { message } = error as ConfigFault;
      gateway.refused(message);
      if (message !== last) said(`${message}\nNothing has changed: the gateway goes on with what it had.`);
      last = message;
    }
  }
  const soon = (why: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading.then(() => take(why));
    }, SETTLED_MS);
    timer.unref();
  };
  // The folder, since editors and secret mounts put another file in the place of this one.
  const name = basename(file);
  const watcher = watch(dirname(resolve(file)), { persistent: false }, (_, changed) => {
    if (changed === null || changed === name || changed.startsWith('..')) soon('it changed');
  });
  watcher.on('error', (error) => said(`${file} is no longer watched (${error.message}); send SIGHUP after a change.`));
  const onSignal = () => soon('SIGHUP');
  process.on('SIGHUP', onSignal);
  return () => {
    clearTimeout(timer);
    watcher.close();
    process.off('SIGHUP', onSignal);
  };
}
