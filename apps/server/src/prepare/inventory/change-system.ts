import type { AiSystem as Shown } from '@firebreak/contract/prepare/inventory';
import { type AnyFact, type Asked, type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type AiSystem, foldSystem, type Inventory } from '@firebreak/core/prepare/inventory';
import { act, type Caller, type Deps, loadStream, type Sql } from '../../platform/index.ts';
import { findSystem } from './board.ts';

export const unknownSystem = (named: string) =>
  refuse('system.unknown', `There is no AI system “${named}”. List the systems to see the ones there are.`);

/** A system as it stands, by id or key. */
export async function readSystem(sql: Sql, named: string): Promise<AiSystem | Refusal> {
  const found = await findSystem(sql, named);
  return (found && foldSystem(await loadStream(sql, found.id))) ?? unknownSystem(named);
}

/** One change of one system, by id or key; answers it as it then is. */
export async function changeSystem<F extends AnyFact, G = undefined>(
  deps: Deps,
  named: string,
  by: Caller,
  decide: (state: Inventory, asked: Asked, given: G) => Decision<F>,
  given?: (tx: Sql) => Promise<G>,
): Promise<{ system: Shown } | Refusal> {
  const found = await findSystem(deps.db, named);
  if (found === null) return unknownSystem(named);
  const done = await act(deps, {
    stream: found.id,
    by,
    may: 'system.edit',
    fold: foldSystem,
    decide,
    ...(given && { given }),
  });
  return isRefusal(done) ? done : { system: shown(done.state!) };
}

export const shown = ({ reports: _reports, ...system }: AiSystem): Shown => ({
  ...system,
  regions: [...system.regions],
  features: [...system.features],
  tools: system.tools.map((each) => ({ ...each, permissions: [...each.permissions] })),
  guardrails: [...system.guardrails],
  approvals: [...system.approvals],
  dependencies: [...system.dependencies],
  routes: [...system.routes],
  budgets: [...system.budgets],
  deployments: [...system.deployments],
  changes: [...system.changes],
});
