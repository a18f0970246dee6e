import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigFault, readGatewayFile } from './config.ts';
import { createGateway } from './gateway.ts';
import { watchFile } from './watch.ts';

const USAGE = `firebreak gateway --config gateway.json [--url http://127.0.0.1:7373] [--key fbk_…] [--state FOLDER] [--port 7374] [--host 127.0.0.1]
  --config  routes, upstreams, limits; read anew when it changes, and on SIGHUP
  --url     address of Firebreak; FIREBREAK_URL, or “firebreak.url” of the file
  --key     API key of scopes guard and telemetry:write; FIREBREAK_KEY, or “firebreak.key” of the file
  --state   where the last signed state is kept, so that holds survive a restart without Firebreak; ./gateway-state unless said
“firebreak gateway status” says how the gateways are.`;

/** The gateway as a process of its own: a client of Firebreak like any guard, which goes on when Firebreak is away. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      url: { type: 'string' },
      key: { type: 'string' },
      state: { type: 'string', default: './gateway-state' },
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return console.log(USAGE);
  const { config: file } = values;
  if (file === undefined) throw new ConfigFault(`Say by which file the gateway works.\n${USAGE}`);
  const { setup, listen, firebreak, mcp } = await readGatewayFile(file, process.env);
  const url = (values.url ?? firebreak.url ?? process.env.FIREBREAK_URL ?? 'http://127.0.0.1:7373').replace(/\/+$/, '');
  const key = values.key ?? firebreak.key ?? process.env.FIREBREAK_KEY;
  if (key === undefined)
    throw new ConfigFault(
      'Give the gateway a key of scopes guard and telemetry:write: --key, FIREBREAK_KEY, or firebreak.key in its file.',
    );
  const port = Number(values.port ?? listen.port ?? 7374);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigFault(`“${values.port}” is no port.`);
  const {
    stateFile = join(values.state, 'state.json'),
    bootFailMode = 'deny',
    failMode,
    trustedKeys,
    instance,
  } = firebreak;
  const gateway = await createGateway({
    ...setup,
    port,
    host: values.host ?? listen.host ?? '127.0.0.1',
    ...(listen.headerBytes === undefined ? {} : { headerBytes: listen.headerBytes }),
    guard: {
      url,
      key,
      bootFailMode,
      stateFile,
      ...(failMode === undefined ? {} : { failMode }),
      ...(trustedKeys === undefined ? {} : { trustedKeys }),
      ...(instance === undefined ? {} : { instance }),
    },
    ...(mcp !== undefined && {
      mcp: {
        ...mcp,
        permissions: {
          url,
          key,
          system: '*',
          stateFile: `${stateFile}.permissions`,
          ...(trustedKeys === undefined ? {} : { trustedKeys }),
        },
      },
    }),
    record: { url, key },
    firebreak: { url, key, clientsFile: `${stateFile}.clients` },
    source: file,
  });
  const unwatch = watchFile(gateway, file, process.env, (line) => console.log(line));
  console.log(
    `The gateway listens on ${gateway.url}: /${gateway
      .report()
      .routes.map(({ name }) => name)
      .join('/…, /')}/…`,
  );
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      unwatch();
      gateway.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
}

main().catch((error: NodeJS.ErrnoException & { readonly port?: number }) => {
  const expected =
    error instanceof ConfigFault || error instanceof TypeError || error.code?.startsWith('ERR_PARSE_ARGS');
  if (error.code === 'EADDRINUSE') console.error(`Port ${error.port} is taken. Choose another one: --port.`);
  else console.error(expected ? error.message : (error.stack ?? String(error)));
  process.exit(2);
});
