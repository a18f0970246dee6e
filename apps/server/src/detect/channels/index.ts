import { channels as doors } from '@firebreak/contract/detect/channels';
import { channelCoverage } from '@firebreak/core/detect/channels';
import { type Instant, isRefusal, later } from '@firebreak/core/kernel';
import type { DetectionChannel } from '@firebreak/core/prepare/inventory';
import { type App, type Deps, route, type Slice } from '../../platform/index.ts';
import { heldSystems, readSystem, registeredAmong } from '../../prepare/inventory/index.ts';
import { learnedBySuites } from '../evals/index.ts';
import { watchedOutside } from '../monitors/index.ts';
import { channelsHeard, systemsHeard } from '../signals/index.ts';
import { heartbeatBoard, heartbeatRoutes, listening } from './heartbeats.ts';
import { newVersions } from './new-versions.ts';

/** Systems of one answer, by name; ask for one by its key beyond that. */
const MOST_SYSTEMS = 1_000;
const MOST_UNREGISTERED = 200;
const NEVER = '' as Instant;

function routes(app: App, deps: Deps): void {
  route(app, doors.coverage, async ({ query }) => {
    const one = query.system === undefined ? null : await readSystem(deps.db, query.system);
    if (isRefusal(one)) return one;
    const systems = one === null ? (await heldSystems(deps.db, MOST_SYSTEMS)).filter(({ retired }) => !retired) : [one];
    const heard = await channelsHeard(deps.db, one?.key ?? null);
    const watched = await watchedOutside(deps.db);
    const learned = await learnedBySuites(deps.db);
    return {
      systems: systems.map(({ key, name, routes }) => {
        const own = watched.filter(({ system }) => system === key);
        // A monitor that looked and found nothing has listened all the same.
        const listened = own
          .flatMap(({ good_at }) => good_at ?? [])
          .reduce<Instant>((a, b) => later(a, b), heard.get(key)?.external ?? NEVER);
        const deaf: DetectionChannel[] = own.length > 0 && own.every(({ silent }) => silent) ? ['external'] : [];
        const all = { ...heard.get(key), ...(listened !== NEVER && { external: listened }) };
        // So has a suite whose run ended well and raised nothing.
        for (const { kind, good_at, deaf: none } of learned.filter(({ system }) => system === key)) {
          const channel = kind === 'probes' ? 'probe' : 'golden-set';
          if (good_at !== null) all[channel] = later(good_at, all[channel] ?? NEVER);
          if (none) deaf.push(channel);
        }
        return { system: key, name, channels: [...channelCoverage(routes, all, deps.now(), deaf)] };
      }),
    };
  });

  route(app, doors.unregistered, async () => {
    const heard = await systemsHeard(deps.db, deps.now());
    const known = await registeredAmong(
      deps.db,
      heard.map(({ system }) => system),
    );
    return {
      systems: heard
        .filter(({ system }) => !known.has(system))
        .slice(0, MOST_UNREGISTERED)
        .map(({ system, features, ...each }) => ({ key: system, ...each, features: [...features] })),
    };
  });
}

/** What is heard of each system, against what the inventory knows: silent channels, unknown systems, new versions. */
export const channels: Slice = {
  name: 'channels',
  routes(app, deps) {
    routes(app, deps);
    heartbeatRoutes(app, deps);
  },
  boards: [heartbeatBoard],
  watches: [newVersions, listening],
};
