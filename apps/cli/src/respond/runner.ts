import { spawn } from 'node:child_process';
import { accessSync, constants, lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Client, Problem, Unreachable } from '@firebreak/client';
import { executors as doors, type RunnerOrder } from '@firebreak/contract/respond/executors';
import { SCRIPT_NAME } from '@firebreak/core/respond/executors';
import { BadInput, type Cli, type Register } from '../cli.ts';

const WAIT_SECONDS = 20;
const MOST_SCRIPTS = 200;
const MOST_OUTPUT = 1_500;
const MOST_AT_ONCE = 4;
const REPORT_TRIES = 6;
const KILL_AFTER_MS = 2_000;

/** Names of the scripts in a folder: plain files that may be run. Links are left out, they lead elsewhere. */
export function scriptsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => SCRIPT_NAME.test(name) && isScript(folder, name))
    .sort()
    .slice(0, MOST_SCRIPTS);
}

function isScript(folder: string, name: string): boolean {
  try {
    accessSync(join(folder, name), constants.X_OK);
    return lstatSync(join(folder, name)).isFile();
  } catch {
    return false;
  }
}

export interface Ran {
  readonly state: 'confirmed' | 'failed';
  readonly says: string;
}

const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'KUBECONFIG', 'SSH_AUTH_SOCK'];

/**
 * Runs one script by its name, without a shell, in its folder, with the parameters as environment variables and nothing
 * else but where programs and home lie. Its process group is ended when its time is over. Never throws.
 */
export function runScript(
  folder: string,
  { script, seconds, environment }: Pick<RunnerOrder, 'script' | 'seconds' | 'environment'>,
  own: Readonly<Record<string, string | undefined>>,
): Promise<Ran> {
  if (!SCRIPT_NAME.test(script) || !isScript(folder, script))
    return Promise.resolve({ state: 'failed', says: `there is no script ${script} that may be run` });
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) if (own[name] !== undefined) env[name] = own[name];
  return new Promise((done) => {
    const began = performance.now();
    const child = spawn(join(folder, script), [], {
      cwd: folder,
      env: { ...env, ...environment },
      shell: false,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let late = false;
    const hear = (part: Buffer) => {
      // The end of what it says matters most.
      output = (output + part.toString('utf8')).slice(-MOST_OUTPUT);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const end = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // It is gone already.
      }
    };
    const limit = setTimeout(() => {
      late = true;
      end('SIGTERM');
      setTimeout(() => end('SIGKILL'), KILL_AFTER_MS).unref();
    }, seconds * 1_000);
    const tell = (state: Ran['state'], what: string) => {
      clearTimeout(limit);
      const took = `${((performance.now() - began) / 1_000).toFixed(1)} s`;
      const said = output.trim();
      done({ state, says: `${what} after ${took}${said === '' ? '' : `: ${said}`}` });
    };
    child.on('error', (error) => tell('failed', `could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (late) tell('failed', `ended, since it took longer than ${seconds} s,`);
      else tell(code === 0 ? 'confirmed' : 'failed', code === null ? `ended by ${signal}` : `exit ${code}`);
    });
  });
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Reports what became of an order, again while nobody answers: a report that is lost makes the script run again. */
async function report(client: Client, token: string, ran: Ran): Promise<string> {
  for (let tries = 1; ; tries++)
    try {
      return (await client.call(doors.report, { body: { token, ...ran } })).state;
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return `not accepted: ${error.message}`;
      if (tries >= REPORT_TRIES) throw error;
      await pause(1_000 * 2 ** (tries - 1));
    }
}

async function carryOut(cli: Cli, client: Client, folder: string, order: RunnerOrder, env: Options['env']) {
  const ran = await runScript(folder, order, env);
  const state = await report(client, order.token, ran);
  cli.record({ script: order.script, way: order.way, attempt: order.attempt, ...ran, order: state });
}

interface Options {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Asks for orders and carries them out, until it is stopped; with `once`, until nothing is due. */
async function runRunner(
  cli: Cli,
  { name, folder, once, env }: { readonly name: string; readonly folder: string; readonly once: boolean } & Options,
): Promise<void> {
  const client = cli.client();
  const running = new Map<string, Promise<void>>();
  let wait = 1_000;
  for (;;) {
    try {
      const { orders } = await client.call(doors.runnerOrders, {
        params: { runner: name },
        body: { scripts: scriptsIn(folder), waitSeconds: once || running.size > 0 ? (once ? 0 : 5) : WAIT_SECONDS },
      });
      wait = 1_000;
      for (const order of orders) {
        if (running.has(order.token)) continue;
        while (running.size >= MOST_AT_ONCE) await Promise.race(running.values());
        running.set(
          order.token,
          carryOut(cli, client, folder, order, env)
            .catch((error) => cli.record({ script: order.script, fault: String(error) }))
            .finally(() => running.delete(order.token)),
        );
      }
      if (once && orders.length === 0 && running.size === 0) return;
      if (once) await Promise.all(running.values());
    } catch (error) {
      // A wrong key will not become right; a server that is away comes back.
      if (once || !(error instanceof Unreachable || (error instanceof Problem && error.status >= 500))) throw error;
      await pause(wait);
      wait = Math.min(30_000, wait * 2);
    }
  }
}

/** `firebreak runner`: carries out what executors of the kind “script” are told, on this machine. */
export const runner: Register = (program, cli) => {
  program
    .command('runner')
    .description('run scripts of this machine when a control is held; needs a key with the scope “runner”')
    .requiredOption('--name <name>', 'what executors call it')
    .requiredOption('--scripts <folder>', 'where its scripts lie; nothing else is ever run')
    .option('--once', 'do what is due, and end')
    .action(async ({ name, scripts, once }: { name: string; scripts: string; once?: boolean }) => {
      if (!SCRIPT_NAME.test(name)) throw new BadInput('--name takes letters, digits, dots, hyphens, at most 64.');
      const folder = resolve(scripts);
      try {
        if (!lstatSync(folder).isDirectory()) throw new Error('it is no folder');
      } catch (error) {
        throw new BadInput(`${scripts} cannot be used: ${error instanceof Error ? error.message : error}`);
      }
      await runRunner(cli, { name, folder, once: once === true, env: process.env });
    });
};
