import { moderation as doors } from '@firebreak/contract/detect/moderation';
import {
  addModerator,
  counts,
  describeModerator,
  foldModerator,
  isUnreadable,
  judgeFlag,
  keyModerator,
  type Moderator,
  type ModeratorDescription,
  type ModeratorFact,
  type ModeratorId,
  pauseModerator,
  precisionOf,
  removeModerator,
  resumeModerator,
} from '@firebreak/core/detect/moderation';
import { type Decision, isRefusal, refuse } from '@firebreak/core/kernel';
import {
  type App,
  act,
  actWithin,
  announce,
  type Caller,
  type Deps,
  OutboundRefused,
  outboundOf,
  route,
  type Sql,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { countModerators, listModerators, type ModeratorRow, readModerator } from './board.ts';
import { opinionsOf, wasFlagged } from './opinions.ts';
import { keepKey, keyOf } from './secrets.ts';
import { send } from './send.ts';

function shown({ data, waiting, flagged, clean, none, not_asked, requests, ms }: ModeratorRow) {
  const { removed: _, judged: _judged, ...moderator } = data;
  const { rate, ...precision } = precisionOf(data);
  return {
    ...moderator,
    systems: [...data.systems],
    waiting,
    lastDay: {
      asked: flagged + clean + none,
      flagged,
      clean,
      none,
      notAsked: not_asked,
      meanMs: requests === 0 ? null : ms / requests,
    },
    precision: { ...precision, rate: rate === null ? null : { ...rate } },
  };
}

const unknown = () =>
  refuse('moderator.unknown', 'There is no such moderator. List the moderators to see the ones there are.');

export function routes(app: App, deps: Deps): void {
  const answer = async (id: string) => {
    const row = await readModerator(deps.db, id, deps.now());
    return row === null ? unknown() : { moderator: shown(row) };
  };
  async function change(id: ModeratorId, by: Caller, decide: (state: Moderator | null) => Decision<ModeratorFact>) {
    const done = await act(deps, { stream: id, by, may: 'monitor.edit', fold: foldModerator, decide });
    return isRefusal(done) ? done : answer(id);
  }
  async function faultOf({ address, systems }: ModeratorDescription, sql: Sql) {
    for (const [i, key] of systems.entries()) {
      const found = await readSystem(sql, key);
      if (isRefusal(found)) return { ...found, pointer: `/systems/${i}` };
    }
    try {
      if (URL.canParse(address)) await outboundOf(deps).check(address);
    } catch (error) {
      if (error instanceof OutboundRefused) return refuse('moderator.bad-address', error.message, '/address');
      throw error;
    }
    return null;
  }

  route(app, doors.list, async () => ({ moderators: (await listModerators(deps.db, deps.now())).map(shown) }));

  route(app, doors.add, async ({ body, caller }) => {
    const { key = null, ...description } = body;
    const fault = await faultOf(description, deps.db);
    if (fault !== null) return fault;
    const moderator = deps.mint('mdr');
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, {
        stream: moderator,
        by: caller,
        may: 'monitor.edit',
        fold: foldModerator,
        given: countModerators,
        decide: (state, _, beside) => addModerator(state, { moderator, keyed: key !== null, ...description }, beside),
      });
      if (!isRefusal(made)) await keepKey(tx, deps, moderator, key);
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return answer(moderator);
  });

  route(app, doors.describe, async ({ params, body, caller }) => {
    const fault = await faultOf(body, deps.db);
    return fault ?? change(params.moderator, caller, (state) => describeModerator(state, body));
  });
  route(app, doors.key, async ({ params, body, caller }) => {
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, {
        stream: params.moderator,
        by: caller,
        may: 'monitor.edit',
        fold: foldModerator,
        decide: (state) => keyModerator(state, { keyed: body.key !== null }),
      });
      if (!isRefusal(made)) await keepKey(tx, deps, params.moderator, body.key);
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return answer(params.moderator);
  });
  route(app, doors.pause, ({ params, body, caller }) =>
    change(params.moderator, caller, (state) => pauseModerator(state, body)),
  );
  route(app, doors.resume, ({ params, caller }) => change(params.moderator, caller, resumeModerator));
  route(app, doors.remove, async ({ params, body, caller }) => {
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, {
        stream: params.moderator,
        by: caller,
        may: 'monitor.edit',
        fold: foldModerator,
        decide: (state) => removeModerator(state, body),
      });
      if (!isRefusal(made)) {
        await keepKey(tx, deps, params.moderator, null);
        await tx.query("delete from moderation_opinion where moderator = $1 and state = 'waiting'", [params.moderator]);
      }
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return {};
  });

  route(app, doors.opinions, async ({ params, query }) => {
    const row = await readModerator(deps.db, params.moderator, deps.now());
    return row === null ? unknown() : { opinions: await opinionsOf(deps.db, row.data, query) };
  });
  route(app, doors.judge, async ({ params, body, caller }) => {
    const flagged = await wasFlagged(deps.db, params.moderator, body.interaction);
    const done = await act(deps, {
      stream: params.moderator,
      by: caller,
      may: 'candidate.judge',
      fold: foldModerator,
      decide: (state) => judgeFlag(state, body, flagged),
    });
    return isRefusal(done) ? done : answer(params.moderator);
  });

  route(app, doors.test, async ({ body }) => {
    const { key, moderator, text, ...description } = body;
    const stored = moderator === undefined ? null : await readModerator(deps.db, moderator, deps.now());
    if (moderator !== undefined && stored === null) return unknown();
    // The stored key goes where it was meant to go, and nowhere else.
    const usable = stored !== null && stored.data.address === description.address;
    const sent = key ?? (usable ? await keyOf(deps.db, deps, stored.data.id) : null);
    const fault = addModerator(null, { moderator: 'mdr_trial', keyed: false, ...description, trust: 'weak' }, 0);
    const stranger = isRefusal(fault) ? fault : await faultOf(description, deps.db);
    if (stranger !== null) return stranger;
    const { side } = description;
    const question = {
      id: 'trial',
      system: description.systems[0] ?? 'trial',
      input: side === 'output' ? null : text,
      output: side === 'input' ? null : text,
    };
    const reply = await send(deps, description, sent, [question]);
    const opinion = reply.said?.opinions[0] ?? null;
    const said =
      opinion === null || isUnreadable(opinion)
        ? null
        : { ...opinion, categories: opinion.categories.map((each) => ({ ...each })) };
    return {
      trial: {
        status: reply.status,
        fault: reply.fault,
        latencyMs: reply.latencyMs,
        model: reply.said?.model ?? null,
        said,
        counts: said !== null && counts(said, description),
      },
    };
  });
}
