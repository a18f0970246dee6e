import { inventory } from '@firebreak/contract/prepare/inventory';
import { type SystemInFile, systemsFile } from '@firebreak/contract/prepare/systems-file';
import { isRefusal } from '@firebreak/core/kernel';
import {
  addFeature,
  asFile,
  deployVersion,
  describeSystem,
  foldSystem,
  registerSystem,
  retireFeature,
  retireSystem,
} from '@firebreak/core/prepare/inventory';
import { type App, act, type Deps, route, type Sql } from '../../platform/index.ts';
import { applyFile } from './apply-file.ts';
import { findSystem, heldSystems, keyOfName, listSystems } from './board.ts';
import { changeSystem, readSystem, shown } from './change-system.ts';

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
      return { key: (await findSystem(tx, body.key))?.id ?? null, name: await keyOfName(tx, body.name) };
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

  route(app, systemsFile.show, async () => ({
    systems: (await heldSystems(deps.db))
      .filter(({ retired }) => !retired)
      .map((each) => structuredClone(asFile(each)) as SystemInFile),
  }));

  route(app, systemsFile.apply, async ({ body, caller }) => applyFile(deps, caller, body.systems, body.dryRun));

  route(app, inventory.show, async ({ params }) => {
    const system = await readSystem(deps.db, params.system);
    return isRefusal(system) ? system : { system: shown(system) };
  });

  route(app, inventory.describe, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => describeSystem(state, body)),
  );
  route(app, inventory.addFeature, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => addFeature(state, { key: params.feature, name: body.name })),
  );
  route(app, inventory.retireFeature, async ({ params, caller }) =>
    changeSystem(deps, params.system, caller, (state) => retireFeature(state, { key: params.feature })),
  );
  route(app, inventory.retire, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => retireSystem(state, body)),
  );

  route(app, inventory.deploy, async ({ params, body, caller }) => {
    const deployment = deps.mint('dep');
    return changeSystem(deps, params.system, caller, (state, asked) =>
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
    );
  });
}

const known = (versions: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(versions).filter(([, version]) => version !== undefined));
