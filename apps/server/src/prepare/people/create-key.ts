import { isRefusal, type Refusal } from '@firebreak/core/kernel';
import { createKey, foldKey, type KeyId, type PageUse, type Scope } from '@firebreak/core/prepare/people';
import { act, type Caller, type Deps } from '../../platform/index.ts';
import { registeredAmong } from '../inventory/index.ts';
import { hashOf, secretText } from './secrets.ts';

/** Makes an API key. The secret is in the answer and nowhere else; only its hash is kept. */
export async function createApiKey(
  deps: Deps,
  by: Caller,
  want: { readonly name: string; readonly scopes: readonly Scope[]; readonly page?: PageUse | undefined },
): Promise<{ readonly key: KeyId; readonly secret: string } | Refusal> {
  const key: KeyId = deps.mint('key');
  const secret = `fbk_${secretText()}`;
  const done = await act(deps, {
    stream: key,
    by,
    may: 'people.administer',
    fold: foldKey,
    given: (tx) => registeredAmong(tx, want.page?.systems ?? []),
    decide: (state, _asked, registered) => createKey(state, { key, ...want, hash: hashOf(secret) }, registered),
  });
  return isRefusal(done) ? done : { key, secret };
}
