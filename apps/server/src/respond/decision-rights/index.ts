import { decisionRights as doors, type RightsRow } from '@firebreak/contract/respond/decision-rights';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { foldControls, widthOf } from '@firebreak/core/respond/containment';
import {
  ACTS,
  foldRights,
  judgeRight,
  type RuleOf,
  ruleFor,
  ruleSet,
  setRule,
  whoWords,
} from '@firebreak/core/respond/decision-rights';
import { act, type Caller, type Deps, loadStream, route, type Slice } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { holderOf, rightsOf } from './book.ts';

export type { Wanted } from './book.ts';
export { mayAct, ruleOf } from './book.ts';

const WIDTHS: readonly { readonly of: 'narrow' | 'wide'; readonly name: string }[] = [
  { of: 'narrow', name: 'One part: a feature, agent, index or pattern' },
  { of: 'wide', name: 'The whole system' },
];

/** The two widths first, then every control that is wired. */
async function shown(deps: Deps, by: Caller, key: string, stream: string): Promise<{ rows: RightsRow[] }> {
  const rights = await rightsOf(deps, key);
  const holder = await holderOf(deps, deps.db, by);
  const controls = [...foldControls(await loadStream(deps.db, stream)).controls.values()].filter((it) => !it.retired);
  const row = (of: RuleOf, name: string, width: 'narrow' | 'wide'): RightsRow => {
    const rule = ruleFor(rights, { width, ...(of === 'narrow' || of === 'wide' ? {} : { control: of }) });
    const question = { rule, holder, now: deps.now() };
    return {
      of,
      name,
      width,
      set: ruleSet(rights, of) !== null,
      rule,
      says: Object.fromEntries(ACTS.map((each) => [each, whoWords(rule.who[each], each)])) as RightsRow['says'],
      mine: ACTS.filter((each) => judgeRight({ ...question, act: each }) === null),
    };
  };
  return {
    rows: [
      ...WIDTHS.map(({ of, name }) => row(of, name, of)),
      ...controls.map(({ control, name, what }) => row(control, name, widthOf(what))),
    ],
  };
}

/** Who may pull, extend, ask to let go, agree to it, and break the glass. */
export const decisionRights: Slice = {
  name: 'decision-rights',
  routes(app, deps) {
    const systemOf = async (name: string): Promise<{ key: string; id: string } | Refusal> => {
      const found = await readSystem(deps.db, name);
      return isRefusal(found) ? found : { key: found.key, id: found.id };
    };
    route(app, doors.show, async ({ params, caller }) => {
      const system = await systemOf(params.system);
      return isRefusal(system) ? system : shown(deps, caller, system.key, system.id);
    });
    route(app, doors.set, async ({ params, body, caller }) => {
      const system = await systemOf(params.system);
      if (isRefusal(system)) return system;
      const { of } = params;
      const done = await act(deps, {
        stream: system.id,
        by: caller,
        may: 'roles.assign',
        fold: (facts) => ({ rights: foldRights(facts), controls: foldControls(facts).controls }),
        decide: ({ rights, controls }) => {
          if (of !== 'narrow' && of !== 'wide' && controls.get(of)?.retired !== false)
            return refuse('control.unknown', 'This system has no such control. List those there are.', '/of');
          return setRule(rights, { system: system.key, of, ...body });
        },
      });
      return isRefusal(done) ? done : shown(deps, caller, system.key, system.id);
    });
  },
};
