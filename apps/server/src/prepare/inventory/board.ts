import type { Instant } from '@firebreak/core/kernel';
import { foldSystem, type RiskClass, type SystemId, type SystemType } from '@firebreak/core/prepare/inventory';
import { type Board, loadStream, type Sql, tables } from '../../platform/index.ts';

interface SystemRow {
  id: SystemId;
  key: string;
  name: string;
  type: SystemType;
  owner: string;
  risk_class: RiskClass;
  features: number;
  deployments: number;
  last_change_at: Instant | null;
  retired: boolean;
}
const q = tables<{ system_board: SystemRow }>();
const MOST = 10_000;

export const systemBoard: Board = {
  name: 'systems',
  tables: ['system_board'],
  types: [
    'system.registered',
    'system.described',
    'feature.added',
    'feature.retired',
    'version.deployed',
    'system.retired',
  ],
  async apply(tx, { type, stream, data }) {
    if (type === 'system.registered') {
      await tx.query(
        'insert into system_board (id, key, name, type, owner, risk_class, features, deployments, last_change_at, retired) values ($1, $2, $3, $4, $5, $6, 0, 0, null, false)',
        [data.system, data.key, data.name, data.type, data.owner, data.riskClass],
      );
      return;
    }
    // Counting again from the facts is simpler than counting up and down, and cannot drift.
    const system = foldSystem(await loadStream(tx, stream));
    if (system === null) return;
    await tx.query(
      'update system_board set name = $2, type = $3, owner = $4, risk_class = $5, features = $6, deployments = $7, last_change_at = $8, retired = $9 where id = $1',
      [
        system.id,
        system.name,
        system.type,
        system.owner,
        system.riskClass,
        system.features.length,
        system.deployments.length,
        system.changes.at(-1)?.occurredAt ?? null,
        system.retired,
      ],
    );
  },
};

export function listSystems(sql: Sql) {
  return sql.run(q.selectFrom('system_board').selectAll().orderBy('retired').orderBy('name').limit(MOST));
}

/** The system that answers to an id or a key. */
export async function findSystem(
  sql: Sql,
  named: string,
): Promise<{ readonly id: SystemId; readonly key: string; readonly name: string; readonly retired: boolean } | null> {
  return (
    (
      await sql.run(
        q
          .selectFrom('system_board')
          .select(['id', 'key', 'name', 'retired'])
          .where((eb) => eb.or([eb('key', '=', named), eb('id', '=', named as SystemId)])),
      )
    )[0] ?? null
  );
}
