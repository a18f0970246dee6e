import { mkdir, open, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRefusal } from '@firebreak/core/kernel';
import type { Scope } from '@firebreak/core/prepare/people';
import {
  ConfigFault,
  createGateway,
  type Gateway,
  type McpServerOptions,
  readGatewayFile,
  type Setup,
  watchFile,
} from '@firebreak/gateway';
import {
  type Config,
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
import { createApiKey, firstLink, isGoodKey } from './prepare/people/index.ts';
import { slices } from './slices.ts';

/** Starts the server by the environment, says where it is, and stops it in order on SIGINT and SIGTERM. */
export async function serve(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ url: string; gatewayUrl: string; localKey: string }> {
  const config = readConfig(env);
  const parts: { close(): Promise<void> }[] = [];
  stopOnSignals(parts);
  const server = await openServer(config, slices);
  parts.push(server);
  const link = await firstLink(server.deps);
  const localKey = await keptKey(server.deps, 'local', 'command line on this machine', ['admin']);
  const gatewayKey = await keptKey(server.deps, 'gateway', 'gateway beside the server', ['guard', 'telemetry:write']);
  const address = await server.listen();
  const gateway = await openGateway(server, address, gatewayKey, env).catch(async (error) => {
    await server.close();
    throw error;
  });
  parts.push(gateway);
  console.log(`\n  Firebreak is ready at ${config.publicUrl}`);
  if (address !== config.publicUrl) console.log(`  listening on ${address}`);
  const routes = gateway.report().routes.map(({ name }) => name);
  console.log(`  The gateway listens on ${gateway.url}: /${routes.join('/v1, /')}/v1`);
  if (link !== null)
    console.log(`\n  Nobody can sign in yet. This link makes the first administrator, once:\n  ${link}`);
  console.log('\n  Stop with Ctrl-C.\n');
  return { url: address, gatewayUrl: gateway.url, localKey };
}

const STOP_MS = 10_000;

/** Closes what was opened, last first, on the first signal; leaves at once on the second, or when it takes too long. */
function stopOnSignals(parts: readonly { close(): Promise<void> }[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => {
      console.error('Stopping took too long; leaving. Nothing that was acknowledged is lost.');
      process.exit(1);
    }, STOP_MS).unref();
    for (const part of [...parts].reverse()) await part.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop().catch((error) => {
        console.error(error);
        process.exit(1);
      });
    });
  }
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

/** MCP servers by name. What opens one is named by it, so that a revocation can name it as well. */
function mcpServers({ gatewayMcp, gatewayMcpKeys }: Config): Record<string, McpServerOptions> {
  return Object.fromEntries(
    Object.entries(gatewayMcp).map(([named, url]) => {
      const [name = '', system] = named.split('@');
      const key = gatewayMcpKeys[name];
      return [
        name,
        {
          url,
          ...(system === undefined ? {} : { system }),
          ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` }, credential: name }),
        },
      ];
    }),
  );
}

/** The gateway as a part of this process. It obeys and records through the same doors as one elsewhere. */
async function openGateway({ deps }: Server, address: string, key: string, env: NodeJS.ProcessEnv): Promise<Gateway> {
  const { gatewayConfig: file, gatewayPort, host, dataFolder } = deps.config;
  const configured = file === null ? undefined : await readGatewayFile(file, env);
  const servers = { ...mcpServers(deps.config), ...configured?.mcp?.servers };
  const trustedKeys = [Buffer.from(deps.keys.guard.publicKey).toString('base64')];
  const gateway = await createGateway({
    ...(configured?.setup ?? setupOf(deps.config)),
    port: gatewayPort,
    host,
    ...(configured?.listen.headerBytes === undefined ? {} : { headerBytes: configured.listen.headerBytes }),
    guard: {
      url: address,
      key,
      // The same after a crash: what serves at this port now is no second one beside the first.
      ...(gatewayPort !== 0 && { instance: `${hostname()}-gateway-${gatewayPort}` }),
      failMode: 'last-known',
      bootFailMode: 'allow',
      stateFile: join(dataFolder, 'gateway-state.json'),
      trustedKeys,
    },
    ...(Object.keys(servers).length > 0 && {
      mcp: {
        ...configured?.mcp,
        servers,
        permissions: {
          url: address,
          key,
          system: '*',
          trustedKeys,
          stateFile: join(dataFolder, 'gateway-permissions.json'),
        },
      },
    }),
    record: { url: address, key },
    firebreak: { url: address, key, clientsFile: join(dataFolder, 'gateway-clients.json') },
    source: file ?? 'environment',
  });
  if (file === null) return gateway;
  const unwatch = watchFile(gateway, file, env, (line) => deps.log.info(line));
  return {
    ...gateway,
    async close() {
      unwatch();
      await gateway.close();
    },
  };
}

/** What the environment says of vendors: an address each, and the keys that clients do not hold. */
function setupOf({ gatewayUpstreams, gatewayKeys }: Config): Setup {
  const upstreams = Object.entries(gatewayUpstreams).map(([name, url]) => {
    const secret = gatewayKeys[name];
    return [name, secret === undefined ? { url } : { url, credential: { name: `${name} of the environment`, secret } }];
  });
  return { upstreams: Object.fromEntries(upstreams) };
}

/** A key kept in a file of the data folder, made anew when it is gone: whoever may read the folder may use it. */
async function keptKey(deps: Deps, file: string, name: string, scopes: readonly Scope[]): Promise<string> {
  const folder = join(deps.config.dataFolder, 'keys');
  const path = join(folder, `${file}.key`);
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (kept !== '' && (await isGoodKey(deps.db, kept))) return kept;
  const made = await createApiKey(deps, firebreakItself('serve'), { name, scopes });
  if (isRefusal(made)) throw new Error(made.why);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(path, 'w', 0o600);
  await handle.writeFile(`${made.secret}\n`);
  await handle.sync();
  await handle.close();
  return made.secret;
}

/** Errors an operator can do something about, without a stack. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof FolderInUse || error instanceof ConfigFault)
    return error.message;
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Stop what listens there. The server’s own ports are set by FIREBREAK_PORT and FIREBREAK_GATEWAY_PORT.`;
  return error instanceof Error ? (error.stack ?? message) : String(error);
}
