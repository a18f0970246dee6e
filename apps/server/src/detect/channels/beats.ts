import { type Beat, type BeatKind, detectorHeardAt } from '@firebreak/core/detect/channels';
import { DETECTOR_NAMES } from '@firebreak/core/detect/detectors';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { sourcesHeard } from '../../prepare/sources/index.ts';
import { signInsHeard } from '../access/index.ts';
import { suitesHeard } from '../evals/index.ts';
import { measuresHeard } from '../measures/index.ts';
import { moderatorsHeard } from '../moderation/index.ts';
import { monitorsHeard } from '../monitors/index.ts';
import { predictionsHeard } from '../predictions/index.ts';
import {
  detectorsHeard,
  feedbackHeard,
  type OnlookerName,
  oldestWaiting,
  onlookersHeard,
  regularSystems,
  systemsHeard,
  systemsWaiting,
} from '../signals/index.ts';

const TELEMETRY_MINUTES = 60;
const DETECTORS_MINUTES = 1;
const MODERATOR_MINUTES = 1;

const detectorKey = (name: string): string => `detector ${name}`;

const moderatorKey = (id: string): string => `moderator ${id}`;
/** Systems that learn of the silence of something that is about all of them. */
const MOST_TOLD = 20;
const onlookerKey = (name: string): string => `onlooker ${name}`;
/** What each looks at. */
const ONLOOKER_NAMES: Readonly<Record<OnlookerName, string>> = {
  countSeen: 'Counting into measures',
  overlook: 'Holding against what was agreed',
  watchCalls: 'Reading the calls of agents',
  watchBudgets: 'Counting what sessions use up',
  watchContext: 'Holding questions against their session',
  watchAnswers: 'Holding answers against protected texts',
  watchAccess: 'Watching who asks',
  queueForModeration: 'Asking moderation models',
  watchHolds: 'Seeing holds in traffic',
};

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
  if (kind === 'onlooker')
    return (await onlookersHeard(sql, now)).find(({ detector }) => onlookerKey(detector) === key)?.systems ?? [];
  if (kind === 'moderator') {
    const moderator = (await moderatorsHeard(sql)).find(({ id }) => moderatorKey(id) === key);
    if (moderator === undefined || moderator.whenSilent === 'show') return [];
    const { systems } = moderator;
    return (systems.length > 0 ? systems : (await systemsHeard(sql, now)).map((it) => it.system)).slice(0, MOST_TOLD);
  }
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
  const onlookers = (await onlookersHeard(sql, now)).map(
    ({ detector: name, systems: _, since, ...state }): Beat => ({
      key: onlookerKey(name),
      kind: 'onlooker',
      name: ONLOOKER_NAMES[name],
      system: null,
      lastAt: detectorHeardAt(state, now),
      since,
      everyMinutes: DETECTORS_MINUTES,
      paused: false,
      detector: state,
    }),
  );
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
  // One that answers is heard, however little there is to ask it about.
  const moderators = (await moderatorsHeard(sql)).map(
    ({ id, name, addedAt, paused, silent, whenSilent }): Beat => ({
      key: moderatorKey(id),
      kind: 'moderator',
      name: `Moderator “${name}”`,
      system: null,
      lastAt: silent?.at ?? now,
      since: addedAt,
      everyMinutes: MODERATOR_MINUTES,
      paused: paused !== null,
      ...(whenSilent === 'page' && { pages: true as const }),
    }),
  );
  const rare = (kind: BeatKind, name: string, heard: Awaited<ReturnType<typeof feedbackHeard>>) =>
    heard.map(
      ({ system, lastAt, firstAt }): Beat => ({
        key: `${kind} ${system}`,
        kind,
        name: `${name} ${system}`,
        system,
        lastAt,
        since: firstAt,
        everyMinutes: null,
        paused: false,
      }),
    );
  return [
    detectors,
    ...each,
    ...onlookers,
    ...moderators,
    ...telemetry,
    ...measures,
    ...monitors,
    ...suites,
    ...sources,
    ...rare('feedback', 'Feedback about', await feedbackHeard(sql)),
    ...rare('predictions', 'Predictions of', await predictionsHeard(sql)),
    ...rare('sign-ins', 'Sign-ins of', await signInsHeard(sql)),
  ];
}
