import { protectedTexts as doors } from '@firebreak/contract/detect/protected-texts';
import { foldProtectedText, keepText, printsOf, removeText } from '@firebreak/core/detect/protected-texts';
import { isRefusal } from '@firebreak/core/kernel';
import { type App, act, type Deps, route, type Slice } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { telemetryOf } from '../signals/index.ts';
import { protectedTextBoard, textsHeld } from './board.ts';

function routes(app: App, deps: Deps): void {
  route(app, doors.list, async ({ query }) => ({ items: await textsHeld(deps.db, query.system ?? null) }));

  route(app, doors.keep, async ({ body, caller }) => {
    const system = await readSystem(deps.db, body.system);
    if (isRefusal(system)) return { ...system, pointer: '/system' };
    const { digest } = await telemetryOf(deps).aids();
    const prints = [...new Set(printsOf(body.text, digest).map(({ print }) => print))];
    const text = deps.mint('ptx');
    const done = await act(deps, {
      stream: text,
      by: caller,
      may: 'system.edit',
      fold: foldProtectedText,
      given: async (sql) => (await textsHeld(sql, body.system)).length,
      decide: (state, _asked, held) => keepText(state, { text, system: body.system, name: body.name, prints }, held),
    });
    if (isRefusal(done)) return done;
    const { prints: kept, ...row } = done.state!;
    return { ...row, prints: kept.length };
  });

  route(app, doors.remove, async ({ params, caller }) => {
    const done = await act(deps, {
      stream: params.text,
      by: caller,
      may: 'system.edit',
      fold: foldProtectedText,
      decide: (state) => removeText(state),
    });
    return isRefusal(done) ? done : {};
  });
}

/** Texts that must not come out of a system word by word. */
export const protectedTexts: Slice = { name: 'protected-texts', routes, boards: [protectedTextBoard] };

export { watchAnswers } from './watch-answers.ts';
