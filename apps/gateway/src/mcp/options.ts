import type { Granted, PermissionOptions } from './permissions.ts';

/** An MCP server behind the gateway. */
export interface McpServerOptions {
  /** Its address, for example `https://crm.example/mcp`. */
  readonly url: string;
  /** Set on every request to it: what opens it, so that no agent ever holds it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How a revocation names what opens it. */
  readonly credential?: string;
  /** The AI system its calls are of. Absent: as `x-firebreak-system` says, otherwise that of the gateway. */
  readonly system?: string;
  /** The feature its calls serve. Absent: as `x-firebreak-feature` says; without either they meet the holds of every feature. */
  readonly feature?: string;
  /** The one agent that comes this way. Absent: as `x-firebreak-agent` says. */
  readonly agent?: string;
}

export interface McpOptions {
  /** MCP servers by the name that stands in the path: `/mcp/crm`. */
  readonly servers: Readonly<Record<string, McpServerOptions>>;
  /** Standing permissions: where to ask for them, or what to ask. Absent: only holds are enforced. */
  readonly permissions?: PermissionOptions | Granted;
  /** How a call that may not be made is answered; a JSON-RPC error unless said. */
  readonly deny?: 'error' | 'result';
  /** How long a call waits for a person, milliseconds; 55 seconds unless said, as clients wait for 60. */
  readonly reviewMs?: number;
  /** How long a call may run, milliseconds; 10 minutes unless said. */
  readonly callMs?: number;
  /** Largest message, bytes; 4 MiB unless said. */
  readonly messageLimit?: number;
}
