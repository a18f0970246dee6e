import { type ActorKind, type Instant, toMs } from '../../kernel/index.ts';
import type { HoldInForce } from '../containment/index.ts';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** Whom or what an event is about (RFC 9493, and `jwt_id` of the Shared Signals Framework). */
export type SetSubject =
  | { readonly format: 'iss_sub'; readonly iss: string; readonly sub: string }
  | { readonly format: 'jwt_id'; readonly iss: string; readonly jti: string }
  | { readonly format: 'opaque'; readonly id: string };

/** One event of a Security Event Token: its type, about whom, and what it says. */
export interface SecurityEvent {
  /** Short name of the type; it ends the URI. */
  readonly type: 'session-revoked' | 'credential-change' | 'risk-level-change' | 'token-claims-change' | 'verification';
  readonly subject: SetSubject;
  readonly says: Readonly<Record<string, unknown>>;
}

interface Revocation {
  readonly kind: 'revoke';
  readonly agent?: string;
  readonly tools?: readonly string[];
  readonly credential?: string;
}

const isRevocation = (what: { readonly kind: string }): what is Revocation => what.kind === 'revoke';
/** A JSON number of whole seconds, as CAEP 1.0 section 2 has it. */
const seconds = (at: Instant): number => Math.floor(toMs(at) / 1_000);

interface Changed {
  readonly issuer: string;
  readonly system: string;
  readonly at: Instant;
  readonly reason: string;
  /** Who did it: Firebreak itself does so by a rule. */
  readonly by: ActorKind;
}

/** CAEP 1.0 section 2: an administrative action, what another system asked for, or the evaluation of a policy. */
const INITIATED = { person: 'admin', key: 'system', system: 'policy' } as const satisfies Record<ActorKind, string>;
const said = ({ at, reason, by }: Changed) => ({
  event_timestamp: seconds(at),
  initiating_entity: INITIATED[by],
  ...(reason !== '' && { reason_admin: { en: reason } }),
});
const subjectOf = (issuer: string, system: string, agent: string | undefined): SetSubject =>
  agent === undefined ? { format: 'opaque', id: system } : { format: 'iss_sub', iss: issuer, sub: agent };
const risk = (from: string, to: string, agent: string | undefined, changed: Changed) => ({
  ...said(changed),
  // An entity of a complex subject, SSF 1.0: one agent, or the application that all of them are of.
  principal: agent === undefined ? 'APPLICATION' : 'USER',
  previous_level: from,
  current_level: to,
  ...(changed.reason !== '' && { risk_reason: changed.reason }),
});

/**
 * What receivers of CAEP 1.0 are told when a hold takes tools from an agent: everything taken ends its sessions and its
 * credential; some tools taken changes what its tokens stand for. Nothing for any other hold.
 */
export function eventsOfRevocation(what: { readonly kind: string }, changed: Changed): readonly SecurityEvent[] {
  if (!isRevocation(what)) return [];
  const subject = subjectOf(changed.issuer, changed.system, what.agent);
  if (what.tools !== undefined)
    return [
      {
        type: 'token-claims-change',
        subject,
        says: { ...said(changed), claims: { system: changed.system, denied_tools: [...what.tools] } },
      },
    ];
  return [
    { type: 'session-revoked', subject, says: said(changed) },
    ...(what.credential === undefined
      ? []
      : [
          {
            type: 'credential-change' as const,
            subject,
            says: {
              ...said(changed),
              change_type: 'revoke',
              credential_type: 'app',
              friendly_name: what.credential,
            },
          },
        ]),
    { type: 'risk-level-change', subject, says: risk('LOW', 'HIGH', what.agent, changed) },
  ];
}

/**
 * What they are told when such a hold ends: the risk is low again, and tools are allowed again, unless another hold still
 * says otherwise. A session that was revoked stays so; the agent asks for a new token.
 */
export function eventsOfRestoration(
  what: { readonly kind: string },
  others: readonly Pick<HoldInForce, 'system' | 'what'>[],
  changed: Changed,
): readonly SecurityEvent[] {
  if (!isRevocation(what)) return [];
  const left = others.flatMap((hold) =>
    hold.system === changed.system && isRevocation(hold.what as Revocation) ? [hold.what as Revocation] : [],
  );
  const touches = (other: Revocation) =>
    (other.agent === undefined || what.agent === undefined || other.agent === what.agent) &&
    (other.credential === undefined || what.credential === undefined || other.credential === what.credential);
  const still = left.filter(touches);
  if (still.some(({ tools }) => tools === undefined)) return [];
  const subject = subjectOf(changed.issuer, changed.system, what.agent);
  const denied = [...new Set(still.flatMap(({ tools }) => tools ?? []))].sort();
  if (what.tools === undefined && denied.length === 0)
    return [{ type: 'risk-level-change', subject, says: risk('HIGH', 'LOW', what.agent, changed) }];
  return [
    {
      type: 'token-claims-change',
      subject,
      says: { ...said(changed), claims: { system: changed.system, denied_tools: denied } },
    },
  ];
}

/** One token was revoked (RFC 7009): the session it stands for has ended. */
export const eventOfRevokedToken = (jti: string, changed: Changed): SecurityEvent => ({
  type: 'session-revoked',
  subject: { format: 'jwt_id', iss: changed.issuer, jti },
  says: said(changed),
});

/** Tells a receiver that the stream works (Shared Signals Framework 1.0, section on verification). `state`: what the receiver asked to hear; empty: nobody asked. */
export const verificationEvent = (subscription: string, state: string): SecurityEvent => ({
  type: 'verification',
  subject: { format: 'opaque', id: subscription },
  says: state === '' ? {} : { state },
});

/** Claims of a Security Event Token (RFC 8417): no `sub`, no `exp`, one event; `iat` in seconds. */
export function setClaims(
  { type, subject, says }: SecurityEvent,
  of: {
    readonly issuer: string;
    readonly audience: string;
    readonly id: string;
    readonly txn: string;
    readonly at: Instant;
  },
): Readonly<Record<string, unknown>> {
  return {
    iss: of.issuer,
    aud: of.audience,
    jti: of.id,
    iat: seconds(of.at),
    txn: of.txn,
    sub_id: subject,
    events: { [`${type === 'verification' ? SSF : CAEP}${type}`]: says },
  };
}
