import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const Environment = z.object({
  FIREBREAK_HOST: z.string().default('127.0.0.1'),
  FIREBREAK_PORT: port.default(7373),
  FIREBREAK_GATEWAY_PORT: port.default(7374),
  FIREBREAK_GATEWAY_OPENAI_URL: z.url().default('https://api.openai.com'),
  FIREBREAK_GATEWAY_ANTHROPIC_URL: z.url().default('https://api.anthropic.com'),
  FIREBREAK_GATEWAY_CONFIG: z.string().min(1).optional(),
  FIREBREAK_GATEWAY_UPSTREAMS: z
    .string()
    .regex(
      /^([a-z0-9-]+=https?:\/\/[^,\s]+)(,[a-z0-9-]+=https?:\/\/[^,\s]+)*$/,
      'write name=https://address, separated by commas',
    )
    .optional(),
  FIREBREAK_GATEWAY_KEYS: z
    .string()
    .regex(/^([a-z0-9-]+=[^,\s]+)(,[a-z0-9-]+=[^,\s]+)*$/, 'write name=key, separated by commas')
    .optional(),
  FIREBREAK_GATEWAY_MCP: z
    .string()
    .regex(
      /^([a-z0-9-]+(@[a-z0-9._-]+)?=https?:\/\/[^,\s]+)(,[a-z0-9-]+(@[a-z0-9._-]+)?=https?:\/\/[^,\s]+)*$/,
      'write name@system=https://address, separated by commas',
    )
    .optional(),
  FIREBREAK_GATEWAY_MCP_KEYS: z
    .string()
    .regex(/^([a-z0-9-]+=[^,\s]+)(,[a-z0-9-]+=[^,\s]+)*$/, 'write name=key, separated by commas')
    .optional(),
  FIREBREAK_DATA: z.string().min(1).default('./data'),
  FIREBREAK_CHECKPOINTS: z.string().min(1).optional(),
  FIREBREAK_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  FIREBREAK_OUTBOUND_PRIVATE: z
    .string()
    .refine(
      (text) => rangesOf(text).every(isRange),
      'write addresses or ranges separated by commas, for example 10.1.0.0/16,192.168.4.20',
    )
    .optional(),
  FIREBREAK_TRUSTED_PROXIES: z
    .string()
    .refine(
      (text) => rangesOf(text).every(isRange),
      'write addresses or ranges separated by commas, for example 127.0.0.1,10.1.0.0/16',
    )
    .optional(),
  FIREBREAK_PUBLIC_URL: z.url().optional(),
  FIREBREAK_ORIGIN: z
    .string()
    .regex(/^[^\s+]{3,100}$/, 'no blanks, no plus sign')
    .default('firebreak.local/log'),
  FIREBREAK_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  FIREBREAK_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  FIREBREAK_DETECTOR_THREADS: z.coerce.number().int().min(0).max(16).default(1),
});

/** Everything the environment decides, read once. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly gatewayPort: number;
  /** File with routes, upstreams and limits of the gateway, instead of what the environment says of them. */
  readonly gatewayConfig: string | null;
  /** Vendors the gateway sends to, by name; `openai` and `anthropic` are always there. A vendor switch names another one. */
  readonly gatewayUpstreams: Readonly<Record<string, string>>;
  /** Keys of vendors that clients do not hold, by the same names; needed where a control switches vendors. */
  readonly gatewayKeys: Readonly<Record<string, string>>;
  /** MCP servers behind the gateway, by `name` or `name@system`. */
  readonly gatewayMcp: Readonly<Record<string, string>>;
  /** Bearer tokens of these servers, that no agent holds, by name. */
  readonly gatewayMcpKeys: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  /** Where copies of signed checkpoints go: outside the database, best on storage its operator cannot rewrite. */
  readonly checkpointFolder: string;
  readonly databaseUrl: string | null;
  readonly publicUrl: string;
  /** Private addresses that webhooks may go to, as ranges; none unless said. */
  readonly outboundPrivate: readonly string[];
  /** Proxies that are believed when they say whom a request comes from, as ranges; none unless said. */
  readonly trustedProxies: readonly string[];
  /** Name of the log in checkpoints. */
  readonly origin: string;
  readonly logLevel: z.output<typeof Environment>['FIREBREAK_LOG_LEVEL'];
  readonly retentionDays: number;
  /** Threads the detectors run in; 0: in that of the server. */
  readonly detectorThreads: number;
  /** Root of the installed product: migrations, pages, problem documents. */
  readonly home: string;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Parses the environment. Throws ConfigError that names every bad variable; an unknown FIREBREAK_ variable is one. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const ours = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith('FIREBREAK_') && value !== ''),
  );
  const unknown = Object.keys(ours).filter(
    (name) => !(name in Environment.shape) && !name.startsWith('FIREBREAK_TEST_'),
  );
  const parsed = Environment.safeParse(ours);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (unknown.length > 0) wrong.push(...unknown.map((name) => `${name}: there is no such setting`));
  if (!parsed.success || wrong.length > 0)
    throw new ConfigError(`The configuration cannot be used:\n  ${wrong.join('\n  ')}`);
  const e = parsed.data;
  const dataFolder = resolve(e.FIREBREAK_DATA);
  return Object.freeze({
    host: e.FIREBREAK_HOST,
    port: e.FIREBREAK_PORT,
    gatewayPort: e.FIREBREAK_GATEWAY_PORT,
    gatewayConfig: e.FIREBREAK_GATEWAY_CONFIG === undefined ? null : resolve(e.FIREBREAK_GATEWAY_CONFIG),
    gatewayUpstreams: Object.freeze({
      openai: e.FIREBREAK_GATEWAY_OPENAI_URL,
      anthropic: e.FIREBREAK_GATEWAY_ANTHROPIC_URL,
      ...namedOf(e.FIREBREAK_GATEWAY_UPSTREAMS),
    }),
    gatewayKeys: Object.freeze(namedOf(e.FIREBREAK_GATEWAY_KEYS)),
    gatewayMcp: Object.freeze(namedOf(e.FIREBREAK_GATEWAY_MCP)),
    gatewayMcpKeys: Object.freeze(namedOf(e.FIREBREAK_GATEWAY_MCP_KEYS)),
    dataFolder,
    checkpointFolder: resolve(e.FIREBREAK_CHECKPOINTS ?? join(dataFolder, 'checkpoints')),
    databaseUrl: e.FIREBREAK_DATABASE_URL ?? null,
    publicUrl:
      e.FIREBREAK_PUBLIC_URL ??
      `http://${e.FIREBREAK_HOST === '0.0.0.0' ? '127.0.0.1' : e.FIREBREAK_HOST}:${e.FIREBREAK_PORT}`,
    outboundPrivate: Object.freeze(rangesOf(e.FIREBREAK_OUTBOUND_PRIVATE ?? '')),
    trustedProxies: Object.freeze(rangesOf(e.FIREBREAK_TRUSTED_PROXIES ?? '')),
    origin: e.FIREBREAK_ORIGIN,
    logLevel: e.FIREBREAK_LOG_LEVEL,
    retentionDays: e.FIREBREAK_RETENTION_DAYS,
    detectorThreads: e.FIREBREAK_DETECTOR_THREADS,
    home: homeOf(fileURLToPath(import.meta.url)),
  });
}

const rangesOf = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

function namedOf(text = ''): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((one) => one !== '')
      .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
}

function homeOf(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'firebreak') return folder;
  }
  throw new ConfigError('The installation is incomplete: no firebreak package around the server.');
}

/** For the log: passwords and tokens masked. */
export function maskedConfig(config: Config): Record<string, unknown> {
  return {
    ...config,
    gatewayKeys: Object.keys(config.gatewayKeys).map((name) => `${name}=***`),
    databaseUrl:
      config.databaseUrl
        ?.replace(/\/\/([^:@/]*)(:[^@]*)?@/, '//$1:***@')
        .replace(/([?&](?:password|sslpassword)=)[^&]*/gi, '$1***') ?? null,
  };
}
