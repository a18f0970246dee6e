import { LONGEST_SECONDS } from '@firebreak/core/respond/agent-tokens';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

const tag = 'Agent tokens';
const name = z.string().trim().min(1).max(200);
const form = z
  .object({ token: z.string().min(1).max(4_000), token_type_hint: z.string().max(100).optional() })
  .describe('application/x-www-form-urlencoded');

export const agentTokens = {
  issue: endpoint({
    method: 'POST',
    path: '/api/v1/agent-tokens',
    tag,
    summary: 'A token for an agent: a signed JWT (RFC 9068) that ends within five minutes',
    may: 'guard.obey',
    body: z.object({
      system: name,
      agent: name,
      audience: name.optional().describe('`aud`: whoever is to accept it; this installation unless said'),
      credential: name.optional().describe('how a revocation names what the agent acts under'),
      seconds: z.int().min(10).max(LONGEST_SECONDS).default(LONGEST_SECONDS),
    }),
    answer: z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int() }),
    status: 201,
    refusals: ['guard.unknown-system', 'token.agent-revoked'],
  }),
  residual: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/agent-tokens',
    tag,
    summary: 'Until when tokens of agents may still be believed by whoever checks their signature alone',
    may: 'read',
    params: z.object({ system: z.string().min(2).max(80) }),
    answer: z.object({
      agents: z.array(
        z.object({
          agent: z.string(),
          lastEndsAt: At.describe('when the last token issued to it ends'),
          revoked: z.boolean().describe('introspection says that none of them is active'),
        }),
      ),
    }),
    refusals: ['system.unknown'],
  }),
  introspect: endpoint({
    method: 'POST',
    path: '/oauth/introspect',
    tag,
    summary: 'RFC 7662: whether a token of an agent is active at this moment',
    may: 'guard.obey',
    oauth: true,
    body: form,
    answer: z.object({
      active: z.boolean(),
      iss: z.string().optional(),
      sub: z.string().optional(),
      aud: z.string().optional(),
      client_id: z.string().optional(),
      system: z.string().optional(),
      token_type: z.string().optional(),
      iat: z.int().optional(),
      exp: z.int().optional(),
      jti: z.string().optional(),
    }),
  }),
  revoke: endpoint({
    method: 'POST',
    path: '/oauth/revoke',
    tag,
    summary: 'RFC 7009: a token is not to be accepted any more; one that is unknown or has ended is so already',
    may: 'guard.obey',
    oauth: true,
    body: form,
    answer: z.object({}),
  }),
  metadata: endpoint({
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    tag,
    summary: 'RFC 8414: where tokens are introspected and revoked, and who signs them',
    may: null,
    answer: z.object({
      issuer: z.string(),
      jwks_uri: z.string(),
      introspection_endpoint: z.string(),
      revocation_endpoint: z.string(),
      response_types_supported: z.array(z.string()),
      grant_types_supported: z.array(z.string()),
      introspection_endpoint_auth_methods_supported: z.array(z.string()),
      revocation_endpoint_auth_methods_supported: z.array(z.string()),
    }),
  }),
  keys: endpoint({
    method: 'GET',
    path: '/oauth/jwks',
    tag,
    summary: 'RFC 7517: the public key that signs tokens of agents',
    may: null,
    answer: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          x: z.string(),
          kid: z.string(),
          use: z.literal('sig'),
          alg: z.literal('EdDSA'),
        }),
      ),
    }),
  }),
};
