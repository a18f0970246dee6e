import { inventory } from '@firebreak/contract/prepare/inventory';
import { type AnyFact, type Asked, type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type AiSystem,
  addFeature,
  deployVersion,
  describeSystem,
  foldSystem,
  type Inventory,
  registerSystem,
  retireFeature,
  retireSystem,
} from '@firebreak/core/prepare/inventory';
import { type App, act, type Caller, type Deps, loadStream, route, type Sql } from '../../platform/index.ts';
import { findSystem, listSystems } from './board.ts';

const unknown = (named: string) =>
  refuse('system.unknown', `There is no AI system “${named}”. List the systems to see the ones there are.`);

/** A system as it stands, by id or key. */
export async function readSystem(sql: Sql, named: string): Promise<AiSystem | Refusal> {
  const found = await findSystem(sql, named);
  return (found && foldSystem(await loadStream(sql, found.id))) ?? unknown(named);
}

async function change<F extends AnyFact>(
  deps: Deps,
  named: string,
  by: Caller,
  decide: (state: Inventory, asked: Asked) => Decision<F>,
): Promise<{ system: AiSystem } | Refusal> {
  const found = await findSystem(deps.db, named);
  if (found === null) return unknown(named);
  const done = await act(deps, { stream: found.id, by, may: 'system.edit', fold: foldSystem, decide });
  return isRefusal(done) ? done : { system: done.state! };
}

const shown = (system: AiSystem) => ({
  ...system,
  regions: [...system.regions],
  features: [...system.features],
  deployments: [...system.deployments],
  changes: [...system.changes],
});
const answer = (done: { system: AiSystem } | Refusal) => (isRefusal(done) ? done : { system: shown(done.system) });

export function routes(app: App, deps: Deps): void {
  route(app, inventory.list, async () => ({
    systems: (await listSystems(deps.db)).map(({ risk_class, last_change_at, ...row }) => ({
      ...row,
      riskClass: risk_class,
      lastChangeAt: last_change_at,
    })),
  }));

  route(app, inventory.register, async ({ body, caller }) => {
    const system = deps.mint('sys');
    const taken = async (tx: Sql) => {
      await tx.query('select seq from log_head for update');
      return (await findSystem(tx, body.key))?.id ?? null;
    };
    const done = await act(deps, {
      stream: system,
      by: caller,
      may: 'system.edit',
      fold: foldSystem,
      given: taken,
      decide: (state, _asked, other) => registerSystem(state, { system, ...body }, other),
    });
    return isRefusal(done) ? done : { system: shown(done.state!) };
  });

  route(app, inventory.show, async ({ params }) => {
    const system = await readSystem(deps.db, params.system);
    return isRefusal(system) ? system : { system: shown(system) };
  });

  route(app, inventory.describe, async ({ params, body, caller }) =>
    answer(await change(deps, params.system, caller, (state) => describeSystem(state, body))),
  );
  route(app, inventory.addFeature, async ({ params, body, caller }) =>
    answer(
      await change(deps, params.system, caller, (state) => addFeature(state, { key: params.feature, name: body.name })),
    ),
  );
  route(app, inventory.retireFeature, async ({ params, caller }) =>
    answer(await change(deps, params.system, caller, (state) => retireFeature(state, { key: params.feature }))),
  );
  route(app, inventory.retire, async ({ params, body, caller }) =>
    answer(await change(deps, params.system, caller, (state) => retireSystem(state, body))),
  );

  route(app, inventory.deploy, async ({ params, body, caller }) => {
    const deployment = deps.mint('dep');
    return answer(
      await change(deps, params.system, caller, (state, asked) =>
        deployVersion(
          state,
          {
            deployment,
            name: body.deployment,
            versions: known(body.versions),
            occurredAt: body.occurredAt ?? asked.at,
            note: body.note,
          },
          asked,
        ),
      ),
    );
  });
}

const known = (versions: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(versions).filter(([, version]) => version !== undefined));
