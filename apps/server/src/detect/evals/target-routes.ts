import { evals as doors } from '@firebreak/contract/detect/evals';
import {
  addTarget,
  describeTarget,
  foldTarget,
  judgeAnswer,
  removeTarget,
  type Target,
  type TargetDescription,
  targetFault,
} from '@firebreak/core/detect/evals';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, actWithin, announce, type Deps, route } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { mappingFault } from '../../prepare/sources/index.ts';
import { telemetryOf } from '../signals/index.ts';
import { ask, keepSecret, spend } from './ask.ts';
import { listTargets, readTarget, usersOf } from './board.ts';
import { shownTarget } from './shown.ts';

export const unknownTarget = (): Refusal =>
  refuse('target.unknown', 'There is no such target. List the targets to see the ones there are.');

async function strange(deps: Deps, it: TargetDescription): Promise<Refusal | null> {
  const fault = targetFault(it);
  if (fault !== null) return fault;
  const system = await readSystem(deps.db, it.system);
  if (isRefusal(system)) return { ...system, pointer: '/system' };
  const mapping = it.kind === 'http' ? await mappingFault(it.answerPath) : null;
  return mapping === null
    ? null
    : refuse('target.bad-template', `The answer path cannot be read: ${mapping}.`, '/answerPath');
}

export function targetRoutes(app: App, deps: Deps): void {
  const one = async (target: Target) => ({ target: await shownTarget(deps, target) });

  route(app, doors.targets, async () => {
    const targets = [];
    for (const each of await listTargets(deps.db)) targets.push(await shownTarget(deps, each));
    return { targets };
  });
  route(app, doors.addTarget, async ({ body, caller }) => {
    const { secret, ...said } = body;
    const fault = await strange(deps, said);
    if (fault !== null) return fault;
    const target = deps.mint('tgt');
    const beside = (await listTargets(deps.db)).length;
    const done = await deps.db.transaction(async (tx) => {
      const added = await actWithin(tx, deps, {
        stream: target,
        by: caller,
        may: 'eval.edit',
        fold: foldTarget,
        decide: (state) => addTarget(state, { target, secret: typeof secret === 'string', ...said }, beside),
      });
      if (!isRefusal(added) && typeof secret === 'string') await keepSecret(tx, deps, target, secret);
      return added;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return one(done.state!);
  });
  route(app, doors.describeTarget, async ({ params, body, caller }) => {
    const { secret, ...said } = body;
    const held = await readTarget(deps.db, params.target);
    if (held === null) return unknownTarget();
    const fault = await strange(deps, said);
    if (fault !== null) return fault;
    // A secret that stays must not follow to another host: whoever changes the address would read it there.
    const moved = new URL(held.address).origin !== new URL(said.address).origin;
    const stays = secret === undefined && held.secret && !moved;
    const done = await deps.db.transaction(async (tx) => {
      const described = await actWithin(tx, deps, {
        stream: params.target,
        by: caller,
        may: 'eval.edit',
        fold: foldTarget,
        decide: (state) => describeTarget(state, { secret: stays || typeof secret === 'string', ...said }),
      });
      if (!isRefusal(described) && !stays) await keepSecret(tx, deps, params.target, secret ?? null);
      return described;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return one(done.state!);
  });
  route(app, doors.removeTarget, async ({ params, body, caller }) => {
    const done = await deps.db.transaction(async (tx) => {
      const removed = await actWithin(tx, deps, {
        stream: params.target,
        by: caller,
        may: 'eval.edit',
        fold: foldTarget,
        given: (sql) => usersOf(sql, params.target),
        decide: (state, _asked, users) => removeTarget(state, body, users),
      });
      if (!isRefusal(removed)) await keepSecret(tx, deps, params.target, null);
      return removed;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return {};
  });
  route(app, doors.tryTarget, async ({ params, body }) => {
    const target = await readTarget(deps.db, params.target);
    if (target === null) return unknownTarget();
    if ((await spend(deps.db, deps.now(), target, null)) !== 'ok')
      return refuse(
        'target.spent',
        `The budget of ${target.perDay} requests a day for this target is used up. Wait for tomorrow (UTC), or raise it.`,
      );
    const said = await ask(deps, target, [{ role: 'user', content: body.question }], { feature: null });
    const { answer } = said;
    const aids = await telemetryOf(deps).aids();
    const it = {
      id: 'try',
      title: '',
      input: [{ role: 'user', content: body.question }],
      expect: 'answer' as const,
      checks: [],
      judge: null,
      cluster: null,
      tags: [],
      sources: [],
      from: null,
      probe: null,
    };
    const judged = answer === null ? null : judgeAnswer(it, answer, aids);
    return {
      tried: {
        question: body.question,
        answer: answer?.text ?? null,
        passed: judged?.passed ?? null,
        reasons: judged?.reasons ?? [],
        fault: said.fault,
        toolCalls: (answer?.toolCalls ?? []).map(({ name, arguments: given }) => ({ name, arguments: given })),
        model: answer?.model ?? null,
        latencyMs: said.latencyMs,
      },
    };
  });
}
