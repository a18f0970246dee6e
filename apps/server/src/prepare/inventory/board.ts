import type { Instant } from '@firebreak/core/kernel';
import {
  type AiSystem,
  type Budget,
  type Criticality,
  type Dependency,
  type Edge,
  edgeOf,
  type Flow,
  flowsOf,
  foldSystem,
  type HeldSystem,
  INVENTORY_TYPES,
  partsOf,
  type RiskClass,
  type SystemId,
  type SystemType,
  type Tool,
  type Versions,
} from '@firebreak/core/prepare/inventory';
import { type Board, loadStream, type Sql, tables } from '../../platform/index.ts';

interface SystemRow {
  id: SystemId;
  key: string;
  name: string;
  type: SystemType;
  owner: string;
  risk_class: RiskClass;
  criticality: Criticality;
  features: number;
  deployments: number;
  last_change_at: Instant | null;
  retired: boolean;
  data: (Omit<HeldSystem, 'id' | 'key' | 'retired'> & { readonly running?: readonly Versions[] }) | null;
}
const q = tables<{ system_board: SystemRow }>();
const MOST = 10_000;

const wholeOf = (system: AiSystem): NonNullable<SystemRow['data']> => ({
  name: system.name,
  type: system.type,
  purpose: system.purpose,
  owner: system.owner,
  riskClass: system.riskClass,
  population: system.population,
  regions: system.regions,
  vendor: system.vendor,
  architecture: system.architecture,
  autonomy: system.autonomy,
  criticality: system.criticality,
  logging: system.logging,
  ...partsOf(system),
  running: system.deployments.map(({ versions }) => versions),
});

export const systemBoard: Board = {
  name: 'systems',
  tables: ['system_board'],
  types: INVENTORY_TYPES,
  async apply(tx, fact) {
    const { type, stream, data } = fact;
    if (type === 'system.registered') {
      const system = foldSystem([fact])!;
      await tx.query(
        `insert into system_board (id, key, name, type, owner, risk_class, criticality, features, deployments, last_change_at, retired, data)
         values ($1, $2, $3, $4, $5, $6, $7, 0, 0, null, false, $8::jsonb)`,
        [
          system.id,
          system.key,
          system.name,
          system.type,
          system.owner,
          system.riskClass,
          system.criticality,
          JSON.stringify(wholeOf(system)),
        ],
      );
      return;
    }
    if (type === 'change.recorded') {
      await tx.query(
        "update system_board set last_change_at = greatest(coalesce(last_change_at, ''), $2) where id = $1",
        [stream, data.occurredAt],
      );
      return;
    }
    if (type === 'system.furnished') {
      const furnished = await tx.query(
        `update system_board set features = $2, data = data || $3::jsonb where id = $1 and data is not null`,
        [stream, data.features.length, JSON.stringify(data)],
      );
      if (furnished.count > 0) return;
    }
    // Counting again from the facts is simpler than counting up and down, and cannot drift.
    const system = foldSystem(await loadStream(tx, stream));
    if (system === null) return;
    const changed = [system.changes.at(-1)?.occurredAt, system.reports.at(-1)?.occurredAt].filter(
      (at) => at !== undefined,
    );
    await tx.query(
      `update system_board set name = $2, type = $3, owner = $4, risk_class = $5, features = $6, deployments = $7,
         last_change_at = $8, retired = $9, criticality = $10, data = $11::jsonb where id = $1`,
      [
        system.id,
        system.name,
        system.type,
        system.owner,
        system.riskClass,
        system.features.length,
        system.deployments.length,
        changed.sort().at(-1) ?? null,
        system.retired,
        system.criticality,
        JSON.stringify(wholeOf(system)),
      ],
    );
  },
};

export function listSystems(sql: Sql) {
  return sql.run(
    q
      .selectFrom('system_board')
      .select([
        'id',
        'key',
        'name',
        'type',
        'owner',
        'risk_class',
        'criticality',
        'features',
        'deployments',
        'last_change_at',
        'retired',
      ])
      .orderBy('retired')
      .orderBy('name')
      .limit(MOST),
  );
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

/** Id of the system that answers to a key. */
export const systemIdOf = async (sql: Sql, key: string): Promise<SystemId | null> =>
  (await findSystem(sql, key))?.id ?? null;

/** The key of the system in use that has this name, however it is written. */
export async function keyOfName(sql: Sql, name: string): Promise<string | null> {
  const { rows } = await sql.query<{ key: string }>(
    'select key from system_board where not retired and lower(name) = lower($1) order by key limit 1',
    [name],
  );
  return rows[0]?.key ?? null;
}

/** Those of the keys that a system answers to. */
export const registeredAmong = async (sql: Sql, keys: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await systemNames(sql, keys)).keys());

interface StoredSystem extends Pick<SystemRow, 'id' | 'key' | 'retired' | 'data'> {
  readonly versionsKnown: boolean;
}
interface KnownSystem extends HeldSystem {
  /** Whether anybody ever recorded what it runs. */
  readonly versionsKnown: boolean;
  /** What its deployments run. */
  readonly running: readonly Versions[];
}

/** Every system whole, those in use first and by name; at most `most`. In one text: reading ten thousand rows cell by cell costs several times as much. */
export async function heldSystems(sql: Sql, most: number | null = null): Promise<KnownSystem[]> {
  const { rows } = await sql.query<{ all: string | null }>(
    "select json_agg(json_build_object('id', id, 'key', key, 'retired', retired, 'versionsKnown', deployments > 0, 'data', data) order by retired, name, key)::text as all from (select * from system_board order by retired, name, key limit $1) s",
    [most],
  );
  const all: StoredSystem[] = JSON.parse(rows[0]?.all ?? '[]');
  const held: KnownSystem[] = [];
  for (const { id, key, retired, versionsKnown, data } of all) {
    const whole = data ?? (await wholeFromFacts(sql, id));
    // Rows written before somebody could say how a system logs, or set budgets.
    if (whole)
      held.push({
        ...whole,
        logging: whole.logging ?? 'unsaid',
        budgets: whole.budgets ?? [],
        running: whole.running ?? [],
        id,
        key,
        retired,
        versionsKnown,
      });
  }
  return held;
}

async function wholeFromFacts(sql: Sql, id: SystemId): Promise<SystemRow['data']> {
  const system = foldSystem(await loadStream(sql, id));
  return system && wholeOf(system);
}

async function dependenciesOfAll(sql: Sql) {
  const { rows } = await sql.query<{ key: string; dependencies: Dependency[] }>(
    `select key, data -> 'dependencies' as dependencies from system_board
     where not retired and data is not null and data -> 'dependencies' <> '[]'::jsonb order by key`,
  );
  return rows;
}

/** The dependencies of all systems that are not retired, as arrows. */
export async function dependencyEdges(sql: Sql): Promise<Edge[]> {
  return (await dependenciesOfAll(sql)).flatMap(({ key, dependencies }) =>
    dependencies.map((each) => edgeOf(key, each)),
  );
}

/** What passes between all systems that are not retired. */
export async function dependencyFlows(sql: Sql): Promise<Flow[]> {
  return (await dependenciesOfAll(sql)).flatMap(({ key, dependencies }) =>
    dependencies.flatMap((each) => flowsOf(key, each)),
  );
}

/** Names of systems by key, of those asked for. */
export async function systemNames(sql: Sql, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql.query<{ key: string; name: string }>(
    'select key, name from system_board where key = any($1)',
    [keys],
  );
  return new Map(rows.map(({ key, name }) => [key, name]));
}

/** The tools each of these systems was granted; a system nobody registered is left out. */
export async function toolsOf(sql: Sql, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Tool[]>> {
  const { rows } = await sql.query<{ key: string; tools: readonly Tool[] | null }>(
    "select key, data->'tools' as tools from system_board where key = any($1)",
    [keys],
  );
  return new Map(rows.map(({ key, tools }) => [key, tools ?? []]));
}

/** The budgets of one session of each of these systems; systems without any are left out. */
export async function budgetsOf(sql: Sql, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Budget[]>> {
  const { rows } = await sql.query<{ key: string; budgets: readonly Budget[] }>(
    `select key, data->'budgets' as budgets from system_board
     where key = any($1) and not retired and jsonb_array_length(coalesce(data->'budgets', '[]'::jsonb)) > 0`,
    [keys],
  );
  return new Map(rows.map(({ key, budgets }) => [key, budgets]));
}

/** The tools of one system in use, or of all of them, by key; a system that was granted none has none. */
export async function toolsGranted(
  sql: Sql,
  system: string | null,
): Promise<Readonly<Record<string, readonly Tool[]>>> {
  const { rows } = await sql.query<{ key: string; tools: readonly Tool[] | null }>(
    `select key, data->'tools' as tools from system_board where not retired and ($1::text is null or key = $1) order by key limit ${MOST}`,
    [system],
  );
  return Object.fromEntries(rows.map(({ key, tools }) => [key, tools ?? []]));
}

/** Models that the deployments of each system in use name, by key. */
export async function modelsDeployed(sql: Sql): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql.query<{ key: string; running: readonly Versions[] | null }>(
    `select key, data->'running' as running from system_board where not retired limit ${MOST}`,
  );
  return new Map(
    rows.map(({ key, running }) => [key, [...new Set((running ?? []).flatMap(({ model }) => model ?? []))]]),
  );
}

/** Keys of the features of a system; none where it is not registered. */
export async function systemFeatures(sql: Sql, key: string): Promise<string[]> {
  const { rows } = await sql.query<{ features: readonly { readonly key: string }[] | null }>(
    "select data->'features' as features from system_board where key = $1",
    [key],
  );
  return (rows[0]?.features ?? []).map((feature) => feature.key);
}
