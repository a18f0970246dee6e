import { isRecorded, type Sighting } from '@firebreak/core/detect/channels';
import { earlier, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { announce, type Deps, firebreakItself, type Watch } from '../../platform/index.ts';
import { type ReportedChange, readSystem, recordOneWithin } from '../../prepare/inventory/index.ts';
import { sightingsOf } from '../signals/index.ts';

const AT_ONCE = 100;

const reportOf = (deps: Deps, { system, kind, version, at }: Sighting): ReportedChange => ({
  system,
  kind,
  subject: '',
  from: null,
  to: version,
  // What answers somewhere is not yet what a deployment is meant to run: that is for people and pipelines to say.
  deployment: null,
  text: null,
  diff: null,
  note: 'First seen in telemetry. Nobody had recorded it.',
  link: '',
  source: 'telemetry',
  id: `telemetry:${kind}:${version}`.slice(0, 256),
  occurredAt: earlier(at, deps.now()),
});

/**
 * Makes a change of every version that telemetry names and nobody recorded. After a restart versions are noticed again
 * by the next interaction that names them, and the key of the change keeps it from standing twice.
 */
export const newVersions: Watch = {
  name: 'new-versions',
  everyMs: 5_000,
  async look(deps) {
    const sightings = sightingsOf(deps);
    const taken = sightings.take();
    if (taken.length === 0) return;
    const unknown: Sighting[] = [];
    const systems = new Map<string, Awaited<ReturnType<typeof readSystem>>>();
    for (const sighting of taken) {
      const system = systems.get(sighting.system) ?? (await readSystem(deps.db, sighting.system));
      systems.set(sighting.system, system);
      if (!isRefusal(system) && !system.retired && !isRecorded(system, sighting)) unknown.push(sighting);
    }
    for (let i = 0; i < unknown.length; i += AT_ONCE) {
      const some = unknown.slice(i, i + AT_ONCE);
      try {
        const facts: Recorded[] = [];
        await deps.db.transaction(async (tx) => {
          for (const sighting of some) {
            const done = await recordOneWithin(tx, deps, firebreakItself('telemetry'), reportOf(deps, sighting));
            if (isRefusal(done))
              deps.log.warn({ refused: done.refused, kind: sighting.kind }, 'a version was not noted');
            else facts.push(...done);
          }
        }, 'bulk');
        await announce(deps, facts);
      } catch (error) {
        sightings.giveBack(unknown.slice(i));
        throw error;
      }
    }
  },
};
