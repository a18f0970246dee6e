import type { HoldInForce } from '@firebreak/core/respond/containment';
import { createGuard, type Guard } from '@firebreak/guard';
import { openStandIn, STAND_IN_KEY, type StandIn, until } from './stand-in-control-plane.ts';

/** A guard of `support-bot` and the control plane it obeys, for tests of what is built on it. */
export interface Guarded {
  readonly guard: Guard;
  readonly server: StandIn;
  /** Puts exactly these holds in force and waits until the guard has them. */
  order(...holds: readonly HoldInForce[]): Promise<void>;
  close(): Promise<void>;
}

export async function openGuarded(): Promise<Guarded> {
  const server = await openStandIn();
  const guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: 'support-bot', bootFailMode: 'deny' });
  await guard.ready();
  return {
    guard,
    server,
    async order(...holds) {
      server.hold(...holds);
      await until('obeyed', () => guard.stats().epoch === server.snapshot().epoch);
    },
    async close() {
      guard.close();
      await server.close();
    },
  };
}
