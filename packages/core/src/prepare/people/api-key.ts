import { type Decision, type Fact, type Id, isRefusal, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import type { Scope } from './capabilities.ts';
import { type PageUse, readPageUse } from './page-use.ts';

export type KeyId = Id<'key'>;

interface NewKey {
  readonly key: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly hash: string;
}

/** `hash` is SHA-256 of a secret with 256 random bits: nothing can be guessed from it. */
export type KeyFact = Fact<'key.created', NewKey & { page?: PageUse }> | Fact<'key.revoked', { reason: string }>;

export interface ApiKey {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly revoked: boolean;
  /** It stands in web pages, for everybody to see. */
  readonly page?: PageUse;
}

export function foldKey(facts: readonly Recorded[]): ApiKey | null {
  return ofTypes<KeyFact>(facts, ['key.created', 'key.revoked']).reduce<ApiKey | null>((key, fact) => {
    if (fact.type === 'key.created') {
      const { key: id, name, scopes, page } = fact.data;
      return { id, name, scopes, revoked: false, ...(page && { page }) };
    }
    return key && { ...key, revoked: true };
  }, null);
}

/** `registered`: of the systems a page key names, those there are. */
export function createKey(
  state: ApiKey | null,
  want: NewKey & { readonly page?: PageUse | undefined },
  registered: ReadonlySet<string> = new Set(),
): Decision<KeyFact> {
  if (state !== null) return [];
  const { page: asked, ...key } = want;
  if (asked === undefined) return [{ type: 'key.created', data: key }];
  if (key.scopes.length !== 1 || key.scopes[0] !== 'flags')
    return refuse(
      'page-key.other-scopes',
      'Everybody can read a key that stands in a web page, so it may only evaluate flags: give it the scope “flags” and no other.',
      '/scopes',
    );
  const page = readPageUse(asked, registered);
  return isRefusal(page) ? page : [{ type: 'key.created', data: { ...key, page } }];
}

export function revokeKey(state: ApiKey | null, want: { readonly reason: string }): Decision<KeyFact> {
  if (state === null)
    return refuse('key.unknown', 'There is no such API key. List the keys to see the ones there are.');
  return state.revoked ? [] : [{ type: 'key.revoked', data: want }];
}
