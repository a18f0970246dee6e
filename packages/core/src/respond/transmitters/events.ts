/** Codes of RFC 8935 section 2.4. */
export type SetError =
  | 'invalid_request'
  | 'invalid_key'
  | 'invalid_issuer'
  | 'invalid_audience'
  | 'authentication_failed'
  | 'access_denied';
export interface Faulty {
  readonly err: SetError;
  readonly description: string;
}
const faulty = (err: SetError, description: string): Faulty => ({ err, description });

/** A public key of a transmitter (RFC 7517), with nothing in it but what verifying takes. */
export type PublicKey =
  | { readonly kty: 'RSA'; readonly kid?: string; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly kid?: string; readonly crv: 'P-256'; readonly x: string; readonly y: string };

const MOST_KEYS = 20;
const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most = 500): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most;
const isNumeral = (value: unknown, most: number): value is string =>
  isText(value, most) && /^[A-Za-z0-9_-]+$/.test(value);

function publicKeyIn(key: Readonly<Record<string, unknown>>): PublicKey | undefined {
  const { kty, kid, use, alg, n, e, crv, x, y } = key;
  if ((use !== undefined && use !== 'sig') || (kid !== undefined && !isText(kid))) return undefined;
  const named = kid === undefined ? {} : { kid };
  // 2,048 bits are 342 characters; nothing shorter is believed.
  if (kty === 'RSA' && (alg === undefined || alg === 'RS256'))
    return isNumeral(n, 1_400) && n.length >= 342 && isNumeral(e, 12) ? { kty, ...named, n, e } : undefined;
  if (kty === 'EC' && crv === 'P-256' && (alg === undefined || alg === 'ES256'))
    return isNumeral(x, 43) && isNumeral(y, 43) ? { kty, ...named, crv, x, y } : undefined;
  return undefined;
}

/**
 * Keys of a JWK set that RS256 or ES256 can be verified with; others are left out. A sentence where there is none, or where
 * somebody put a private key into it.
 */
export function publicKeysIn(set: unknown): readonly PublicKey[] | string {
  const keys = isMembers(set) && Array.isArray(set.keys) ? (set.keys as unknown[]) : null;
  if (keys === null) return 'This is no JWK set: write {"keys": [ … ]}, as the transmitter publishes it.';
  if (keys.length > MOST_KEYS) return `At most ${MOST_KEYS} keys are read; there are ${keys.length}.`;
  if (keys.some((key) => isMembers(key) && (key.d !== undefined || key.k !== undefined)))
    return 'There is a private or secret key in it. Only public keys belong here; the other one has to be replaced.';
  const found = keys.flatMap((key) => (isMembers(key) ? (publicKeyIn(key) ?? []) : []));
  return found.length > 0
    ? found
    : 'There is no key in it for RS256 (RSA from 2,048 bits) or ES256 (P-256), which are believed.';
}

export interface Header {
  readonly alg: 'RS256' | 'ES256';
  readonly kid?: string;
}

/** The header of a Security Event Token: of its type, and signed in one of two ways. Never `none`, never with a secret. */
export function headerOf(value: unknown): Header | Faulty {
  if (!isMembers(value)) return faulty('invalid_request', 'The header of the token is no JSON object.');
  const { alg, typ, kid, crit } = value;
  if (typeof typ !== 'string' || !/^(application\/)?secevent\+jwt$/i.test(typ))
    return faulty('invalid_request', 'The type of the token has to be secevent+jwt (RFC 8417 section 2.3).');
  if (crit !== undefined) return faulty('invalid_request', 'Header members that are critical are not known here.');
  if (alg !== 'RS256' && alg !== 'ES256') return faulty('invalid_key', 'Sign with RS256 or ES256.');
  if (kid !== undefined && !isText(kid)) return faulty('invalid_request', 'kid has to be a short text.');
  return kid === undefined ? { alg } : { alg, kid };
}

/** The key a header names. Without a name it is the only one of its kind. */
export function keyFor(keys: readonly PublicKey[], { alg, kid }: Header): PublicKey | undefined {
  const fit = keys.filter(({ kty }) => kty === (alg === 'RS256' ? 'RSA' : 'EC'));
  if (kid !== undefined) return fit.find((key) => key.kid === kid);
  return fit.length === 1 ? fit[0] : undefined;
}

/** A token older than this is not taken: ids are remembered for longer, so that none counts twice. */
export const OLDEST_SECONDS = 2 * 86_400;
const AHEAD_SECONDS = 300;
const MOST_EVENTS = 5;
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** One event of a token: the end of its address where it is of CAEP or SSF, about whom, and what it says. */
export interface Event {
  readonly type: string;
  readonly subject: unknown;
  readonly says: Readonly<Record<string, unknown>>;
}
export interface Reading {
  /** Id of the token, unique for its transmitter. */
  readonly jti: string;
  readonly events: readonly Event[];
}

/** Claims of a token whose signature was verified (RFC 8417). `nowSeconds`: since 1970. */
export function readEvents(
  claims: unknown,
  of: { readonly issuer: string; readonly audience: string; readonly nowSeconds: number },
): Reading | Faulty {
  if (!isMembers(claims)) return faulty('invalid_request', 'The token says nothing that can be read.');
  const { iss, aud, jti, iat, events, sub_id } = claims;
  if (iss !== of.issuer) return faulty('invalid_issuer', `Tokens at this address come from ${of.issuer}.`);
  if (aud !== of.audience && !(Array.isArray(aud) && aud.includes(of.audience)))
    return faulty('invalid_audience', `Tokens at this address are for ${of.audience}.`);
  if (!isText(jti)) return faulty('invalid_request', 'jti is missing, or longer than 500 characters.');
  if (!Number.isSafeInteger(iat)) return faulty('invalid_request', 'iat is missing; it is in whole seconds.');
  if ((iat as number) > of.nowSeconds + AHEAD_SECONDS)
    return faulty('invalid_request', 'iat is in the future. Compare the clocks.');
  if ((iat as number) < of.nowSeconds - OLDEST_SECONDS)
    return faulty('invalid_request', 'The token is older than two days.');
  const named = isMembers(events) ? Object.entries(events) : [];
  if (named.length === 0 || named.length > MOST_EVENTS || !named.every(([, says]) => isMembers(says)))
    return faulty('invalid_request', `events holds one to ${MOST_EVENTS} events, each a JSON object.`);
  return {
    jti,
    events: named.map(([address, says]) => ({
      type: (address.startsWith(CAEP)
        ? address.slice(CAEP.length)
        : address.startsWith(SSF)
          ? address.slice(SSF.length)
          : address
      ).slice(0, 200),
      subject: sub_id ?? (says as { subject?: unknown }).subject,
      says: says as Readonly<Record<string, unknown>>,
    })),
  };
}

/** What an event asks for here. Nothing of it ever gives anything back. */
export type Asked =
  | { readonly revoke: { readonly token: string } | { readonly agent: string }; readonly named: string }
  | { readonly nothing: string; readonly named: string };

/** Whom a subject names (RFC 9493, and `jwt_id` of SSF). `ours`: how agent tokens name their issuer. */
function subjectOf(subject: unknown, issuers: { readonly ours: string; readonly theirs: string }): Asked {
  if (!isMembers(subject)) return { nothing: 'it says about nobody', named: '' };
  const { format, iss, sub, jti, id } = subject;
  if (format === 'jwt_id' && isText(jti))
    return iss === issuers.ours
      ? { revoke: { token: jti }, named: jti }
      : { nothing: 'a token of another issuer', named: jti };
  if (format === 'iss_sub' && isText(sub))
    return iss === issuers.ours || iss === issuers.theirs
      ? { revoke: { agent: sub }, named: sub }
      : { nothing: 'somebody of another issuer', named: sub };
  if (format === 'opaque' && isText(id)) return { revoke: { agent: id }, named: id };
  return {
    nothing: 'a subject of this format is not known here; use iss_sub, jwt_id or opaque',
    named: isText(format) ? format : '',
  };
}

/** `session-revoked` and a `credential-change` that revokes or deletes end tokens; whatever else is said does nothing. */
export function askedBy(
  { type, subject, says }: Event,
  issuers: { readonly ours: string; readonly theirs: string },
): Asked {
  if (type === 'verification') return { nothing: 'a test', named: '' };
  const asked = subjectOf(subject, issuers);
  const ends =
    type === 'session-revoked' ||
    (type === 'credential-change' && (says.change_type === 'revoke' || says.change_type === 'delete'));
  return ends ? asked : { nothing: 'nothing follows from an event of this kind', named: asked.named };
}
