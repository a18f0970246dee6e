import { systemParts } from '@firebreak/contract/prepare/system-parts';
import type { Refusal } from '@firebreak/core/kernel';
import {
  DEPENDENCY_KINDS,
  type DependencyKind,
  declareDependency,
  dropDependency,
  giveApproval,
  grantTool,
  removeBudget,
  removeGuardrail,
  routeChannel,
  setBudget,
  setGuardrail,
  snippetAround,
  withdrawApproval,
  withdrawTool,
} from '@firebreak/core/prepare/inventory';
import { type App, type Deps, route, type Sql } from '../../platform/index.ts';
import { dependencyEdges, findSystem, systemNames } from './board.ts';
import { changeSystem, unknownSystem } from './change-system.ts';

/** The arrows of all systems, under a lock that keeps two people from closing a circle together. */
async function edgesAlone(tx: Sql) {
  await tx.query('select seq from log_head for update');
  return dependencyEdges(tx);
}

/** Two steps of dependencies around one system, with names. */
async function graphAround(sql: Sql, named: string) {
  const found = await findSystem(sql, named);
  if (found === null) return unknownSystem(named) satisfies Refusal;
  const { nodes, edges, more } = snippetAround(await dependencyEdges(sql), found.key);
  const names = await systemNames(
    sql,
    nodes.map(({ id }) => id),
  );
  return {
    nodes: nodes.map(({ id, layer }) => {
      const outside = outsideOf(id);
      return outside
        ? { id, layer, ...outside, registered: true }
        : { id, layer, kind: 'system' as const, label: names.get(id) ?? id, registered: names.has(id) };
    }),
    edges: [...edges],
    more,
  };
}

function outsideOf(id: string): { kind: DependencyKind; label: string } | null {
  const kind = DEPENDENCY_KINDS.find((each) => each !== 'system' && id.startsWith(`${each}:`));
  return kind ? { kind, label: id.slice(kind.length + 1) } : null;
}

export function partRoutes(app: App, deps: Deps): void {
  const { db } = deps;
  route(app, systemParts.grantTool, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => grantTool(state, body)),
  );
  route(app, systemParts.withdrawTool, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => withdrawTool(state, body.name)),
  );
  route(app, systemParts.setGuardrail, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => setGuardrail(state, body)),
  );
  route(app, systemParts.removeGuardrail, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => removeGuardrail(state, body.name)),
  );
  route(app, systemParts.setBudget, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => setBudget(state, body)),
  );
  route(app, systemParts.removeBudget, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => removeBudget(state, body.measure)),
  );
  route(app, systemParts.giveApproval, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state, asked) =>
      giveApproval(state, { ...body, approvedAt: body.approvedAt ?? asked.at }, asked),
    ),
  );
  route(app, systemParts.withdrawApproval, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => withdrawApproval(state, body.useCase, body.reason)),
  );
  route(app, systemParts.declareDependency, async ({ params, body, caller }) =>
    changeSystem(
      deps,
      params.system,
      caller,
      (state, _asked, edges) => declareDependency(state, body, edges),
      edgesAlone,
    ),
  );
  route(app, systemParts.dropDependency, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => dropDependency(state, body)),
  );
  route(app, systemParts.routeChannel, async ({ params, body, caller }) =>
    changeSystem(deps, params.system, caller, (state) => routeChannel(state, body)),
  );
  route(app, systemParts.graph, async ({ params }) => graphAround(db, params.system));
}
