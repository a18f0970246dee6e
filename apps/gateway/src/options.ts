import type { Guard, GuardOptions } from '@firebreak/guard';
import type { Interaction } from './interaction.ts';
import type { RecorderOptions } from './recorder.ts';

/** The part of a guard that the gateway needs. */
export type GatewayGuard = Pick<Guard, 'check' | 'track'>;

export interface Upstream {
  /** Address before `/v1/…`, for example `https://api.openai.com`. */
  readonly url: string;
  /** Set on every request to it, for example the key of a vendor that clients do not hold. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GatewayOptions {
  readonly port: number;
  readonly host?: string;
  /** A guard, or how to make one; made by the gateway it is of all systems. */
  readonly guard: GatewayGuard | (Omit<GuardOptions, 'system' | 'kind'> & { readonly system?: string });
  /** Vendors by the name that stands first in the path: `/openai/v1/…`. A vendor switch names another one of these. */
  readonly upstreams: Readonly<Record<string, string | Upstream>>;
  /** Where interactions go: a function, or Firebreak itself. Absent: nothing is recorded. */
  readonly record?: ((interaction: Interaction) => void) | RecorderOptions;
  /** System of requests without `x-firebreak-system`; absent: such requests are refused. */
  readonly system?: string;
  /** Largest request body, bytes; 10 MiB unless said. */
  readonly bodyLimit?: number;
  /** Until an upstream begins to answer, milliseconds; 10 minutes unless said. */
  readonly answerTimeoutMs?: number;
  /** Between two pieces of an answer, milliseconds; 2 minutes unless said. */
  readonly silenceTimeoutMs?: number;
}
