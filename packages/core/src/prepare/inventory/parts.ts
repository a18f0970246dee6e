import { type Asked, addMs, type Decision, refuse } from '../../kernel/index.ts';
import type { Budget, BudgetMeasure } from './budget.ts';
import { living, SKEW_MS, unknown } from './commands.ts';
import { cycleWith, type Edge, edgeOf } from './dependencies.ts';
import type { Approval, ChannelRoute, Dependency, Guardrail, InventoryFact, SystemParts, Tool } from './facts.ts';
import { limitFault } from './permission.ts';
import { type AiSystem, type Inventory, sameDependency } from './system.ts';

export const MOST_PARTS = 200;

/** Tools, guardrails, approvals, routes: what a system has several of, each known by one member. */
function put<T extends object, K extends keyof T & string>(
  state: Inventory,
  listOf: (system: AiSystem) => readonly T[],
  by: K,
  want: T,
  fact: (want: T) => InventoryFact,
  what: string,
): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  const there = listOf(system).find((each) => each[by] === want[by]);
  if (there && sameValue(there, want)) return [];
  if (!there && listOf(system).length >= MOST_PARTS)
    return refuse('system.too-many', `A system has at most ${MOST_PARTS} ${what}; remove one first.`);
  return [fact(want)];
}

/** Equal whatever the order of members, as facts come back from the database in another order. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, ordered(each)]);
}

/** Refuses `system.unknown`, `system.too-many`, `tool.bad-limit`. */
export function grantTool(state: Inventory, want: Tool): Decision<InventoryFact> {
  const fault = limitFault(want.manifest?.limits ?? []);
  if (fault !== undefined) return refuse('tool.bad-limit', fault.why, `/manifest/limits/${fault.place}`);
  return put(
    state,
    ({ tools }) => tools,
    'name',
    want,
    (data) => ({ type: 'tool.granted', data }),
    'tools',
  );
}

export const setGuardrail = (state: Inventory, want: Guardrail): Decision<InventoryFact> =>
  put(
    state,
    ({ guardrails }) => guardrails,
    'name',
    want,
    (data) => ({ type: 'guardrail.set', data }),
    'guardrails',
  );

export const routeChannel = (state: Inventory, want: ChannelRoute): Decision<InventoryFact> =>
  put(
    state,
    ({ routes }) => routes,
    'channel',
    want,
    (data) => ({ type: 'channel.routed', data }),
    'routes',
  );

export function giveApproval(state: Inventory, want: Approval, asked: Asked): Decision<InventoryFact> {
  if (want.approvedAt > addMs(asked.at, SKEW_MS))
    return refuse('time.in-future', 'An approval cannot have been given in the future.', '/approvedAt');
  if (want.until !== null && want.until <= want.approvedAt)
    return refuse(
      'approval.bad-end',
      'The approval would end before it was given. Choose a later end, or none.',
      '/until',
    );
  return put(
    state,
    ({ approvals }) => approvals,
    'useCase',
    want,
    (data) => ({ type: 'approval.given', data }),
    'approvals',
  );
}

/** Taking away what is not there changes nothing. */
function take(state: Inventory, isThere: (system: AiSystem) => boolean, fact: InventoryFact): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  return isThere(system) ? [fact] : [];
}

export const withdrawTool = (state: Inventory, name: string): Decision<InventoryFact> =>
  take(state, ({ tools }) => tools.some((each) => each.name === name), { type: 'tool.withdrawn', data: { name } });

export const setBudget = (state: Inventory, want: Budget): Decision<InventoryFact> =>
  put(
    state,
    ({ budgets }) => budgets,
    'measure',
    want,
    (data) => ({ type: 'budget.set', data }),
    'budgets',
  );

export const removeBudget = (state: Inventory, measure: BudgetMeasure): Decision<InventoryFact> =>
  take(state, ({ budgets }) => budgets.some((each) => each.measure === measure), {
    type: 'budget.removed',
    data: { measure },
  });

export const removeGuardrail = (state: Inventory, name: string): Decision<InventoryFact> =>
  take(state, ({ guardrails }) => guardrails.some((each) => each.name === name), {
    type: 'guardrail.removed',
    data: { name },
  });

export const withdrawApproval = (state: Inventory, useCase: string, reason: string): Decision<InventoryFact> =>
  take(state, ({ approvals }) => approvals.some((each) => each.useCase === useCase), {
    type: 'approval.withdrawn',
    data: { useCase, reason },
  });

export const dropDependency = (
  state: Inventory,
  { direction, kind, on }: Pick<Dependency, 'direction' | 'kind' | 'on'>,
): Decision<InventoryFact> =>
  take(state, ({ dependencies }) => dependencies.some((each) => sameDependency(each, { direction, kind, on })), {
    type: 'dependency.dropped',
    data: { direction, kind, on },
  });

/** Says a cycle in words: `a needs b, b needs a`. */
export const sayCycle = (path: readonly string[]): string =>
  path
    .slice(0, -1)
    .map((each, i) => `${each} needs ${path[i + 1]}`)
    .join(', ');

/** `edges` are the arrows of all systems, read under the same lock. */
export function declareDependency(state: Inventory, want: Dependency, edges: readonly Edge[]): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  const there = system.dependencies.find((each) => sameDependency(each, want));
  const same = (['note', 'flow', 'approval'] as const).every((each) => (there?.[each] ?? '') === (want[each] ?? ''));
  if (there && same) return [];
  if (!there) {
    if (system.dependencies.length >= MOST_PARTS)
      return refuse('system.too-many', `A system has at most ${MOST_PARTS} dependencies; drop one first.`);
    const cycle = cycleWith(edges, edgeOf(system.key, want));
    if (cycle)
      return refuse(
        'dependency.cycle',
        `This would close a circle: ${sayCycle(cycle)}. Drop one of these dependencies first, or leave this one out.`,
        '/on',
      );
  }
  return [{ type: 'dependency.declared', data: want }];
}

export const partsOf = ({ features, tools, guardrails, dependencies, routes, budgets }: SystemParts): SystemParts => ({
  features,
  tools,
  guardrails,
  dependencies,
  routes,
  budgets,
});
