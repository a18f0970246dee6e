import { heldAnswers as doors, type HeldVerdict, LONGEST_HELD } from '@firebreak/contract/respond/held-answers';
import { addMs, isRefusal, type Recorded, refuse } from '@firebreak/core/kernel';
import {
  decideHeld,
  foldHeld,
  type HeldAnswer,
  type HeldId,
  holdAnswer,
  lapseHeld,
  type Submitted,
  UNASKED_MS,
  unknownHeld,
} from '@firebreak/core/respond/held-answers';
import type { z } from 'zod';
import {
  type App,
  act,
  type Deps,
  firebreakItself,
  loadStream,
  route,
  type Slice,
  type Sql,
} from '../../platform/index.ts';
import { guardSigner, holdById } from '../containment/index.ts';
import { labelsOf } from '../incidents/index.ts';
import { askedAt, forgetAsked, heldBoard, heldIds, noteAsked, unasked, waitingOf } from './board.ts';
import { lookAfter, tellLate } from './tell-late.ts';

const LOOK_MS = 5_000;

const heldById = async (sql: Sql, held: string): Promise<HeldAnswer | undefined> =>
  foldHeld((await loadStream(sql, held)) as Recorded[]);

const verdictOf = ({ held, state, instead, reason }: HeldAnswer): z.output<typeof HeldVerdict> => ({
  review: held,
  state,
  ...(instead === null ? {} : { text: instead }),
  ...(reason === null ? {} : { reason }),
});

async function viewsOf(deps: Deps, ids: readonly HeldId[]) {
  const asked = await askedAt(deps.db, ids);
  const found = await Promise.all(ids.map((held) => heldById(deps.db, held)));
  const holds = new Map(
    await Promise.all(
      [...new Set(found.flatMap((each) => each?.hold ?? []))].map(
        async (hold) => [hold, await holdById(deps.db, hold)] as const,
      ),
    ),
  );
  const labels = await labelsOf(
    deps.db,
    [...holds.values()].flatMap((hold) => hold?.incident ?? []),
  );
  return found.flatMap((each) => {
    if (each === undefined) return [];
    const hold = each.hold === null ? null : (holds.get(each.hold) ?? null);
    return [
      {
        ...each,
        askedAt: asked.get(each.held) ?? null,
        hold: hold && { hold: hold.hold, incident: hold.incident, label: labels.get(hold.incident) ?? hold.incident },
      },
    ];
  });
}

function routes(app: App, deps: Deps): void {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());

  /** Resolves when something happens to it, when the time is over, or when the server closes. */
  const happened = (held: string, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        off();
        closing.signal.removeEventListener('abort', end);
        resolve();
      };
      const off = deps.feed.on((facts) => {
        if (facts.some(({ stream }) => stream === held)) end();
      });
      const timer = setTimeout(end, ms);
      closing.signal.addEventListener('abort', end);
      if (closing.signal.aborted) end();
    });

  route(app, doors.submit, async ({ body, caller }) => {
    if (!guardSigner(deps).systems.has(body.system))
      return refuse(
        'guard.unknown-system',
        `No system is registered as ${body.system}. Check the name, or register it.`,
      );
    const args = body.arguments === undefined ? null : JSON.stringify(body.arguments);
    if (args !== null && args.length > LONGEST_HELD)
      return refuse(
        'held-answer.too-long',
        `The arguments are longer than the ${LONGEST_HELD} characters a person is shown. The call is not approved.`,
      );
    const submitted: Submitted = {
      system: body.system,
      instance: body.instance,
      feature: body.feature ?? null,
      hold: body.hold ?? null,
      queue: body.queue,
      question: body.question ?? null,
      text: body.text ?? null,
      tool: body.tool ?? null,
      arguments: args,
    };
    const held = deps.mint('hda');
    const done = await act(deps, {
      stream: held,
      by: caller,
      may: 'guard.obey',
      fold: foldHeld,
      given: (tx) => waitingOf(tx, body.system),
      decide: (_, __, waiting) => holdAnswer(held, submitted, waiting!),
    });
    return isRefusal(done) ? done : verdictOf(done.state!);
  });

  route(app, doors.wait, async ({ params: { review }, query: { wait } }) => {
    const ready = wait > 0 ? happened(review, wait * 1_000) : undefined;
    const now = await heldById(deps.db, review);
    if (now === undefined) return unknownHeld();
    if (now.state !== 'pending') return verdictOf(now);
    await noteAsked(deps.db, review, deps.now());
    if (ready === undefined) return verdictOf(now);
    await ready;
    const then = (await heldById(deps.db, review))!;
    if (then.state === 'pending') await noteAsked(deps.db, review, deps.now());
    return verdictOf(then);
  });

  route(app, doors.list, async ({ query: { show, system, limit } }) => ({
    items: await viewsOf(deps, await heldIds(deps.db, { show, system: system ?? null, limit })),
    waiting: await waitingOf(deps.db, system ?? null),
  }));

  route(app, doors.decide, async ({ params: { held }, body, caller }) => {
    const done = await act(deps, {
      stream: held,
      by: caller,
      may: 'answer.decide',
      fold: foldHeld,
      decide: (before) => decideHeld(before, body),
    });
    return isRefusal(done) ? done : (await viewsOf(deps, [held]))[0]!;
  });
}

/** Gives up what no application waits for any more, so that nobody decides for nothing. */
async function lapse(deps: Deps): Promise<void> {
  const late = await unasked(deps.db, addMs(deps.now(), -UNASKED_MS));
  for (const { held, at } of late)
    await act(deps, {
      stream: held,
      by: firebreakItself('held-answers'),
      may: 'guard.obey',
      fold: foldHeld,
      decide: (before, asked) => lapseHeld(before, at, asked.at),
    });
  if (late.length > 0) await forgetAsked(deps.db);
}

/** Answers and calls that a person looks at before they leave. */
export const heldAnswers: Slice = {
  name: 'held-answers',
  boards: [heldBoard],
  personal: { 'answer.held': ['question', 'text', 'arguments'], 'answer.decided': ['text', 'reason'] },
  routes,
  jobs: { 'held-answers.late': tellLate },
  effectsOf: lookAfter,
  watches: [{ name: 'held answers', everyMs: LOOK_MS, look: lapse }],
};

export { approvedCalls, type CallMade } from './approvals.ts';
