import { type Answering, oversight as doors } from '@firebreak/contract/detect/oversight';
import {
  agree,
  foldAgreement,
  foldNotice,
  NO_TERMS,
  type Notice,
  type NoticeId,
  recordNotice,
  settleNotice,
} from '@firebreak/core/detect/oversight';
import { addMs, isRefusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Deps, route, type Slice } from '../../platform/index.ts';
import { heldSystems, modelsDeployed, readSystem } from '../../prepare/inventory/index.ts';
import { readVendor, vendorsInUse } from '../../prepare/vendors/index.ts';
import { trafficSince } from '../signals/index.ts';
import { agreementsHeld, noticesHeld, oversightBoard } from './board.ts';
import { type GuardsAsked, guardedWith, holesHeld } from './guarded.ts';
import { checking, forgetting } from './look.ts';
import { forgetKnown } from './onlook.ts';

const DAY_MS = 86_400_000;
const MOST_SYSTEMS = 300;

function routes(app: App, deps: Deps): void {
  const agreements = async (only: string | null) => {
    const held = await agreementsHeld(deps.db);
    const deployed = await modelsDeployed(deps.db);
    const systems = (await heldSystems(deps.db))
      .filter(({ key, retired }) => !retired && (only === null || key === only))
      .slice(0, MOST_SYSTEMS);
    const answered = await deps.db.query<{
      system: string;
      kind: Answering['kind'];
      asked: string;
      answered: string;
      count: string;
      at: string;
    }>(
      `select system, kind, asked, answered, count, last_at as at from oversight_answered where $1::text is null or system = $1
       order by last_at desc limit 1000`,
      [only],
    );
    const reviews = await deps.db.query<{ system: string; waiting: number; bypassed: number }>(
      `select system, (count(*) filter (where reviewed_at is null and not told))::int as waiting, (count(*) filter (where told))::int as bypassed
       from oversight_pending where ($1::text is null or system = $1) and coalesce(given_id, '') !~ '^(drill|simulated):' group by system`,
      [only],
    );
    const holes = await holesHeld(deps.db, deps.now());
    const since = addMs(deps.now(), -DAY_MS);
    return Promise.all(
      systems.map(async ({ key, name }) => {
        const { system: _, at, by, ...terms } = held.get(key) ?? { system: key, at: null, by: null, ...NO_TERMS };
        const traffic = (await trafficSince(deps.db, key, since)) ?? [];
        const review = reviews.rows.find(({ system }) => system === key);
        return {
          ...terms,
          models: terms.models === null ? null : [...terms.models],
          reviewed: [...terms.reviewed],
          system: key,
          name,
          deployed: [...(deployed.get(key) ?? [])],
          answering: answered.rows
            .filter(({ system }) => system === key)
            .slice(0, 20)
            .map(({ kind, asked, answered, count, at }) => ({
              kind,
              asked,
              answered,
              count: Number(count),
              lastAt: at as never,
            })),
          lastDay: traffic.reduce((sum, { requests }) => sum + requests, 0),
          hole: holes.get(key) ?? null,
          waiting: review?.waiting ?? 0,
          bypassed: review?.bypassed ?? 0,
          at,
          by,
        };
      }),
    );
  };
  const shown = async (notices: readonly Notice[]) => {
    const vendors = new Map((await vendorsInUse(deps.db)).map((each) => [each.id, each]));
    return notices.map((notice) => ({
      ...notice,
      vendorName: vendors.get(notice.vendor)?.name ?? null,
      systems: [...new Set((vendors.get(notice.vendor)?.dependants ?? []).map(({ system }) => system))],
    }));
  };

  route(app, doors.list, async () => ({
    agreements: await agreements(null),
    notices: await shown(await noticesHeld(deps.db, false)),
  }));

  route(app, doors.agree, async ({ params, body, caller }) => {
    const system = await readSystem(deps.db, params.system);
    if (isRefusal(system)) return system;
    const done = await act(deps, {
      stream: `oversight:${system.key}`,
      by: caller,
      may: 'system.edit',
      fold: foldAgreement,
      decide: (state) =>
        agree(state, {
          system: system.key,
          models: body.models,
          reviewed: body.reviewed,
          content: body.content,
          perDay: body.perDay,
        }),
    });
    if (isRefusal(done)) return done;
    forgetKnown(deps);
    return { agreement: (await agreements(system.key))[0]! };
  });

  route(app, doors.review, async ({ body }) => {
    const { system, interaction, by, outcome } = body;
    const where = 'system = $1 and (interaction = $2 or given_id = $2 or trace_id = lower($2))';
    const { count } = await deps.db.query(
      `update oversight_pending set reviewed_at = $3, reviewed_by = $4, outcome = $5 where ${where} and reviewed_at is null and not told`,
      [system, interaction, deps.now(), by, outcome],
    );
    if (count > 0) return { reviewed: count };
    const known = await deps.db.query(`select 1 from oversight_pending where ${where} limit 1`, [system, interaction]);
    if (known.count > 0) return { reviewed: 0 };
    return refuse(
      'interaction.unknown',
      `No answer “${interaction}” of ${system} waits for a person. Send the interaction first, and name its feature under oversight.`,
    );
  });

  route(app, doors.notice, async ({ body, caller }) => {
    if ((await readVendor(deps.db, body.vendor)) === null)
      return refuse(
        'vendor.unknown',
        `There is no vendor “${body.vendor}”. List the vendors to see the ones there are.`,
        '/vendor',
      );
    const notice = deps.mint('ntc') as NoticeId;
    const done = await act(deps, {
      stream: notice,
      by: caller,
      may: 'vendor.edit',
      fold: foldNotice,
      decide: (state) => recordNotice(state, { ...body, notice }),
    });
    return isRefusal(done) ? done : { notice: (await shown([done.state!]))[0]! };
  });

  route(app, doors.settle, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.notice,
      by: caller,
      may: 'vendor.edit',
      fold: foldNotice,
      decide: (state) => settleNotice(state, body),
    });
    return isRefusal(done) ? done : {};
  });
}

/**
 * Whether what was agreed is kept: models, reviews by people, records; and what suppliers announce or change without a word. `guards`
 * says what guards have let through.
 */
export const oversightWith = (guards: GuardsAsked): Slice => ({
  name: 'oversight',
  routes,
  boards: [oversightBoard],
  watches: [checking, guardedWith(guards), forgetting],
});

export { overlook } from './onlook.ts';
