import { createHash } from 'node:crypto';
import { canonical } from '@firebreak/core/evidence';
import { foldSystem } from '@firebreak/core/prepare/inventory';
import type { HoldInForce, Manifest } from '@firebreak/core/respond/containment';
import { telemetryMarks } from '../../detect/signals/index.ts';
import { type Deps, loadStream, type Sql } from '../../platform/index.ts';
import { isLive, latelyAt, type Roster } from './roster.ts';

const MOST_INSTANCES = 500;

/** What is in force at this moment, for the record, before anything is changed. Small: the bulk stays where it is. */
export async function takeManifest(
  tx: Sql,
  deps: Deps,
  roster: Roster,
  system: { readonly key: string; readonly id: string },
  inForce: readonly HoldInForce[],
): Promise<Manifest> {
  const takenAt = deps.now();
  const lately = latelyAt(takenAt);
  const inventory = foldSystem(await loadStream(tx, system.id));
  const instances = await roster.instances(system.key, MOST_INSTANCES, tx);
  const taken: Omit<Manifest, 'digest'> = {
    manifest: deps.mint('man'),
    system: system.key,
    versions: (inventory?.deployments ?? []).flatMap(({ name, versions }) =>
      Object.entries(versions).map(([kind, version]) => ({ deployment: name, kind, version })),
    ),
    holds: inForce.map(({ hold }) => hold),
    roster: instances.map((each) => ({
      instance: each.instance,
      host: each.host,
      epoch: each.epoch,
      live: isLive(each, lately),
    })),
    telemetry: await telemetryMarks(tx, system.key),
    takenAt,
  };
  return { ...taken, digest: `sha256:${createHash('sha256').update(canonical(taken)).digest('hex')}` };
}
