import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRecorder, Permissions, proxyStdio } from '@firebreak/gateway';
import { createGuard } from '@firebreak/guard';
import { BadInput, type Register } from '../cli.ts';

const READY_MS = 3_000;
const many = (value: string, before: readonly string[]): string[] => [...before, value];

interface Options {
  readonly name: string;
  readonly system: string;
  readonly agent?: string;
  readonly feature?: string;
  readonly credential?: string;
  readonly secret: readonly string[];
  readonly state?: string;
  readonly boot: string;
  readonly deny: string;
}

/** What the server gets and the client never sees: `NAME=file`, read here. */
function secretsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const [, name, file] = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/.exec(each) ?? [];
      if (name === undefined || file === undefined) throw new BadInput(`“${each}” is no secret. Write NAME=file.`);
      try {
        return [name, readFileSync(file, 'utf8').trim()];
      } catch {
        throw new BadInput(`The file ${file} of the secret ${name} cannot be read.`);
      }
    }),
  );
}

/** `firebreak mcp-proxy -- <command>`: an MCP server that speaks by lines, behind what was granted and what is held. */
export const mcpProxy: Register = (program, cli) => {
  program
    .command('mcp-proxy <command> [arguments...]')
    .description('run an MCP server over stdio: refuse what is revoked or was never granted, and record every call')
    .requiredOption('--system <key>', 'the AI system its calls are of')
    .option('--name <name>', 'how permissions and records name this server', 'stdio')
    .option('--agent <agent>', 'the agent that uses it')
    .option('--feature <feature>', 'the feature its calls serve; without it they meet the holds of every feature')
    .option('--credential <name>', 'how a revocation names what opens the server')
    .option(
      '--secret <NAME=file>',
      'a variable of the server that its client must not see; may be given again',
      many,
      [],
    )
    .option('--state <file>', 'where the last known state is kept, so that it outlives a restart without Firebreak')
    .option('--boot <allow|deny>', 'before any state is known', 'deny')
    .option('--deny <error|result>', 'how a refused call is answered', 'error')
    .action(async (command: string, given: string[], o: Options) => {
      if (o.boot !== 'allow' && o.boot !== 'deny') throw new BadInput('--boot is allow or deny.');
      if (o.deny !== 'error' && o.deny !== 'result') throw new BadInput('--deny is error or result.');
      const secrets = secretsOf(o.secret);
      const door = cli.server();
      const guard = await createGuard({
        ...door,
        system: o.system,
        bootFailMode: o.boot,
        ...(o.state === undefined ? {} : { stateFile: o.state }),
      });
      const granted = await Permissions.open({
        ...door,
        system: o.system,
        ...(o.state === undefined ? {} : { stateFile: `${o.state}.permissions` }),
      });
      await guard.ready(READY_MS).catch(() => undefined);
      const recorder = createRecorder(door);
      const { FIREBREAK_KEY: _, ...environment } = process.env;
      const child = spawn(command, given, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...environment, ...secrets } });
      const exited = once(child, 'exit');
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
      const { input, output } = { input: process.stdin, output: process.stdout };
      const place = { server: o.name, system: o.system, agent: o.agent, feature: o.feature, credential: o.credential };
      const ended = proxyStdio({ guard, granted, place, record: recorder.record, input, output, child, deny: o.deny });
      try {
        await Promise.all([exited, ended]);
      } catch {
        throw new BadInput(`“${command}” cannot be run.`);
      } finally {
        guard.close();
        granted.close();
        await recorder.close();
        input.destroy();
      }
    });
};
