import type { FireDrillRow } from '@firebreak/contract/detect/fire-drills';
import type { DrillOutcome } from '@firebreak/core/detect/fire-drills';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';

export const OUTCOME_WORDS: Record<DrillOutcome, { readonly says: string; readonly tone: Tone }> = {
  met: { says: 'in time', tone: 'moss' },
  late: { says: 'too late', tone: 'ember' },
  'nobody-told': { says: 'nobody was told', tone: 'ember' },
  'not-paged': { says: 'paged nobody', tone: 'ember' },
  'not-seen': { says: 'not seen', tone: 'ember' },
  'not-sent': { says: 'not sent', tone: 'amber' },
};

const STAGES = [
  ['received', 'signal'],
  ['candidate', 'candidate'],
  ['coherent', 'one event'],
  ['paged', 'paged'],
  ['handed', 'channel took it'],
] as const;

/** Each stage with how long after the sending it was reached; null: not reached. */
export function stageLines({
  stages,
}: Pick<FireDrillRow, 'stages'>): { readonly name: string; readonly after: string | null }[] {
  const sent = Date.parse(stages.sent);
  return STAGES.map(([stage, name]) => {
    const at = stages[stage];
    // A signal may be in before the last message was sent.
    return { name, after: at === null ? null : span(Math.max(0, Date.parse(at) - sent)) };
  });
}
