import { guardChannel as doors } from '@firebreak/contract/respond/guard-channel';
import { refuse } from '@firebreak/core/kernel';
import { type App, type Deps, route } from '../../platform/index.ts';
import type { Confirmation } from './confirmation.ts';
import type { ControlState } from './control-state.ts';
import type { Hub } from './hub.ts';
import type { Proving } from './proving.ts';
import type { Roster } from './roster.ts';

interface Parts {
  readonly state: ControlState;
  readonly roster: Roster;
  readonly hub: Hub;
  readonly confirmation: Confirmation;
  readonly proving: Proving;
}

const unknown = (system: string) =>
  refuse('guard.unknown-system', `No system is registered as ${system}. Check the name, or register it.`);

/** The guard's channel without a socket: the signed state with its ETag, acknowledgements, public keys. */
export function guardRoutes(app: App, deps: Deps, parts: Parts): void {
  const { state, roster, hub, confirmation, proving } = parts;
  route(app, doors.snapshot, async ({ query, request, reply }) => {
    const { system, instance, host = '', version = '', kind = 'other' } = query;
    if (!state.knows(system)) return unknown(system);
    if (instance !== undefined) {
      roster.gone.heard(instance);
      const known = roster.here.get(instance);
      const connected_at = known?.connected_at ?? deps.now();
      roster.put({ instance, system, host, version, kind, transport: 'poll', presence: 'polling', connected_at });
    }
    const etag = `"${state.generation}-${state.epochOf(system)}"`;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) reply.code(304).send();
    return state.signed(system);
  });

  route(app, doors.ack, async ({ body }) => {
    const { system, instance, host, kind, version, failMode, ack, nack, counters, checks, checked, capsules } = body;
    if (!state.knows(system)) return unknown(system);
    roster.gone.heard(instance);
    const transport = 'poll';
    const put = roster.put({
      instance,
      system,
      host,
      kind,
      version,
      fail_mode: failMode,
      transport,
      presence: 'polling',
      tries: checks,
    });
    if (put === undefined) return refuse('server.busy', 'Too many instances are connected to this server.');
    if (ack !== undefined) hub.ack(put, ack);
    if (nack !== undefined) hub.nack(roster.here.get(instance) ?? put, nack);
    hub.count(roster.here.get(instance) ?? put, counters);
    state.reportCapsules({ instance, host, capsules });
    if (checked !== undefined) confirmation.checked(put, checked);
    const check = checked === undefined ? await proving.wanted(roster.here.get(instance) ?? put) : [];
    const head = { generation: state.generation, epoch: state.epochOf(system) };
    return check.length === 0 ? head : { ...head, check };
  });

  route(app, doors.keys, async () => ({ keys: [...state.publicKeys] }));
}
