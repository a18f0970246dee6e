import { agentTokens as doors } from '@firebreak/contract/respond/agent-tokens';
import { addMs, type Instant, isRefusal, type Recorded, refuse, toMs } from '@firebreak/core/kernel';
import {
  agentRevoked,
  foldRevoked,
  isActive,
  isStopped,
  readClaims,
  revokeToken,
  type SaidElsewhere,
  type TokenClaims,
  type TokenState,
} from '@firebreak/core/respond/agent-tokens';
import {
  type App,
  act,
  actWithin,
  type Deps,
  firebreakItself,
  loadStream,
  route,
  type Slice,
  type Sql,
  verifyEd25519,
} from '../../platform/index.ts';
import { guardSigner, revocationsOf } from '../containment/index.ts';

const MOST_AGENTS = 200;
const KEEP_MS = 86_400_000;
const TYPE = 'at+jwt';

/** What stands twice is left to nobody's choice (RFC 6749 section 3.2): it is a list, and refused as one. */
const onceEach = (form: URLSearchParams): Record<string, string | string[]> =>
  Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const all = form.getAll(name);
      return [name, all.length === 1 ? all[0]! : all];
    }),
  );

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const streamOf = (system: string): string => `tok_${system}`;
const seconds = (at: Instant): number => Math.floor(toMs(at) / 1_000);

function signed(deps: Deps, claims: TokenClaims): string {
  const header = { alg: 'EdDSA', typ: TYPE, kid: guardSigner(deps).keyId };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${input}.${base64url(deps.keys.guard.sign(Buffer.from(input)))}`;
}

/** Claims of a token this installation has signed; undefined: it has not. */
function verified(deps: Deps, token: string): TokenClaims | undefined {
  const [, header, body, signature] = /^([\w-]{1,500})\.([\w-]{1,2000})\.([\w-]{86})$/.exec(token) ?? [];
  if (header === undefined || body === undefined || signature === undefined) return undefined;
  const { publicKey } = deps.keys.guard;
  if (!verifyEd25519(publicKey, Buffer.from(`${header}.${body}`), Buffer.from(signature, 'base64url')))
    return undefined;
  try {
    const { alg, typ } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: unknown; typ?: unknown };
    if (alg !== 'EdDSA' || typ !== TYPE) return undefined;
    const claims = readClaims(JSON.parse(Buffer.from(body, 'base64url').toString()));
    return claims?.iss === deps.config.publicUrl ? claims : undefined;
  } catch {
    return undefined;
  }
}

async function stateOf(deps: Deps, system: string): Promise<TokenState> {
  return {
    inForce: guardSigner(deps).snapshot(system).holds,
    revocations: await revocationsOf(deps.db, system),
    revoked: foldRevoked((await loadStream(deps.db, streamOf(system))) as Recorded[]),
    nowSeconds: seconds(deps.now()),
  };
}

const AT_ONCE = 500;

/**
 * Ends living tokens because somebody else said so: one by its id, or those of an agent. In the transaction of the caller,
 * who announces the facts. `known` is false where no such token or agent was heard of here.
 */
export async function revokeSaid(
  tx: Sql,
  deps: Deps,
  want: {
    readonly what: { readonly token: string } | { readonly agent: string };
    /** Only of these systems; none named: of all. */
    readonly systems: readonly string[];
    readonly said: SaidElsewhere;
  },
): Promise<{ readonly known: boolean; readonly facts: readonly Recorded[] }> {
  const { what, systems, said } = want;
  const [column, named] = 'token' in what ? ['id', what.token] : ['agent', what.agent];
  const now = deps.now();
  const facts: Recorded[] = [];
  let known = false;
  for (let after = ''; ; ) {
    const { rows } = await tx.query<{ id: string; system: string; agent: string; ends_at: Instant }>(
      `select id, system, agent, ends_at from agent_token_live
       where ${column} = $1 and id > $2 and ends_at > $3 and ($4::text[] = '{}' or system = any($4::text[]))
       order by id limit ${AT_ONCE}`,
      [named, after, now, systems],
    );
    known ||= rows.length > 0;
    for (const system of [...new Set(rows.map((row) => row.system))].sort()) {
      const done = await actWithin(tx, deps, {
        stream: streamOf(system),
        by: firebreakItself('transmitters'),
        may: 'guard.obey',
        fold: foldRevoked,
        decide: (revoked) =>
          rows
            .filter((row) => row.system === system)
            .flatMap(({ id: jti, agent: sub, ends_at }) =>
              revokeToken(revoked, { jti, sub, system, exp: seconds(ends_at) }, seconds(now), said),
            ),
      });
      if (isRefusal(done)) throw new Error(`a token was not revoked: ${done.why}`);
      facts.push(...done.facts);
    }
    if (rows.length < AT_ONCE) break;
    after = rows.at(-1)!.id;
  }
  if (!known && 'agent' in what) {
    const { rows } = await tx.query(
      `select 1 from agent_token_end where agent = $1 and ($2::text[] = '{}' or system = any($2::text[])) limit 1`,
      [what.agent, systems],
    );
    known = rows.length > 0;
  }
  return { known, facts };
}

async function routes(app: App, deps: Deps): Promise<void> {
  route(app, doors.issue, async ({ body: { system, agent, audience, credential, seconds: life } }) => {
    const control = guardSigner(deps);
    if (!control.systems.has(system))
      return refuse('guard.unknown-system', `No system is registered as ${system}. Check the name, or register it.`);
    const of = { sub: agent, system, ...(credential === undefined ? {} : { credential }) };
    if (isStopped(control.snapshot(system).holds, of)) return agentRevoked(agent);
    const iat = seconds(deps.now());
    const iss = deps.config.publicUrl;
    const claims = {
      iss,
      aud: audience ?? iss,
      client_id: agent,
      ...of,
      iat,
      exp: iat + life,
      jti: deps.mint('tok'),
    };
    const endsAt = addMs(deps.now(), life * 1_000);
    await deps.db.query(
      `insert into agent_token_end (system, agent, ends_at) values ($1, $2, $3)
       on conflict (system, agent) do update set ends_at = greatest(agent_token_end.ends_at, excluded.ends_at)`,
      [system, agent, endsAt],
    );
    await deps.db.query('insert into agent_token_live (id, system, agent, ends_at) values ($1, $2, $3, $4)', [
      claims.jti,
      system,
      agent,
      endsAt,
    ]);
    return { access_token: signed(deps, claims), token_type: 'Bearer' as const, expires_in: life };
  });

  route(app, doors.residual, async ({ params }) => {
    const control = guardSigner(deps);
    const system = control.keyOf(params.system);
    if (system === undefined) return refuse('system.unknown', `No system is registered as ${params.system}.`);
    const { rows } = await deps.db.query<{ agent: string; ends_at: Instant }>(
      `select agent, ends_at from agent_token_end where system = $1 and ends_at > $2 order by agent limit ${MOST_AGENTS}`,
      [system, deps.now()],
    );
    const { holds } = control.snapshot(system);
    return {
      agents: rows.map(({ agent, ends_at }) => ({
        agent,
        lastEndsAt: ends_at,
        revoked: isStopped(holds, { sub: agent, system }),
      })),
    };
  });

  route(app, doors.metadata, async () => {
    const at = deps.config.publicUrl;
    return {
      issuer: at,
      jwks_uri: `${at}${doors.keys.path}`,
      introspection_endpoint: `${at}${doors.introspect.path}`,
      revocation_endpoint: `${at}${doors.revoke.path}`,
      response_types_supported: [],
      grant_types_supported: [],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'Bearer'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    };
  });

  route(app, doors.keys, async () => ({
    keys: [
      {
        kty: 'OKP' as const,
        crv: 'Ed25519' as const,
        x: base64url(deps.keys.guard.publicKey),
        kid: guardSigner(deps).keyId,
        use: 'sig' as const,
        alg: 'EdDSA' as const,
      },
    ],
  }));

  await app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, onceEach(new URLSearchParams(String(body)))),
    );

    route(scope, doors.introspect, async ({ body: { token }, reply }) => {
      reply.header('cache-control', 'no-store');
      const claims = verified(deps, token);
      if (claims === undefined || !isActive(claims, await stateOf(deps, claims.system))) return { active: false };
      const { iss, sub, aud, client_id, system, iat, exp, jti } = claims;
      return { active: true, iss, sub, aud, client_id, system, token_type: 'Bearer', iat, exp, jti };
    });

    route(scope, doors.revoke, async ({ body: { token }, caller, reply }) => {
      reply.header('cache-control', 'no-store');
      const claims = verified(deps, token);
      // Nothing is said about tokens that are not ours: RFC 7009 section 2.2.
      if (claims === undefined) return {};
      const done = await act(deps, {
        stream: streamOf(claims.system),
        by: caller,
        may: 'guard.obey',
        fold: foldRevoked,
        decide: (revoked, asked) => revokeToken(revoked, claims, seconds(asked.at)),
      });
      return isRefusal(done) ? done : {};
    });
  });
}

/** Short tokens for agents, introspected (RFC 7662) and revoked (RFC 7009): what does not pass a guard can ask. */
export const agentTokens: Slice = {
  name: 'agent-tokens',
  routes,
  watches: [
    {
      name: 'agent tokens',
      everyMs: 600_000,
      look: async (deps) => {
        await deps.db.query('delete from agent_token_end where ends_at < $1', [addMs(deps.now(), -KEEP_MS)]);
        await deps.db.query('delete from agent_token_live where ends_at < $1', [deps.now()]);
      },
    },
  ],
};
