/** What an error says. */
export const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A file beside ours is there at once, or not at all. */
const LOAD_MS = 5_000;

/**
 * Loads what stands in a file of its own, so that who never needs it never carries it. Loaded once; after a failure, or five
 * seconds without an answer, whoever needs it next tries again. Rejects with an Error that says what to do.
 */
export function later<T>(load: () => Promise<T>, mostMs = LOAD_MS): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= Promise.race([load(), tooLate(mostMs)]).catch((error: unknown) => {
      loading = undefined;
      const said = why(error).slice(0, 300);
      throw new Error(`a file of the guard is missing (${said}); install or bundle @firebreak/guard as a whole`);
    });
    return loading;
  };
}

const tooLate = (ms: number) =>
  new Promise<never>((_, reject) => {
    AbortSignal.timeout(ms).onabort = () => reject(new Error(`nothing within ${ms} ms`));
  });
