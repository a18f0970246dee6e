import { MOST_ORIGINS, MOST_PAGE_SYSTEMS, ROLE_NAMES, SCOPE_NAMES } from '@firebreak/core/prepare/people';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key, Line } from '../shapes.ts';

export const RoleName = z.enum(ROLE_NAMES as [(typeof ROLE_NAMES)[number], ...typeof ROLE_NAMES]);
export const ScopeName = z.enum(SCOPE_NAMES as [(typeof SCOPE_NAMES)[number], ...typeof SCOPE_NAMES]);
export const Email = z
  .email()
  .max(200)
  .transform((text) => text.toLowerCase());
export const NewPassword = z.string().min(10, 'use at least 10 characters').max(200);

export const Person = z
  .object({
    id: id('usr'),
    name: z.string(),
    email: z.string(),
    roles: z.array(RoleName),
    active: z.boolean(),
    invited: z.boolean(),
    lastSeenAt: At.nullable(),
  })
  .meta({ id: 'Person' });
export const Me = z
  .object({
    kind: z.enum(['person', 'key']),
    id: z.string(),
    name: z.string(),
    roles: z.array(RoleName),
    may: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export const PageUse = z
  .object({
    origins: z.array(z.string()).describe('of the pages it stands in, as browsers write them; “*”: any page'),
    systems: z.array(z.string()).describe('it may read, by their keys'),
  })
  .meta({ id: 'PageUse' });
export const ApiKey = z
  .object({
    id: id('key'),
    name: z.string(),
    scopes: z.array(ScopeName),
    createdAt: At,
    createdBy: z.string(),
    lastUsedAt: At.nullable(),
    revoked: z.boolean(),
    page: PageUse.nullable().describe('null: it is a secret, and stands in no page'),
  })
  .meta({ id: 'ApiKey' });
export type Person = z.output<typeof Person>;
export type Me = z.output<typeof Me>;
export type PageUse = z.output<typeof PageUse>;
export type ApiKey = z.output<typeof ApiKey>;

const tag = 'People';

export const people = {
  welcome: endpoint({
    method: 'POST',
    path: '/api/v1/welcome',
    tag,
    summary: 'Use a one-time link: make the first administrator, or accept an invitation',
    may: null,
    body: z.object({ token: z.string().min(20).max(200), name: Line, email: Email, password: NewPassword }),
    answer: Me,
    status: 201,
    refusals: ['link.used', 'person.email-taken'],
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/v1/session',
    tag,
    summary: 'Sign in; sets the session cookie',
    may: null,
    body: z.object({ email: Email, password: z.string().min(1).max(200) }),
    answer: Me,
    refusals: ['session.refused', 'session.too-many-tries'],
  }),
  confirm: endpoint({
    method: 'POST',
    path: '/api/v1/session/confirm',
    tag,
    summary: 'Give the password again, for what asks for it',
    may: 'read',
    body: z.object({ password: z.string().min(1).max(200) }),
    answer: z.object({ freshAt: At }),
    refusals: ['session.missing', 'session.refused', 'session.too-many-tries'],
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/api/v1/session',
    tag,
    summary: 'Sign out',
    may: null,
    answer: z.object({ done: z.literal(true) }),
  }),
  me: endpoint({
    method: 'GET',
    path: '/api/v1/me',
    tag,
    summary: 'Who is asking, and what they may do',
    may: null,
    answer: Me,
    refusals: ['session.missing'],
  }),
  setup: endpoint({
    method: 'GET',
    path: '/api/v1/setup',
    tag,
    summary: 'Whether the first administrator still has to be made',
    may: null,
    answer: z.object({ needsAdministrator: z.boolean(), product: z.literal('firebreak'), version: z.string() }),
  }),
  directory: endpoint({
    method: 'GET',
    path: '/api/v1/people/directory',
    tag,
    summary: 'Names behind ids, for screens',
    may: 'read',
    answer: z.object({ names: z.record(z.string(), z.string()) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/people',
    tag,
    summary: 'People and their roles',
    may: 'read',
    answer: z.object({ people: z.array(Person) }),
  }),
  invite: endpoint({
    method: 'POST',
    path: '/api/v1/people',
    tag,
    summary: 'Invite somebody; answers a one-time link, shown once',
    may: 'people.administer',
    body: z.object({ name: Line, email: Email, roles: z.array(RoleName).min(1).max(6) }),
    answer: z.object({ person: Person, link: z.string() }),
    status: 201,
    refusals: ['person.email-taken'],
  }),
  setRoles: endpoint({
    method: 'PUT',
    path: '/api/v1/people/:person/roles',
    tag,
    summary: 'Change what somebody may do',
    may: 'people.administer',
    params: z.object({ person: id('usr') }),
    body: z.object({ roles: z.array(RoleName).min(1).max(6) }),
    answer: z.object({ person: Person }),
    refusals: ['person.unknown', 'person.last-administrator'],
  }),
  deactivate: endpoint({
    method: 'POST',
    path: '/api/v1/people/:person/deactivate',
    tag,
    summary: 'End somebody’s access at once, sessions included',
    may: 'people.administer',
    params: z.object({ person: id('usr') }),
    body: z.object({ reason: Line }),
    answer: z.object({ person: Person }),
    refusals: ['person.unknown', 'person.last-administrator'],
  }),
  keys: endpoint({
    method: 'GET',
    path: '/api/v1/keys',
    tag,
    summary: 'API keys',
    may: 'people.administer',
    answer: z.object({ keys: z.array(ApiKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/v1/keys',
    tag,
    summary:
      'Create an API key; the secret is shown once. With `page`, one that web pages may carry for everybody to see',
    may: 'people.administer',
    body: z.object({
      name: Line,
      scopes: z.array(ScopeName).min(1).max(10),
      page: z
        .object({
          origins: z.array(z.string().trim().min(1).max(300)).max(MOST_ORIGINS).default([]),
          systems: z.array(Key).max(MOST_PAGE_SYSTEMS).default([]),
        })
        .optional(),
    }),
    answer: z.object({ key: ApiKey, secret: z.string() }),
    status: 201,
    refusals: ['page-key.other-scopes', 'page-key.bad-origin', 'page-key.incomplete', 'system.unknown'],
  }),
  revokeKey: endpoint({
    method: 'POST',
    path: '/api/v1/keys/:key/revoke',
    tag,
    summary: 'Revoke an API key at once',
    may: 'people.administer',
    params: z.object({ key: id('key') }),
    body: z.object({ reason: Line }),
    answer: z.object({ key: ApiKey }),
    refusals: ['key.unknown'],
  }),
};
