import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { McpOptions, McpServerOptions } from './mcp/options.ts';
import type { Client, Credential, Setup } from './options.ts';

/** A configuration that cannot be used; the message names every fault and what to do. */
export class ConfigFault extends Error {
  override name = 'ConfigFault';
}

const SECRET_LIMIT = 4_096;
const FILE_LIMIT = 1024 * 1024;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'use small letters, digits and -; at most 41');
const word = z.string().trim().min(1).max(200);
/** Where a secret lies. The configuration never holds one itself, so that it can be shown, copied and kept in a repository. */
const secret = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error:
    'say where the secret lies: {"env": "OPENAI_API_KEY"} or {"file": "/run/secrets/openai"}; never the secret itself',
});
type SecretAt = z.output<typeof secret>;

const seconds = (most: number) => z.number().positive().max(most);
const credential = z.strictObject({
  name: word,
  secret,
  header: word.optional(),
  prefix: z.string().max(40).optional(),
  query: word.optional(),
});
const upstream = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  shape: z.enum(['openai', 'anthropic', 'any']).optional(),
  provider: word.optional(),
  headers: z.record(word, z.string().max(4_000)).optional(),
  credential: credential.optional(),
  models: z.record(word, word).optional(),
  cacheHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/, 'name a header, for example x-portkey-cache-namespace')
    .optional(),
});
const route = z.strictObject({
  upstreams: z.array(name).min(1).max(20),
  system: word.optional(),
  feature: word.optional(),
  record: z.enum(['all', 'figures', 'nothing']).optional(),
  clients: z.enum(['known', 'open']).optional(),
  reviewSeconds: z.number().min(0).max(600).optional(),
});
const client = z.strictObject({
  name: word,
  secret,
  system: word.optional(),
  feature: word.optional(),
  agent: word.optional(),
  routes: z.array(name).min(1).max(100).optional(),
});
const mcpServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  system: word.optional(),
  feature: word.optional(),
  agent: word.optional(),
  credential: credential.omit({ query: true }).optional(),
});
const adapter = z.strictObject({ system: word.optional(), feature: word.optional(), secret });

const GatewayFile = z.strictObject({
  listen: z
    .strictObject({
      host: word.optional(),
      port: z.int().min(0).max(65_535).optional(),
      headerBytes: z.int().min(1_024).max(1_048_576).optional(),
    })
    .optional(),
  firebreak: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).optional(),
      key: secret.optional(),
      stateFile: z.string().min(1).optional(),
      bootFailMode: z.enum(['allow', 'deny']).optional(),
      failMode: z.enum(['last-known', 'deny']).optional(),
      trustedKeys: z.array(z.string().min(1)).max(10).optional(),
      instance: word.optional(),
    })
    .optional(),
  system: word.optional(),
  upstreams: z.record(name, upstream),
  routes: z.record(name, route).optional(),
  clients: z.array(client).max(1_000).optional(),
  limits: z
    .strictObject({
      bodyBytes: z
        .int()
        .min(1)
        .max(100 * 1024 * 1024)
        .optional(),
      concurrent: z.int().min(1).max(100_000).optional(),
      requestSeconds: seconds(86_400).optional(),
      answerSeconds: seconds(3_600).optional(),
      silenceSeconds: seconds(3_600).optional(),
    })
    .optional(),
  health: z
    .strictObject({
      failures: z.int().min(1).max(1_000).optional(),
      ejectSeconds: seconds(3_600).optional(),
      mostEjectSeconds: seconds(86_400).optional(),
    })
    .optional(),
  mcp: z
    .strictObject({
      servers: z.record(name, mcpServer),
      deny: z.enum(['error', 'result']).optional(),
      reviewSeconds: z.number().min(0).max(600).optional(),
      callSeconds: seconds(3_600).optional(),
    })
    .optional(),
  adapters: z
    .strictObject({ litellm: adapter.optional(), portkey: adapter.optional(), envoy: adapter.optional() })
    .optional(),
});
type Written = z.output<typeof GatewayFile>;

/** A configuration with its secrets in place. */
export interface Configured {
  readonly setup: Setup;
  readonly listen: NonNullable<Written['listen']>;
  /** MCP servers; undefined: none. Taken up at a start. */
  readonly mcp?: Omit<McpOptions, 'permissions'>;
  readonly firebreak: Omit<NonNullable<Written['firebreak']>, 'key'> & { readonly key?: string };
}

type Env = Readonly<Record<string, string | undefined>>;

async function openSecret(at: SecretAt, folder: string, env: Env): Promise<string> {
  const found =
    'env' in at
      ? env[at.env]
      : await readFile(resolve(folder, at.file), 'utf8').catch((error: NodeJS.ErrnoException) => {
          throw new ConfigFault(`the file ${at.file} cannot be read (${error.code ?? error.message})`);
        });
  const text = found?.trim() ?? '';
  if (text === '')
    throw new ConfigFault('env' in at ? `the variable ${at.env} is not set` : `the file ${at.file} is empty`);
  if (text.length > SECRET_LIMIT || /[\r\n]/.test(text)) throw new ConfigFault('it is more than one line');
  return text;
}

const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
const ms = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 1_000);

/**
 * A configuration from what a file holds: JSON, its secrets in the environment or in other files (paths are meant from
 * `folder`). Throws ConfigFault that names every fault.
 */
export async function setupFrom(text: string, folder: string, env: Env): Promise<Configured> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigFault(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = GatewayFile.safeParse(value);
  if (!parsed.success)
    throw new ConfigFault(parsed.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('\n'));
  const written = parsed.data;
  const faults: string[] = [];
  const secretAt = async (pointer: string, at: SecretAt): Promise<string> => {
    try {
      return await openSecret(at, folder, env);
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      faults.push(`${pointer}: ${error.message}`);
      return '';
    }
  };
  const upstreams: Record<string, Setup['upstreams'][string]> = {};
  for (const [key, { credential: held, ...rest }] of Object.entries(written.upstreams)) {
    const opened: Credential | undefined =
      held &&
      (defined({ ...held, secret: await secretAt(`/upstreams/${key}/credential/secret`, held.secret) }) as Credential);
    upstreams[key] = defined({ ...rest, credential: opened }) as Setup['upstreams'][string];
  }
  const clients: Client[] = [];
  for (const [place, each] of (written.clients ?? []).entries())
    clients.push(defined({ ...each, secret: await secretAt(`/clients/${place}/secret`, each.secret) }) as Client);
  const adapters: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(written.adapters ?? {}))
    if (each !== undefined)
      adapters[key] = defined({ ...each, secret: await secretAt(`/adapters/${key}/secret`, each.secret) });
  const servers: Record<string, McpServerOptions> = {};
  for (const [key, { credential: held, ...rest }] of Object.entries(written.mcp?.servers ?? {})) {
    const secret = held && (await secretAt(`/mcp/servers/${key}/credential/secret`, held.secret));
    const header = held?.header?.toLowerCase() ?? 'authorization';
    const opened = held && {
      headers: { [header]: `${held.prefix ?? (header === 'authorization' ? 'Bearer ' : '')}${secret}` },
      credential: held.name,
    };
    servers[key] = defined({ ...rest, ...opened }) as McpServerOptions;
  }
  const { key: keyAt, ...firebreak } = written.firebreak ?? {};
  const key = keyAt && (await secretAt('/firebreak/key', keyAt));
  if (faults.length > 0) throw new ConfigFault(faults.join('\n'));
  const { limits = {}, health = {} } = written;
  const setup = {
    upstreams,
    routes: Object.fromEntries(Object.entries(written.routes ?? {}).map(([each, it]) => [each, defined(it)])),
    clients,
    adapters,
    ...(written.system === undefined ? {} : { system: written.system }),
    limits: defined({
      bodyBytes: limits.bodyBytes,
      concurrent: limits.concurrent,
      requestMs: ms(limits.requestSeconds),
      answerMs: ms(limits.answerSeconds),
      silenceMs: ms(limits.silenceSeconds),
    }),
    health: defined({
      failures: health.failures,
      ejectMs: ms(health.ejectSeconds),
      mostEjectMs: ms(health.mostEjectSeconds),
    }),
  } as Setup;
  const { deny, reviewSeconds, callSeconds } = written.mcp ?? {};
  return {
    setup,
    listen: written.listen ?? {},
    firebreak: defined({ ...firebreak, key }) as Configured['firebreak'],
    ...(Object.keys(servers).length > 0 && {
      mcp: defined({ servers, deny, reviewMs: ms(reviewSeconds), callMs: ms(callSeconds) }) as McpOptions,
    }),
  };
}

/** As `setupFrom`, from a file of at most 1 MiB. */
export async function readGatewayFile(file: string, env: Env): Promise<Configured> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigFault(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  if (text.length > FILE_LIMIT) throw new ConfigFault(`${file} is larger than 1 MiB`);
  return setupFrom(text, dirname(resolve(file)), env).catch((error: unknown) => {
    throw error instanceof ConfigFault ? new ConfigFault(`${file} cannot be used:\n${error.message}`) : error;
  });
}
