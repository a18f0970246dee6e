import type { Capability } from '@firebreak/core/prepare/people';
import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One door of the HTTP interface. Server, client, OpenAPI, web and CLI all read it: what is not said here does not exist.
 * `may` is the capability a caller needs; `null` means that anybody may call.
 */
export interface Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Fastify notation: `/api/v1/incidents/:incident`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly may: Capability | null;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  /** Status of the good answer; 200 unless said. */
  readonly status?: number;
  /** Codes of docs/problems that this door adds to the general ones. */
  readonly refusals?: readonly string[];
  /** What is said instead of `server.busy` where the database does not answer: what else can be done. */
  readonly outOfReach?: { readonly code: string; readonly detail: string };
  /** A door of OAuth 2.0: takes client authentication by password (RFC 6749 section 2.3.1) too, and refuses as section 5.2 says. */
  readonly oauth?: true;
  /** Largest body accepted, bytes; 256 KiB unless said. */
  readonly bodyLimit?: number;
}

export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Endpoint<P, Q, B, A>,
): Endpoint<P, Q, B, A> {
  return definition;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for every endpoint, whatever it carries
export type AnyEndpoint = Endpoint<any, any, any, any>;
type Given<E, K extends string> = E extends { readonly [key in K]?: infer S }
  ? S extends z.ZodType
    ? S
    : never
  : never;
type Member<K extends string, S> = [S] extends [never]
  ? unknown
  : S extends z.ZodType
    ? unknown extends z.input<S>
      ? unknown
      : { readonly [key in K]: z.input<S> }
    : unknown;

/** What a caller hands over: only the members the endpoint declares. */
export type CallOf<E extends AnyEndpoint> = Member<'params', Given<E, 'params'>> &
  Member<'query', Given<E, 'query'>> &
  Member<'body', Given<E, 'body'>>;
export type AnswerOf<E extends AnyEndpoint> = z.output<E['answer']>;
