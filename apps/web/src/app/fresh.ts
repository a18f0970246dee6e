import { Problem } from '@firebreak/client';

/** Asks for the password of whoever is signed in, and says whether it was given. */
type AskPassword = (why: string) => Promise<boolean>;
let askPassword: AskPassword | null = null;

/** The shell says who asks; returns the way to stop. */
export function onStale(ask: AskPassword): () => void {
  askPassword = ask;
  return () => {
    askPassword = null;
  };
}

/** Goes on where it stopped once the password was given again: nothing that was typed is lost. */
export async function withFresh<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'session.stale' || askPassword === null) throw error;
    if (!(await askPassword(error.detail))) throw error;
    return call();
  }
}
