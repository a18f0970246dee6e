/** What an error says. */
export const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A file beside ours is there at once, or not at all. */
const LOAD_MS = 5_000;

/**
 * Loads what stands in a file of its own, so that who never needs it never carries it. Loaded once; after a failure, or five
 * seconds without an answer, whoever needs it next tries again. Rejects with an Error that says what to do.
 */
export function later<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= within(load()).catch((error: unknown) => {
      loading = undefined;
      throw new Error(`a file of the guard is missing (${why(error).slice(0, 300)}); install or bundle @firebreak/guard as a whole`);
    });
    return loading;
  };
}

async function within<T>(loaded: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, LOAD_MS, `nothing within ${LOAD_MS} ms`);
  });
  try {
    return await Promise.race([loaded, late]);
  } finally {
    clearTimeout(timer);
  }
}
