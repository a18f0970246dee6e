import { createHash } from 'node:crypto';
import { canonical } from '@firebreak/core/evidence';
import { foldSystem } from '@firebreak/core/prepare/inventory';
import type { HoldInForce, Manifest } from '@firebreak/core/respond/containment';
import { type TelemetryMarks, telemetryMarks } from '../../detect/signals/index.ts';
import { type Deps, type Sql, together } from '../../platform/index.ts';
import { type Instance, isLive, latelyAt, type Roster } from './roster.ts';

const MOST_INSTANCES = 500;

/** What is to be seen of a system, as it is in this transaction. */
interface Seen {
  readonly key: string;
  readonly inventory: ReturnType<typeof foldSystem>;
  readonly instances: readonly Instance[];
  readonly telemetry: TelemetryMarks;
}

export async function lookAt(
  tx: Sql,
  deps: Deps,
  roster: Roster,
  system: { readonly key: string; readonly id: string },
): Promise<Seen> {
  const [facts, instances, telemetry] = await together([
    deps.streams.load(tx, system.id),
    roster.instances(system.key, MOST_INSTANCES, tx),
    telemetryMarks(tx, system.key),
  ]);
  return { key: system.key, inventory: foldSystem(facts), instances, telemetry };
}

/** What is in force at this moment, for the record, before anything is changed. Small: the bulk stays where it is. */
export function manifestOf(
  deps: Deps,
  { key, inventory, instances, telemetry }: Seen,
  inForce: readonly HoldInForce[],
): Manifest {
  const takenAt = deps.now();
  const lately = latelyAt(takenAt);
  const taken: Omit<Manifest, 'digest'> = {
    manifest: deps.mint('man'),
    system: key,
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
    telemetry,
    takenAt,
  };
  return { ...taken, digest: `sha256:${createHash('sha256').update(canonical(taken)).digest('hex')}` };
}
