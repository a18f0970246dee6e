#!/usr/bin/env node
// `npx firebreak …`
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, root } from './build.mjs';

const [command, sub, ...more] = process.argv.slice(2);
const runsGateway = command === 'gateway' && sub !== 'status';
const program = runsGateway ? 'gateway' : 'firebreak';
if (!existsSync(join(root, `dist/app/${program}.js`))) await build({ app: true });
const url = new URL(`dist/app/${program}.js`, pathToFileURL(root));
if (runsGateway) {
  // A process of its own for the room that a busy gateway needs; what ends this one ends that one.
  const given = sub === undefined ? [] : [sub, ...more];
  const child = spawn(process.execPath, ['--no-parallel-scavenge', fileURLToPath(url), ...given], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
} else await import(url);
