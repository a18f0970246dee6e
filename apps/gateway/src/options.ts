import type { HealthPolicy } from '@firebreak/core/respond/gateways';
import type { Guard, GuardOptions } from '@firebreak/guard';
import type { Interaction } from './interaction.ts';
import type { McpOptions } from './mcp/options.ts';
import type { RecorderOptions } from './recorder.ts';

/** The part of a guard that the gateway needs. */
export type GatewayGuard = Pick<
  Guard,
  'instance' | 'admit' | 'peek' | 'check' | 'track' | 'readsAnswers' | 'review' | 'cacheNamespace'
>;

/** How a vendor speaks: which headers carry its key, and the shape in which its clients look for errors. */
export type Shape = 'openai' | 'anthropic' | 'any';

/** A key of a vendor that the gateway holds and clients never see. */
export interface Credential {
  /** For people, and for a hold that revokes it: `openai-prod`. */
  readonly name: string;
  readonly secret: string;
  /** Where it goes: `authorization` with `Bearer `, or `x-api-key` for Anthropic, unless said. */
  readonly header?: string;
  readonly prefix?: string;
  /** Name of a query parameter instead of a header. */
  readonly query?: string;
}

export interface Upstream {
  /** Address before `/v1/…`, for example `https://api.openai.com`. */
  readonly url: string;
  /** Set on every request to it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As its name says (`openai`, `anthropic`), else `openai`. */
  readonly shape?: Shape;
  /** The vendor it belongs to, as holds name it; its own name unless said. */
  readonly provider?: string;
  readonly credential?: Credential;
  /** Names of models where this upstream calls them differently: as asked → as sent. */
  readonly models?: Readonly<Record<string, string>>;
  /**
   * A header that is part of the key of a cache behind this address, `x-portkey-cache-namespace`: it is sent another value after
   * everything that is ordered or let go, so that no answer from before is given again. What a client says there stays in front.
   */
  readonly cacheHeader?: string;
}

export interface Route {
  /** Upstreams in the order in which they serve; the next one when one is not well. All of one shape. */
  readonly upstreams: readonly string[];
  /** System of requests that name none. */
  readonly system?: string;
  readonly feature?: string;
  /** `all`; `figures`: no words of questions, answers and tool calls; `nothing`. */
  readonly record?: 'all' | 'figures' | 'nothing';
  /** `known`: only who brings a key of the gateway; `open`: anybody. `known` where a credential is held, unless said. */
  readonly clients?: 'known' | 'open';
  /** Seconds to wait for the person a review asks for, with the answer ready; 0: such requests are refused. */
  readonly reviewSeconds?: number;
}

/** A program that may use the gateway, and what is known of it: it cannot say otherwise. */
export interface Client {
  /** What a hold that revokes its credential names: `support-bot-prod`. */
  readonly name: string;
  readonly secret: string;
  readonly system?: string;
  readonly feature?: string;
  readonly agent?: string;
  /** The only routes it may use. */
  readonly routes?: readonly string[];
}

export interface Limits {
  /** Largest request body, bytes; 10 MiB unless said. */
  readonly bodyBytes?: number;
  /** Requests at the same time; 2,000 unless said. */
  readonly concurrent?: number;
  /** From the first byte of a request to the last of its answer, milliseconds; 30 minutes unless said. */
  readonly requestMs?: number;
  /** Until an upstream begins to answer, milliseconds; 10 minutes unless said. */
  readonly answerMs?: number;
  /** Between two pieces of an answer, milliseconds; 2 minutes unless said. */
  readonly silenceMs?: number;
}

/** Another gateway that asks this one before it acts. */
export interface Adapter {
  /** System of all its requests; absent: each says its own. */
  readonly system?: string;
  readonly feature?: string;
  /** What the other gateway proves itself with, `Authorization: Bearer …`. */
  readonly secret: string;
}
export type AdapterName = 'litellm' | 'portkey' | 'envoy';

/** What can be changed while the gateway runs. */
export interface Setup {
  /** By name. A vendor switch names one of these, or its vendor. */
  readonly upstreams: Readonly<Record<string, string | Upstream>>;
  /** By the name that stands in the path; one for each upstream, of its name, where none has it. */
  readonly routes?: Readonly<Record<string, Route>>;
  readonly clients?: readonly Client[];
  /** System of requests that name none, on routes without one. */
  readonly system?: string;
  readonly limits?: Limits;
  readonly health?: Partial<HealthPolicy>;
  readonly adapters?: Readonly<Partial<Record<AdapterName, Adapter>>>;
}

export interface GatewayOptions extends Setup {
  readonly port: number;
  readonly host?: string;
  /** Bytes of all headers of a request; 16 KiB unless said. */
  readonly headerBytes?: number;
  /** A guard, or how to make one; made by the gateway it is of all systems. */
  readonly guard: GatewayGuard | (Omit<GuardOptions, 'system' | 'kind'> & { readonly system?: string });
  /** MCP servers, at `/mcp/{name}`. A guard that is given has to be a whole one then. */
  readonly mcp?: McpOptions;
  /** Where interactions go: a function, or Firebreak itself. Absent: nothing is recorded. */
  readonly record?: ((interaction: Interaction) => void) | RecorderOptions;
  /** Firebreak: it is told how the gateway is, and says which keys it has given to clients. */
  readonly firebreak?: RecorderOptions & { readonly clientsFile?: string };
  /** Where the setup comes from, for people: `gateway.json`. */
  readonly source?: string;
}
