import type { IncomingMessage, ServerResponse } from 'node:http';
import { USUAL_HEALTH } from '@firebreak/core/respond/gateways';
import type { Interaction } from '../interaction.ts';
import { sendProblem } from '../problem.ts';
import { Vendor } from '../vendor.ts';
import { McpExchange } from './exchange.ts';
import type { McpHouse, McpServer } from './house.ts';
import { Judge, type McpGuard } from './judge.ts';
import { Offered } from './offered.ts';
import type { McpOptions } from './options.ts';
import { type Granted, Permissions } from './permissions.ts';

export type { McpGuard } from './judge.ts';
export type { McpOptions, McpServerOptions } from './options.ts';
export { Permissions } from './permissions.ts';
export type { StdioOptions } from './stdio.ts';
export { proxyStdio } from './stdio.ts';

/** The MCP routes of a gateway. */
export interface McpDoor {
  /** `/crm` of `/mcp/crm`, with the query. */
  handle(path: string, request: IncomingMessage, response: ServerResponse): void;
  readonly running: number;
  /** Path by which such a call would come; undefined: by none. */
  pathFor(
    system: string,
    who: { readonly agent?: string | undefined; readonly credential?: string | undefined },
  ): string | undefined;
  close(): Promise<void>;
}

const REVIEW_MS = 55_000;
const CALL_MS = 600_000;
const MESSAGE_LIMIT = 4 * 1024 * 1024;
/** Larger than any call may run: streams of notifications are silent for long. */
const SILENCE_MS = 0;
const MOST_LISTENING = 2_000;

export async function openMcp(
  options: McpOptions,
  given: {
    readonly guard: McpGuard;
    readonly record: ((interaction: Interaction) => void) | undefined;
    readonly system: string | undefined;
    readonly doorWord: string;
  },
): Promise<McpDoor> {
  const callMs = options.callMs ?? CALL_MS;
  const servers = new Map<string, McpServer>(
    Object.entries(options.servers).map(([name, each]) => {
      const upstream = { url: each.url, ...(each.headers === undefined ? {} : { headers: each.headers }) };
      const vendor = new Vendor(name, upstream, { answerMs: callMs, silenceMs: SILENCE_MS }, USUAL_HEALTH);
      return [name, { name, options: each, upstream: vendor, seen: new Set<string>(), offered: new Offered() }];
    }),
  );
  const own =
    options.permissions !== undefined && 'url' in options.permissions
      ? await Permissions.open(options.permissions)
      : undefined;
  const granted = own ?? (options.permissions as Granted | undefined);
  const house: McpHouse = {
    ...given,
    judge: new Judge({ guard: given.guard, granted, reviewMs: options.reviewMs ?? REVIEW_MS }),
    bodyLimit: options.messageLimit ?? MESSAGE_LIMIT,
    deny: options.deny ?? 'error',
    callMs,
  };
  const running = new Set<McpExchange>();
  const listening = new Set<McpExchange>();
  const changed = () => {
    for (const exchange of listening) exchange.tellChanged();
  };
  const deaf = [given.guard.on('change', changed), granted?.onChange(changed)];

  return {
    get running() {
      return running.size;
    },
    pathFor(system, { agent, credential }) {
      const fits = (set: string | undefined, asked: string | undefined) =>
        set === undefined || asked === undefined || set === asked;
      for (const [name, { options: set }] of servers)
        if (fits(set.system, system) && fits(set.agent, agent) && fits(set.credential, credential))
          return `/mcp/${name}`;
      return undefined;
    },
    handle(path, request, response) {
      const [, name = '', query = ''] = /^\/([^/?]+)\/?(\?.*)?$/.exec(path) ?? [];
      const server = servers.get(name);
      if (server === undefined) {
        request.resume();
        sendProblem(response, 'gateway.unknown-route', `Use /mcp/${[...servers.keys()].join(', /mcp/')} here.`);
        return;
      }
      const exchange = new McpExchange(house, server, query, request, response, (each) => {
        if (listening.size < MOST_LISTENING) listening.add(each);
      });
      running.add(exchange);
      response.once('close', () => {
        running.delete(exchange);
        listening.delete(exchange);
      });
      exchange.begin();
    },
    async close() {
      for (const stop of deaf) stop?.();
      for (const exchange of running) exchange.cut();
      own?.close();
      await Promise.all([...servers.values()].map(({ upstream }) => upstream.close()));
    },
  };
}
