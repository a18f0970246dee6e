import { Problem } from '@firebreak/client';
import type { AnswerOf, AnyEndpoint, CallOf } from '@firebreak/contract';
import { QueryClient, type UseQueryResult, useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { client, isSignedOut } from './api.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => !(error instanceof Problem && error.status < 500) && failures < 3,
      retryDelay: (attempt) => Math.min(4_000, 400 * 2 ** attempt),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

queries.getQueryCache().subscribe((event) => {
  if (event.type === 'updated' && event.action.type === 'error' && isSignedOut(event.action.error)) askToSignIn();
});

const signedOutListeners = new Set<() => void>();
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => {
    signedOutListeners.delete(listener);
  };
}
function askToSignIn(): void {
  for (const listener of signedOutListeners) listener();
}

interface AskOptions<A> {
  readonly enabled?: boolean;
  readonly every?: number;
  readonly placeholder?: (before: A | undefined) => A | undefined;
}

const keyOf = (endpoint: AnyEndpoint, given: unknown): readonly [string, unknown] => [endpoint.path, given];

/** Reads an endpoint through the cache. The key is the path, so that one word refreshes all that begins with it. */
export function useAsk<E extends AnyEndpoint>(
  endpoint: E,
  given: CallOf<E>,
  options: AskOptions<AnswerOf<E>> = {},
): UseQueryResult<AnswerOf<E>> {
  return useQuery<AnswerOf<E>>({
    queryKey: keyOf(endpoint, given),
    queryFn: ({ signal }) => client.call(endpoint, given, { signal }),
    enabled: options.enabled ?? true,
    ...(options.every !== undefined && { refetchInterval: options.every }),
    ...(options.placeholder && { placeholderData: options.placeholder as never }),
  });
}

/** Reads one endpoint several times, once for each thing given. */
export function useAskEach<E extends AnyEndpoint>(
  endpoint: E,
  givens: readonly CallOf<E>[],
  { every }: { readonly every?: number } = {},
) {
  return useQueries({
    queries: givens.map((given) => ({
      queryKey: keyOf(endpoint, given),
      queryFn: ({ signal }: { signal: AbortSignal }) => client.call(endpoint, given, { signal }),
      ...(every !== undefined && { refetchInterval: every }),
    })),
  });
}

/** Marks as old everything read from addresses that begin with one of these. */
export function refresh(...paths: readonly string[]): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => paths.some((path) => String(queryKey[0]).startsWith(path)),
  });
}

/** Changes something. Nothing is optimistic: a screen in an incident shows what the server holds. */
export function useAct<E extends AnyEndpoint>(
  endpoint: E,
  then: { readonly refreshes?: readonly string[]; readonly done?: (answer: AnswerOf<E>) => void } = {},
) {
  return useMutation<AnswerOf<E>, Error, CallOf<E>>({
    mutationFn: (given) => client.call(endpoint, given),
    onSuccess: (answer) => {
      if (then.refreshes) refresh(...then.refreshes);
      then.done?.(answer);
    },
    onError: (error) => {
      if (isSignedOut(error)) askToSignIn();
    },
  });
}
