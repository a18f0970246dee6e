import { toolPermissions as doors } from '@firebreak/contract/respond/tool-permissions';
import { refuse } from '@firebreak/core/kernel';
import type { PermissionState } from '@firebreak/core/prepare/inventory';
import type { Signed } from '@firebreak/core/respond/containment';
import { type App, type Deps, route, type Slice } from '../../platform/index.ts';
import { toolsGranted } from '../../prepare/inventory/index.ts';
import { guardSigner } from '../containment/index.ts';

const CHANGING = ['system.registered', 'system.furnished', 'system.retired', 'tool.granted', 'tool.withdrawn'];
const CHANGES: ReadonlySet<string> = new Set(CHANGING);
const MOST_KEPT = 500;

async function routes(app: App, deps: Deps): Promise<void> {
  const { rows } = await deps.db.query<{ seq: number | null }>(
    'select max(seq) as seq from fact where type = any($1)',
    [CHANGING],
  );
  let epoch = Number(rows[0]?.seq ?? 0);
  let made = new Map<string, Promise<Signed | null>>();
  deps.feed.on((facts) => {
    const newest = facts.findLast((fact) => CHANGES.has(fact.type));
    if (newest === undefined) return;
    epoch = newest.seq;
    made = new Map();
  });

  async function make(system: string): Promise<Signed | null> {
    const signer = guardSigner(deps);
    const at = epoch;
    const permissions = await toolsGranted(deps.db, system === '*' ? null : system);
    if (system !== '*' && permissions[system] === undefined) return null;
    const { generation } = signer;
    return signer.sign({ schema: 1, system, generation, epoch: at, permissions } satisfies PermissionState);
  }

  route(app, doors.state, async ({ query: { system }, request, reply }) => {
    // Read before the state is: what changes meanwhile is a new ETag, never an old state under a new one.
    const etag = `"p-${guardSigner(deps).generation}-${epoch}"`;
    const kept = made;
    let state = kept.get(system);
    if (state === undefined) {
      state = make(system);
      if (kept.size < MOST_KEPT) kept.set(system, state);
      state.catch(() => kept.delete(system));
    }
    const signed = await state;
    if (signed === null) {
      kept.delete(system);
      return refuse('guard.unknown-system', `No system is registered as ${system}. Check the name, or register it.`);
    }
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) reply.code(304).send();
    return signed;
  });
}

/** Which tools systems were granted, as those who enforce it where calls pass keep it. */
export const toolPermissions: Slice = { name: 'tool-permissions', routes };
