const KEY = 'firebreak.reloaded-at';
const ONCE_IN_MS = 60_000;

/**
 * A part of the app could not be fetched. When the server answers, it has been upgraded and the new page has the part;
 * when it does not, the wire is cut, and reloading would lose the screen that is still there.
 */
export async function reloadAfterUpgrade(): Promise<void> {
  const before = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - before < ONCE_IN_MS) return;
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
}
