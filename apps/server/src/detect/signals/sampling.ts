import type { Span } from '@firebreak/core/detect/signals';
import { systemKeyOf } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';

const MOST_KNOWN = 5_000;
const AGAIN_MS = 600_000;

const known = new WeakMap<Deps, Map<string, { readonly share: number; readonly at: number }>>();

/** Notes how much of it all the senders of these spans keep, as they say: the least share of each system. */
export async function noteSampling(deps: Deps, spans: readonly Span[], fallback: string): Promise<void> {
  let least: Map<string, number> | null = null;
  for (const { sampled, resource } of spans) {
    if (sampled === null) continue;
    const named = resource.get('firebreak.system') ?? resource.get('service.name');
    const system = (typeof named === 'string' ? systemKeyOf(named) : null) ?? fallback;
    least ??= new Map();
    least.set(system, Math.min(sampled, least.get(system) ?? 1));
  }
  if (least === null) return;
  const seen = known.get(deps) ?? new Map<string, { share: number; at: number }>();
  known.set(deps, seen);
  if (seen.size > MOST_KNOWN) seen.clear();
  const now = Date.parse(deps.now());
  for (const [system, share] of least) {
    const held = seen.get(system);
    if (held !== undefined && held.share === share && now - held.at < AGAIN_MS) continue;
    seen.set(system, { share, at: now });
    await deps.db.query(
      `insert into telemetry_sampling (system, share, at) values ($1, $2, $3)
       on conflict (system) do update set share = excluded.share, at = excluded.at`,
      [system, share, deps.now()],
    );
  }
}

export interface Sampled {
  readonly system: string;
  readonly share: number;
  readonly at: Instant;
}

/** Systems of which only a part is sent, as the traces say. */
export async function sampledSystems(sql: Sql): Promise<Sampled[]> {
  const { rows } = await sql.query<Sampled>(
    'select system, share, at from telemetry_sampling where share < 1 order by system limit 1000',
  );
  return rows;
}
