import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { AnswerIsNo, type Register } from './cli.ts';

/** The server is a program of its own: commands that need the data folder hand over to it. */
async function handOver(script: 'entry' | 'demo', ...args: string[]): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--no-parallel-scavenge', fileURLToPath(new URL(`./${script}.js`, import.meta.url)), ...args],
    {
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new AnswerIsNo();
}

/** `firebreak serve`, `demo`, `backup`, `restore` */
export const store: Register = (program, cli) => {
  program
    .command('serve')
    .description('run the server')
    .action(() => handOver('entry', 'serve'));
  program
    .command('demo')
    .description('run the server with the demonstration beside it')
    .action(() => handOver('demo'));
  program
    .command('backup')
    .description('save the whole store of a running server to a file')
    .requiredOption('-o, --output <file>', 'where to')
    .action(async ({ output }: { output: string }) => {
      const response = await cli.client().raw('GET', '/api/v1/backup');
      const half = `${output}.part`;
      await pipeline(Readable.fromWeb(response.body as never), createWriteStream(half, { mode: 0o600, flush: true }));
      await rename(half, output);
      cli.say(`Saved to ${output}. It holds every secret of this installation.`, { output });
    });
  program
    .command('restore <file>')
    .description('fill an empty data folder (FIREBREAK_DATA) from a backup')
    .action((file: string) => handOver('entry', 'restore', file));
};
