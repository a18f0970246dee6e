import { type Beat, detectorHeardAt } from '@firebreak/core/detect/channels';
import { DETECTOR_NAMES } from '@firebreak/core/detect/detectors';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { sourcesHeard } from '../../prepare/sources/index.ts';
import { suitesHeard } from '../evals/index.ts';
import { measuresHeard } from '../measures/index.ts';
import { monitorsHeard } from '../monitors/index.ts';
import { detectorsHeard, oldestWaiting, regularSystems, systemsWaiting } from '../signals/index.ts';

const TELEMETRY_MINUTES = 60;
const DETECTORS_MINUTES = 1;

const detectorKey = (name: string): string => `detector ${name}`;

/** A detector that nothing was there for yet. */
const NEVER = {
  detector: '',
  systems: [],
  ranAt: null,
  result: 'nothing',
  missed: 0,
  ran: 0,
  found: 0,
  failed: 0,
  failedAt: null,
  why: null,
} as const;

/** Systems whose interactions are not read while this is silent, a bounded number; of what is about one system, that. */
export async function systemsOf(sql: Sql, { key, kind, system }: Beat, now: Instant): Promise<readonly string[]> {
  if (system !== null) return [system];
  if (kind === 'detectors') return systemsWaiting(sql);
  if (kind !== 'detector') return [];
  return (await detectorsHeard(sql, now)).find(({ detector }) => detectorKey(detector) === key)?.systems ?? [];
}

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
  const heard = new Map((await detectorsHeard(sql, now)).map((it) => [it.detector, it]));
  const each = DETECTOR_NAMES.map((name): Beat => {
    const { detector: _, systems: __, since, ...state } = heard.get(name) ?? { ...NEVER, since: now };
    return {
      key: detectorKey(name),
      kind: 'detector',
      name: `Detector “${name}”`,
      system: null,
      lastAt: heard.has(name) ? detectorHeardAt(state, now) : null,
      since,
      everyMinutes: DETECTORS_MINUTES,
      paused: false,
      detector: state,
    };
  });
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
  return [detectors, ...each, ...telemetry, ...measures, ...monitors, ...suites, ...sources];
}
