import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import {
  adoptPlaybook,
  changePlaybook,
  diffPlaybooks,
  foldPlaybook,
  retirePlaybook,
  SHIPPED_EDITION,
} from '@firebreak/core/prepare/playbooks';
import { type App, act, type Deps, route, type Sql } from '../../platform/index.ts';
import { findOwn, listOwn, MOST_PLAYBOOKS } from './board.ts';
import { importFile } from './import-file.ts';
import { cacaoOf, copied, listPlaybooks, readPlaybook, shippedOf, showOwn, unknownPlaybook } from './shelf.ts';

export function routes(app: App, deps: Deps): void {
  route(app, playbooks.list, async () => ({ playbooks: await listPlaybooks(deps.db) }));

  route(app, playbooks.show, async ({ params, query }) => {
    const playbook = await readPlaybook(deps.db, params.playbook, query.version);
    return isRefusal(playbook) ? playbook : { playbook };
  });

  route(app, playbooks.diff, async ({ params, query }) => {
    const before = await readPlaybook(deps.db, params.playbook, query.from);
    const after = await readPlaybook(deps.db, params.playbook, query.to);
    if (isRefusal(before)) return before;
    if (isRefusal(after)) return after;
    const { head, steps } = diffPlaybooks(before.content, after.content);
    return {
      from: before.version,
      to: after.version,
      head: [...head],
      steps: steps.map((each) => ({
        ...each,
        members: [...each.members],
        before: each.before && { ...each.before, commands: [...each.before.commands] },
        after: each.after && { ...each.after, commands: [...each.after.commands] },
      })),
    };
  });

  route(app, playbooks.save, async ({ params, body, caller }) => {
    const key = params.playbook;
    const found = await findOwn(deps.db, key);
    const shipped = shippedOf(key);
    if (found === null && (await listOwn(deps.db)).length >= MOST_PLAYBOOKS)
      return refuse('playbook.bad-step', `At most ${MOST_PLAYBOOKS} playbooks are kept. Retire one that is not used.`);
    const stream = found ?? deps.mint('plb');
    const { because, from } = body;
    const content = copied(body.content);
    const done = await act(deps, {
      stream,
      by: caller,
      may: 'system.edit',
      fold: foldPlaybook,
      given: async (tx: Sql) => {
        await tx.query('select seq from log_head for update');
        return findOwn(tx, key);
      },
      decide: (state, _asked, taken) =>
        state === null
          ? adoptPlaybook(
              state,
              {
                playbook: stream,
                key,
                content,
                source: null,
                because,
                shipped: shipped && { edition: SHIPPED_EDITION, content: shipped.content },
              },
              taken,
            )
          : changePlaybook(state, { content, source: null, because, from }),
    });
    if (isRefusal(done)) return done;
    const playbook = showOwn(done.state!);
    return isRefusal(playbook) ? playbook : { playbook };
  });

  route(app, playbooks.retire, async ({ params, body, caller }) => {
    const stream = await findOwn(deps.db, params.playbook);
    if (stream === null)
      return shippedOf(params.playbook)
        ? refuse('playbook.unknown', 'A shipped playbook cannot be retired. Save a version of your own instead.')
        : unknownPlaybook(params.playbook);
    const decide = (state: ReturnType<typeof foldPlaybook>) => retirePlaybook(state, body);
    const done = await act(deps, { stream, by: caller, may: 'system.edit', fold: foldPlaybook, decide });
    return isRefusal(done) ? done : { retired: stream };
  });

  route(app, playbooks.read, (call) => importFile(deps, call));
  route(app, playbooks.write, ({ params, query }) => cacaoOf(deps.db, params.playbook, query.version));
}
