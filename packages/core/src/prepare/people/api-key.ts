import { type Decision, type Fact, type Id, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import type { Scope } from './capabilities.ts';

export type KeyId = Id<'key'>;

/** `hash` is SHA-256 of a secret with 256 random bits: nothing can be guessed from it. */
export type KeyFact =
  | Fact<'key.created', { key: KeyId; name: string; scopes: readonly Scope[]; hash: string }>
  | Fact<'key.revoked', { reason: string }>;

export interface ApiKey {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly revoked: boolean;
}

export function foldKey(facts: readonly Recorded[]): ApiKey | null {
  return ofTypes<KeyFact>(facts, ['key.created', 'key.revoked']).reduce<ApiKey | null>((key, fact) => {
    if (fact.type === 'key.created')
      return { id: fact.data.key, name: fact.data.name, scopes: fact.data.scopes, revoked: false };
    return key && { ...key, revoked: true };
  }, null);
}

export function createKey(
  state: ApiKey | null,
  want: { readonly key: KeyId; readonly name: string; readonly scopes: readonly Scope[]; readonly hash: string },
): Decision<KeyFact> {
  return state === null ? [{ type: 'key.created', data: want }] : [];
}

export function revokeKey(state: ApiKey | null, want: { readonly reason: string }): Decision<KeyFact> {
  if (state === null)
    return refuse('key.unknown', 'There is no such API key. List the keys to see the ones there are.');
  return state.revoked ? [] : [{ type: 'key.revoked', data: want }];
}
