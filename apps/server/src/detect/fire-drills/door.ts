import { signals } from '@firebreak/contract/detect/signals';
import type { Message } from '@firebreak/core/detect/fire-drills';
import type { App, Authenticate, Caller, Deps } from '../../platform/index.ts';

/** A key that lives as long as one message: it lets Firebreak use its own public doors like any program. */
const keys = new WeakMap<Deps, Set<string>>();
const CALLER: Caller = {
  actor: { kind: 'system', id: 'fire-drills' },
  may: new Set(['telemetry.send', 'signal.raise']),
};

export const authenticate: Authenticate = async ({ bearer }, deps) =>
  bearer !== null && keys.get(deps)?.has(bearer) ? CALLER : null;

export interface Taken {
  readonly status: number;
  /** Ids of what was taken. */
  readonly ids: readonly (string | null)[];
  readonly says: string;
}

/** Sends one message through the public door it is for: every check, limit and queue of it applies. */
export async function sendThrough(app: App, deps: Deps, { door, body }: Message): Promise<Taken> {
  const key = `drill_${Buffer.from(deps.random(32)).toString('base64url')}`;
  const held = keys.get(deps) ?? new Set();
  keys.set(deps, held.add(key));
  try {
    const answer = await app.inject({
      method: 'POST',
      url: door === 'interactions' ? signals.sendInteractions.path : signals.sendSignals.path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
    const said = answer.json<{ ids?: (string | null)[]; detail?: string }>();
    return { status: answer.statusCode, ids: said.ids ?? [], says: said.detail ?? '' };
  } finally {
    held.delete(key);
  }
}
