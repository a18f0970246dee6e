import type { Beat } from '@firebreak/core/detect/channels';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { sourcesHeard } from '../../prepare/sources/index.ts';
import { suitesHeard } from '../evals/index.ts';
import { measuresHeard } from '../measures/index.ts';
import { monitorsHeard } from '../monitors/index.ts';
import { oldestWaiting, regularSystems } from '../signals/index.ts';

const TELEMETRY_MINUTES = 60;
const DETECTORS_MINUTES = 1;

/** Everything that may fall silent, as it says of itself. */
export async function beatsOf(sql: Sql, now: Instant): Promise<Beat[]> {
  const waiting = await oldestWaiting(sql);
  const detectors: Beat = {
    key: 'detectors',
    kind: 'detectors',
    name: 'The detectors',
    system: null,
    // Nothing waits for them: they have read everything there is.
    lastAt: waiting ?? now,
    since: waiting ?? now,
    everyMinutes: DETECTORS_MINUTES,
    paused: false,
  };
  const telemetry = (await regularSystems(sql)).map(
    ({ system, lastAt, firstAt, regular }): Beat => ({
      key: `telemetry ${system}`,
      kind: 'telemetry',
      name: `Telemetry of ${system}`,
      system,
      lastAt,
      since: firstAt,
      everyMinutes: regular ? TELEMETRY_MINUTES : null,
      paused: false,
    }),
  );
  const measures = (await measuresHeard(sql)).map(
    ({ system, name, title, lastAt, firstAt, everyMinutes }): Beat => ({
      key: `measure ${system} ${name}`,
      kind: 'measure',
      name: `${title} of ${system}`,
      system,
      lastAt,
      since: firstAt,
      everyMinutes,
      paused: false,
    }),
  );
  const monitors = (await monitorsHeard(sql)).map(
    ({ id, name, system, lastAt, addedAt, everyMinutes, paused }): Beat => ({
      key: `monitor ${id}`,
      kind: 'monitor',
      name: `Monitor “${name}”`,
      system,
      lastAt,
      since: addedAt,
      everyMinutes,
      paused,
    }),
  );
  const sources = (await sourcesHeard(sql)).map(
    ({ id, name, system, lastAt, addedAt }): Beat => ({
      key: `source ${id}`,
      kind: 'source',
      name: `Source “${name}”`,
      system,
      lastAt,
      since: addedAt,
      everyMinutes: null,
      paused: false,
    }),
  );
  const suites = (await suitesHeard(sql)).map(
    ({ id, kind, name, system, lastAt, addedAt, everyMinutes, paused }): Beat => ({
      key: `suite ${id}`,
      kind,
      name: `${kind === 'probes' ? 'Probes' : 'Golden set'} “${name}”`,
      system,
      lastAt,
      since: addedAt,
      everyMinutes,
      paused,
    }),
  );
  return [detectors, ...telemetry, ...measures, ...monitors, ...suites, ...sources];
}
