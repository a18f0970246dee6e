import type { Instant } from '@firebreak/core/kernel';
import type { SystemType } from '@firebreak/core/prepare/inventory';
import { foldPlaybook, type PlaybookArchetype, type PlaybookId } from '@firebreak/core/prepare/playbooks';
import { type Board, loadStream, type Sql, tables } from '../../platform/index.ts';

interface PlaybookBoardRow {
  id: PlaybookId;
  key: string;
  name: string;
  archetype: PlaybookArchetype | 'any';
  system_type: SystemType | 'any';
  version: number;
  edition: string | null;
  steps: number;
  source_id: string | null;
  changed_at: Instant;
  retired: boolean;
}
const q = tables<{ playbook_board: PlaybookBoardRow }>();
/** So many playbooks of one's own are kept; more are refused. */
export const MOST_PLAYBOOKS = 1_000;

export const playbookBoard: Board = {
  name: 'playbooks',
  tables: ['playbook_board'],
  types: ['playbook.adopted', 'playbook.changed', 'playbook.retired'],
  async apply(tx, { stream }) {
    const playbook = foldPlaybook(await loadStream(tx, stream));
    const newest = playbook?.versions.at(-1);
    if (!playbook || !newest) return;
    const { content, source } = newest;
    await tx.query(
      `insert into playbook_board (id, key, name, archetype, system_type, version, edition, steps, source_id, changed_at, retired)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (id) do update set name = excluded.name, archetype = excluded.archetype,
         system_type = excluded.system_type, version = excluded.version, steps = excluded.steps,
         source_id = excluded.source_id, changed_at = excluded.changed_at, retired = excluded.retired`,
      [
        playbook.id,
        playbook.key,
        content.name,
        content.archetype,
        content.systemType,
        newest.version,
        playbook.edition,
        content.steps.length,
        source?.id ?? null,
        newest.at,
        playbook.retired,
      ],
    );
  },
};

export function listOwn(sql: Sql) {
  return sql.run(
    q.selectFrom('playbook_board').selectAll().where('retired', '=', false).orderBy('key').limit(MOST_PLAYBOOKS),
  );
}

export async function findOwn(sql: Sql, key: string): Promise<PlaybookId | null> {
  const rows = await sql.run(
    q.selectFrom('playbook_board').select('id').where('key', '=', key).where('retired', '=', false),
  );
  return rows[0]?.id ?? null;
}

/** The playbook that was read from a file with this id inside. */
export async function findBySource(sql: Sql, source: string): Promise<{ id: PlaybookId; key: string } | null> {
  const rows = await sql.run(
    q
      .selectFrom('playbook_board')
      .select(['id', 'key'])
      .where('source_id', '=', source)
      .where('retired', '=', false)
      .orderBy('id')
      .limit(1),
  );
  return rows[0] ?? null;
}
