import { createHash } from 'node:crypto';
import { MODERATOR_LIMITS, type Moderator } from '@firebreak/core/detect/moderation';
import type { Interaction } from '@firebreak/core/detect/signals';
import { type Deps, enqueue } from '../../platform/index.ts';
import type { Onlooker } from '../signals/index.ts';
import { activeModerators, questionsToday, tally } from './board.ts';

export const askingOf = (moderator: string) => ({
  kind: 'moderation.ask',
  payload: { moderator },
  once: `moderation.ask ${moderator}`,
});

/** The same interactions every time, whoever asks: the first four bytes of a digest, as a part of all there are. */
const isInShare = (moderator: string, interaction: string, share: number): boolean =>
  share >= 1 || createHash('sha256').update(`${moderator}|${interaction}`).digest().readUInt32BE(0) / 2 ** 32 < share;

const reads = ({ systems, side, id, share }: Moderator, it: Interaction): boolean =>
  (systems.length === 0 || systems.includes(it.system)) &&
  ((side !== 'input' && it.output !== null) || (side !== 'output' && it.input !== null)) &&
  isInShare(id, it.id, share);

/** Puts what the detectors have just read before the moderators; what is over a bound is counted, and not asked. */
export const queueForModeration: Onlooker = async (tx, deps: Deps, interactions) => {
  const now = deps.now();
  for (const moderator of await activeModerators(tx)) {
    const wanted = interactions.filter((it) => reads(moderator, it));
    if (wanted.length === 0) continue;
    const { waiting, today } = await questionsToday(tx, moderator.id, now);
    const room = Math.max(0, Math.min(MODERATOR_LIMITS.waiting - waiting, moderator.aDay - today));
    const taken = wanted.slice(0, room);
    await tally(tx, moderator.id, now, { not_asked: wanted.length - taken.length });
    if (taken.length === 0) continue;
    const { count } = await tx.query(
      `insert into moderation_opinion (moderator, interaction, system, at, state)
       select $1, r.id, r.system, $2, 'waiting' from jsonb_to_recordset($3::jsonb) as r(id text, system text)
       on conflict (moderator, interaction) do nothing returning interaction`,
      [moderator.id, now, JSON.stringify(taken.map(({ id, system }) => ({ id, system })))],
    );
    if (count > 0) await enqueue(tx, deps, askingOf(moderator.id));
  }
};
