import { type Fact, type Instant, instant, type Recorded, refuse } from '../../kernel/index.ts';
import type { Hold, HoldInForce } from '../containment/index.ts';
import { verdictFor } from '../containment/index.ts';

/** A token that is verified by its signature alone is believed until it ends: so it ends soon. */
export const LONGEST_SECONDS = 300;

/** What a token says; times in whole seconds since 1970 (RFC 7519). */
export interface TokenClaims {
  readonly iss: string;
  /** The agent. */
  readonly sub: string;
  /** Whoever is to accept it. */
  readonly aud: string;
  /** The agent again: it asked for the token (RFC 9068 section 2.2). */
  readonly client_id: string;
  readonly system: string;
  readonly credential?: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** Who said elsewhere that a token has to end: a transmitter of Security Event Tokens, and in which token of its own. */
export interface SaidElsewhere {
  readonly transmitter: string;
  readonly issuer: string;
  readonly event: string;
  readonly jti: string;
}

/** On a stream of the tokens of one system. */
export type TokenFact = Fact<
  'token.revoked',
  {
    readonly token: string;
    readonly agent: string;
    readonly system: string;
    readonly until: Instant;
    /** Absent: whoever holds the token revoked it here (RFC 7009). */
    readonly said?: SaidElsewhere;
  }
>;

export const foldRevoked = (facts: readonly Recorded[]): ReadonlySet<string> =>
  new Set(
    (facts as readonly Recorded<TokenFact>[]).flatMap((fact) =>
      fact.type === 'token.revoked' ? [fact.data.token] : [],
    ),
  );

/** Revoking twice changes nothing, and so does revoking what has ended (RFC 7009 section 2.2). */
export function revokeToken(
  revoked: ReadonlySet<string>,
  { jti, sub, system, exp }: Pick<TokenClaims, 'jti' | 'sub' | 'system' | 'exp'>,
  nowSeconds: number,
  said?: SaidElsewhere,
): readonly TokenFact[] {
  if (revoked.has(jti) || exp <= nowSeconds) return [];
  const until = instant(new Date(exp * 1_000).toISOString());
  return [{ type: 'token.revoked', data: { token: jti, agent: sub, system, until, ...(said && { said }) } }];
}

type Of = Pick<TokenClaims, 'sub' | 'system' | 'credential'>;

/** Whether holds take every tool from an agent at this moment; a hold on some tools leaves the rest, and so the token. */
export function isStopped(holds: readonly HoldInForce[], { sub, system, credential }: Of): boolean {
  const whole = holds.filter(({ what }) => what.kind === 'revoke' && (what as { tools?: unknown }).tools === undefined);
  return verdictFor(whole, { system, agent: sub, credential, tool: '*' }).action === 'deny';
}

/**
 * The moment before which every token of the agent is refused, seconds; 0: there is none. A revocation that was lifted gives
 * no token its life back: a new one has to be asked for.
 */
export function floorOf(holds: readonly Pick<Hold, 'system' | 'what' | 'orderedAt'>[], of: Of): number {
  let floor = 0;
  for (const { system, what, orderedAt } of holds) {
    const { kind, agent, tools, credential } = what as {
      kind: string;
      agent?: string;
      tools?: unknown;
      credential?: string;
    };
    if (kind !== 'revoke' || tools !== undefined || system !== of.system) continue;
    if (agent !== undefined && agent !== of.sub) continue;
    if (credential !== undefined && of.credential !== undefined && credential !== of.credential) continue;
    // A token of the same second may be from before it.
    floor = Math.max(floor, Math.floor(Date.parse(orderedAt) / 1_000) + 1);
  }
  return floor;
}

export interface TokenState {
  readonly inForce: readonly HoldInForce[];
  /** Revocations of the system, ended ones too. */
  readonly revocations: readonly Pick<Hold, 'system' | 'what' | 'orderedAt'>[];
  readonly revoked: ReadonlySet<string>;
  readonly nowSeconds: number;
}

/** RFC 7662: `active` only while nothing speaks against it. */
export function isActive(claims: TokenClaims, { inForce, revocations, revoked, nowSeconds }: TokenState): boolean {
  return (
    claims.exp > nowSeconds &&
    claims.iat <= nowSeconds + 60 &&
    !revoked.has(claims.jti) &&
    claims.iat >= floorOf(revocations, claims) &&
    !isStopped(inForce, claims)
  );
}

export const agentRevoked = (agent: string) =>
  refuse('token.agent-revoked', `${agent} is revoked at the moment, so it gets no token. Lift the hold first.`);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 256;

/** Claims of a token whose signature was checked; undefined: they are not ours. */
export function readClaims(value: unknown): TokenClaims | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const it = value as Record<string, unknown>;
  const sound =
    isText(it.iss) &&
    isText(it.sub) &&
    isText(it.aud) &&
    it.client_id === it.sub &&
    isText(it.system) &&
    isText(it.jti) &&
    (it.credential === undefined || isText(it.credential)) &&
    Number.isSafeInteger(it.iat) &&
    Number.isSafeInteger(it.exp) &&
    (it.exp as number) - (it.iat as number) <= LONGEST_SECONDS;
  return sound ? (value as TokenClaims) : undefined;
}
