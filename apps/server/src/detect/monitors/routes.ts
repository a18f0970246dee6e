import { monitors as doors } from '@firebreak/contract/detect/monitors';
import {
  addMonitor,
  addressOf,
  describeMonitor,
  foldMonitor,
  type Monitor,
  type MonitorDescription,
  type MonitorFact,
  type MonitorId,
  monitorFault,
  pauseMonitor,
  relevanceOf,
  removeMonitor,
  resumeMonitor,
  tooOld,
} from '@firebreak/core/detect/monitors';
import { type Decision, type Instant, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Caller, type Deps, route, type Sql } from '../../platform/index.ts';
import { heldSystems, readSystem } from '../../prepare/inventory/index.ts';
import { readVendor } from '../../prepare/vendors/index.ts';
import { ask } from './ask.ts';
import { countMonitors, listMonitors, type MonitorRow, readMonitor } from './board.ts';
import { freeHost, takeHost } from './hosts.ts';
import { lookSoon } from './look.ts';
import { aboutOf } from './settle.ts';

const EXCERPT = 400;

async function unknownSubject(sql: Sql, { system, vendor }: MonitorDescription): Promise<Refusal | null> {
  if (system !== null) {
    const found = await readSystem(sql, system);
    if (isRefusal(found)) return { ...found, pointer: '/system' };
  }
  if (vendor !== null && (await readVendor(sql, vendor)) === null)
    return refuse(
      'vendor.unknown',
      `There is no vendor “${vendor}”. List the vendors to see the ones there are.`,
      '/vendor',
    );
  return null;
}

/** Who is told of reports from outside about a system, in words. */
async function routesOf(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const systems = await heldSystems(sql);
  return new Map(
    systems.flatMap(({ key, routes }) => {
      const to = routes.find(({ channel }) => channel === 'external')?.to;
      return to ? [[key, to] as const] : [];
    }),
  );
}

async function shown(deps: Deps, row: MonitorRow, told: ReadonlyMap<string, string>) {
  const { data } = row;
  const { removed: _, ...monitor } = data;
  const vendor = data.vendor === null ? null : await readVendor(deps.db, data.vendor);
  const { keywords } = data;
  return {
    ...monitor,
    keywords: {
      brand: [...keywords.brand],
      must: [...keywords.must],
      any: [...keywords.any],
      not: [...keywords.not],
      near: [...keywords.near],
    },
    pages: data.pages ?? false,
    looksAt: addressOf(data) ?? '',
    vendorName: vendor?.name ?? null,
    lookedAt: row.looked_at,
    goodAt: row.good_at,
    nextAt: data.paused === null ? row.next_at : null,
    fault: row.fault,
    failures: row.failures,
    kept: row.kept,
    dropped: row.dropped,
    toldTo: (data.system === null ? null : told.get(data.system)) ?? null,
  };
}

interface ItemRow {
  readonly id: string;
  readonly first_seen_at: Instant;
  readonly last_seen_at: Instant;
  readonly kept: boolean;
  readonly signals: `sig_${string}`[];
  readonly data: {
    readonly title: string;
    readonly url: string | null;
    readonly text: string;
    readonly at: Instant | null;
    readonly score: number;
    readonly reasons: string[];
  };
}

const unknown = () =>
  refuse('monitor.unknown', 'There is no such monitor. List the monitors to see the ones there are.');

export function routes(app: App, deps: Deps): void {
  const answer = async (id: string) => ({
    monitor: await shown(deps, (await readMonitor(deps.db, id))!, await routesOf(deps.db)),
  });
  async function change(id: MonitorId, by: Caller, decide: (state: Monitor | null) => Decision<MonitorFact>) {
    const done = await act(deps, { stream: id, by, may: 'monitor.edit', fold: foldMonitor, decide });
    return isRefusal(done) ? done : answer(id);
  }

  route(app, doors.list, async ({ query }) => {
    const rows = (await listMonitors(deps.db)).filter(
      ({ data }) => query.system === undefined || data.system === query.system,
    );
    const told = await routesOf(deps.db);
    return { monitors: await Promise.all(rows.map((row) => shown(deps, row, told))) };
  });

  route(app, doors.add, async ({ body, caller }) => {
    const stranger = monitorFault(body) ?? (await unknownSubject(deps.db, body));
    if (stranger !== null) return stranger;
    const monitor = deps.mint('mon');
    const beside = await countMonitors(deps.db);
    const done = await change(monitor, caller, (state) => addMonitor(state, { monitor, ...body }, beside));
    if (!isRefusal(done)) deps.wake();
    return done;
  });

  route(app, doors.describe, async ({ params, body, caller }) => {
    const stranger = monitorFault(body) ?? (await unknownSubject(deps.db, body));
    if (stranger !== null) return stranger;
    const done = await change(params.monitor, caller, (state) => describeMonitor(state, body));
    if (!isRefusal(done)) await lookSoon(deps, params.monitor);
    return done;
  });
  route(app, doors.pause, ({ params, body, caller }) =>
    change(params.monitor, caller, (state) => pauseMonitor(state, body)),
  );
  route(app, doors.resume, async ({ params, caller }) => {
    const done = await change(params.monitor, caller, resumeMonitor);
    if (!isRefusal(done)) await lookSoon(deps, params.monitor);
    return done;
  });
  route(app, doors.remove, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.monitor,
      by: caller,
      may: 'monitor.edit',
      fold: foldMonitor,
      decide: (state) => removeMonitor(state, body),
    });
    return isRefusal(done) ? done : {};
  });

  route(app, doors.items, async ({ params, query }) => {
    if ((await readMonitor(deps.db, params.monitor)) === null) return unknown();
    const { rows } = await deps.db.query<ItemRow>(
      `select id, first_seen_at, last_seen_at, kept, signals, data from monitor_item
       where monitor = $1 and ($2 = 'all' or kept = ($2 = 'kept')) order by first_seen_at desc, id desc limit $3`,
      [params.monitor, query.show, query.limit],
    );
    return {
      items: rows.map(({ data, first_seen_at, last_seen_at, ...row }) => ({
        ...row,
        ...data,
        firstSeenAt: first_seen_at,
        lastSeenAt: last_seen_at,
      })),
    };
  });

  route(app, doors.test, async ({ body }) => {
    const fault = monitorFault(body) ?? (await unknownSubject(deps.db, body));
    if (fault !== null) return fault;
    const looksAt = addressOf(body)!;
    const { host } = new URL(looksAt);
    const freeAt = await takeHost(deps.db, host, deps.now());
    if (freeAt !== null)
      return refuse(
        'monitor.host-waits',
        `${host} is asked by another monitor, or wants to be left alone until ${freeAt.slice(11, 19)} UTC. Try again after that.`,
      );
    const seen = await ask(deps, body, { etag: null, lastModified: null }, deps.now());
    const now = deps.now();
    await freeHost(deps.db, host, now, seen.retryAfterMs);
    const { systems } = await aboutOf(deps.db, body);
    return {
      trial: {
        looksAt,
        status: seen.status,
        fault: seen.fault,
        wouldTell: [...systems],
        items: (seen.items ?? []).map((item) => {
          const verdict = relevanceOf(body.kind, item, body.keywords, body.threshold);
          const old = verdict.keep ? tooOld(body.kind, item, now) : null;
          return {
            title: item.title,
            url: item.url,
            text: item.text.slice(0, EXCERPT),
            at: item.at,
            kept: verdict.keep && old === null,
            score: verdict.score,
            reasons: old === null ? [...verdict.reasons] : [old],
          };
        }),
      },
    };
  });
}
