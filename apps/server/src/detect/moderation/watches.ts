import { addMs } from '@firebreak/core/kernel';
import { enqueue, type Watch } from '../../platform/index.ts';
import { deleteOld } from '../../prepare/records/index.ts';
import { tally } from './board.ts';
import { askingOf } from './queue.ts';

const MOST = 2_000;
/** A question that waited so long is answered by nobody: a late opinion would be taken for a new one. */
const GIVE_UP_MS = 600_000;

/** Questions that wait while no job is under way: after a crash, or while a moderator was left alone. */
export const reminding: Watch = {
  name: 'moderation',
  everyMs: 2_000,
  async look(deps) {
    const now = deps.now();
    const written = await deps.db.transaction(async (tx) => {
      const late = await tx.query<{ moderator: string }>(
        `update moderation_opinion set state = 'none', why = coalesce(why, 'it was not asked within ten minutes')
         where (moderator, interaction) in (
           select moderator, interaction from moderation_opinion where state = 'waiting' and at < $1 limit ${MOST})
         returning moderator`,
        [addMs(now, -GIVE_UP_MS)],
      );
      const byModerator = new Map<string, number>();
      for (const { moderator } of late.rows) byModerator.set(moderator, (byModerator.get(moderator) ?? 0) + 1);
      for (const [moderator, count] of byModerator) await tally(tx, moderator, now, { none: count });
      const { rows } = await tx.query<{ id: string }>(
        `select b.id from moderator_board b
         where b.active and exists (select 1 from moderation_opinion o where o.moderator = b.id and o.state = 'waiting')
         limit 100`,
      );
      for (const { id } of rows) await enqueue(tx, deps, askingOf(id));
      return rows.length;
    });
    if (written > 0) deps.wake();
  },
};

export const forgetting: Watch = {
  name: 'old-opinions',
  everyMs: 600_000,
  async look(deps) {
    await deleteOld(deps.db, deps, {
      table: 'moderation_opinion',
      key: 'moderator, interaction',
      at: 'at',
      most: MOST * 10,
    });
    const before = addMs(deps.now(), -deps.config.retentionDays * 86_400_000);
    await deps.db.query('delete from moderation_hour where hour < $1', [before.slice(0, 13)]);
  },
};
