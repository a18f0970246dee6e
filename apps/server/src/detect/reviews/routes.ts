import { reviews as doors, MOST_TOGETHER } from '@firebreak/contract/detect/reviews';
import {
  decideReview,
  dueAt,
  foldPromises,
  foldReview,
  heldBy,
  mixedShapes,
  PROMISE_STREAM,
  type Reviewed,
  releaseReview,
  setPromise,
  takeReview,
  USUAL_PROMISE_HOURS,
} from '@firebreak/core/detect/reviews';
import type { Feedback, SignalId } from '@firebreak/core/detect/signals';
import { addMs, isRefusal, refuse } from '@firebreak/core/kernel';
import { type App, act, actOnMany, announce, type Deps, loadStream, route, type Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import {
  alikeToReview,
  confirmFeedback,
  feedbackById,
  feedbackToReview,
  reviewBacklog,
  reviewedFeedback,
  stillToReview,
} from '../signals/index.ts';
import { decidedLately, promiseKept, promisesOf, takenAmong } from './board.ts';

const MONTH_MS = 30 * 86_400_000;
const MOST_COUNTED = 20_000;
const NOBODY = { kind: 'system', id: '' } as const;

/** The label of the incident somebody names, or null where there is none. Asked through a door of a later phase. */
export type IncidentLabel = (sql: Sql, named: string) => Promise<string | null>;

const unknown = (id: string) =>
  refuse('review.unknown', `No feedback “${id}” waits for a review. Read the queue again to see what does.`);
const aboutOf = ({ id, system, kind, receivedAt }: Feedback): Reviewed => ({ feedback: id, system, kind, receivedAt });

export const routesWith =
  (incidentLabel: IncidentLabel) =>
  (app: App, deps: Deps): void => {
    const now = () => deps.now();

    route(app, doors.queue, async ({ query }) => {
      const found = await feedbackToReview(deps.db, query.system ?? null, query.limit);
      const promises = await promisesOf(deps.db);
      const taken = await takenAmong(
        deps.db,
        found.map(({ feedback }) => feedback.id),
      );
      const alike = await alikeToReview(deps.db, found, MOST_TOGETHER);
      return {
        items: found.map(({ feedback, urgency, shape }) => {
          const due = dueAt(feedback.receivedAt, promises.get(feedback.system) ?? USUAL_PROMISE_HOURS);
          const row = taken.get(feedback.id);
          const holds = row?.taken_by && row.taken_at ? { by: row.taken_by, at: row.taken_at } : null;
          return {
            feedback,
            urgency,
            dueAt: due,
            overdue: due < now(),
            taken: heldBy({ taken: holds }, { at: now(), by: NOBODY }) === null ? null : holds,
            alike: (alike.get(`${feedback.system}\n${shape}`) ?? []).filter(
              (id) => id !== feedback.id,
            ) as Feedback['id'][],
          };
        }),
      };
    });

    route(app, doors.decided, async ({ query }) => {
      const rows = await decidedLately(deps.db, query.system ?? null, query.limit);
      const texts = new Map(
        (
          await feedbackById(
            deps.db,
            rows.map((row) => row.feedback),
          )
        ).map((it) => [it.id, it]),
      );
      const items = [];
      for (const row of rows) {
        const { decided } = foldReview(await loadStream(deps.db, row.feedback));
        items.push({
          id: row.feedback,
          system: row.system,
          receivedAt: row.received_at,
          feedback: texts.get(row.feedback) ?? null,
          as: row.decided_as,
          reason: decided?.reason ?? null,
          incident: decided?.incident ?? null,
          by: row.decided_by,
          at: row.decided_at,
          inTime: row.in_time,
        });
      }
      return { items };
    });

    route(app, doors.figures, async () => {
      const promises = await promisesOf(deps.db);
      const backlog = await reviewBacklog(deps.db);
      const late = new Map<string, number>();
      // The oldest of each system says whether any is late at all.
      for (const { system, oldestAt } of backlog) {
        const hours = promises.get(system) ?? USUAL_PROMISE_HOURS;
        if (dueAt(oldestAt, hours) >= now()) continue;
        const waiting = await feedbackToReview(deps.db, system, MOST_COUNTED);
        late.set(system, waiting.filter(({ feedback }) => dueAt(feedback.receivedAt, hours) < now()).length);
      }
      const promised = [...promises.keys()].filter((system) => !backlog.some((each) => each.system === system));
      return {
        waiting: backlog.reduce((sum, { waiting }) => sum + waiting, 0),
        overdue: [...late.values()].reduce((sum, count) => sum + count, 0),
        oldestAt: backlog.map(({ oldestAt }) => oldestAt).sort()[0] ?? null,
        ...(await promiseKept(deps.db, addMs(now(), -MONTH_MS))),
        systems: [
          ...backlog.map((each) => ({ ...each, overdue: late.get(each.system) ?? 0 })),
          ...promised.map((system) => ({ system, waiting: 0, overdue: 0, oldestAt: null })),
        ].map((each) => ({ ...each, promisedHours: promises.get(each.system) ?? USUAL_PROMISE_HOURS })),
      };
    });

    route(app, doors.take, async ({ params, caller }) => {
      const [found] = await feedbackById(deps.db, [params.feedback]);
      if (found === undefined) return unknown(params.feedback);
      const done = await act(deps, {
        stream: found.id,
        by: caller,
        may: 'candidate.judge',
        fold: foldReview,
        decide: (state, asked) => takeReview(state, aboutOf(found), asked),
      });
      return isRefusal(done) ? done : { taken: done.state.taken! };
    });

    route(app, doors.release, async ({ params, caller }) => {
      if ((await feedbackById(deps.db, [params.feedback])).length === 0) return unknown(params.feedback);
      const done = await act(deps, {
        stream: params.feedback,
        by: caller,
        may: 'candidate.judge',
        fold: foldReview,
        decide: (state, asked) => releaseReview(state, { feedback: params.feedback }, asked),
      });
      return isRefusal(done) ? done : {};
    });

    route(app, doors.decide, async ({ body, caller }) => {
      const ids = [...new Set(body.feedback)];
      const incident = body.incident === null ? null : await incidentLabel(deps.db, body.incident);
      if (body.incident !== null && incident === null)
        return refuse(
          'review.incident-missing',
          `There is no incident “${body.incident}”. Declare it first.`,
          '/incident',
        );
      const promises = await promisesOf(deps.db);
      const outcome = await deps.db.transaction(async (tx) => {
        const waiting = await stillToReview(tx, ids);
        if (mixedShapes(waiting.map(({ feedback, shape }) => ({ system: feedback.system, shape }))))
          return refuse(
            'review.mixed-shapes',
            'These are of different systems, features or kinds, or say different things. Decide together only what the queue shows as alike.',
            '/feedback',
          );
        const byId = new Map((await feedbackById(tx, ids)).map((it) => [it.id as string, it]));
        if (byId.size === 0) return unknown(ids[0]!);
        const done = await actOnMany(tx, deps, {
          streams: [...byId.keys()],
          by: caller,
          may: 'candidate.judge',
          fold: foldReview,
          decide: (stream, state, asked) => {
            const about = aboutOf(byId.get(stream)!);
            const due = dueAt(about.receivedAt, promises.get(about.system) ?? USUAL_PROMISE_HOURS);
            const { as, reason } = body;
            return decideReview(state, { ...about, as, reason, incident, dueAt: due }, asked);
          },
        });
        if (isRefusal(done)) return done;
        const decided = [...byId.keys()].filter((id) => !done.refusals.has(id)) as Feedback['id'][];
        await reviewedFeedback(tx, decided);
        const fresh = new Set(done.facts.map(({ stream }) => stream));
        const signals =
          body.as === 'confirmed'
            ? await confirmFeedback(
                tx,
                deps,
                decided.filter((id) => fresh.has(id)).map((id) => byId.get(id)!),
              )
            : [];
        const leftOut = [
          ...[...done.refusals].map(([id, { refused: code, why }]) => ({ feedback: id, code, detail: why })),
          ...ids
            .filter((id) => !byId.has(id))
            .map((id) => ({ feedback: id, code: 'review.unknown', detail: unknown(id).why })),
        ] as { feedback: Feedback['id']; code: string; detail: string }[];
        const first = leftOut[0];
        return decided.length === 0 && first !== undefined
          ? refuse(first.code, first.detail)
          : { facts: done.facts, answer: { decided, signals: signals as SignalId[], leftOut } };
      }, 'bulk');
      if (isRefusal(outcome)) return outcome;
      await announce(deps, outcome.facts);
      deps.wake();
      return outcome.answer;
    });

    route(app, doors.promise, async ({ params, body, caller }) => {
      const system = await readSystem(deps.db, params.system);
      if (isRefusal(system)) return system;
      const done = await act(deps, {
        stream: PROMISE_STREAM,
        by: caller,
        may: 'system.edit',
        fold: foldPromises,
        decide: (state) => setPromise(state, { system: system.key, hours: body.hours }),
      });
      return isRefusal(done) ? done : { system: system.key, hours: body.hours };
    });
  };
