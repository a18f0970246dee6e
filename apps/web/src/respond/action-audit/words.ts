import type { Action } from '@firebreak/contract/respond/action-audit';
import type { Tone } from '../../ui/Marks.tsx';

interface Words {
  readonly says: string;
  readonly tone: Tone;
}

export const OUTCOME_WORDS: Readonly<Record<Action['outcome'], Words>> = {
  executed: { says: 'executed', tone: 'plain' },
  failed: { says: 'failed', tone: 'amber' },
  refused: { says: 'refused', tone: 'moss' },
  uncertain: { says: 'not known', tone: 'amber' },
};

export const REVERSAL_WORDS: Readonly<Record<Action['reversal'], Words>> = {
  nothing: { says: 'only looked', tone: 'plain' },
  reversible: { says: 'can be undone', tone: 'blue' },
  irreversible: { says: 'cannot be undone', tone: 'ember' },
  unknown: { says: 'undo not known', tone: 'amber' },
};

export const SETTLED_WORDS: Readonly<Record<NonNullable<Action['settled']>['as'], string>> = {
  undone: 'Undone',
  'cannot-be-undone': 'Cannot be undone',
  accepted: 'Accepted as it is',
};

/** How it is undone, in a sentence; undefined: nobody has said. */
export function sayUndo({ undo }: Pick<Action, 'undo'>): string | undefined {
  if (undo === null) return undefined;
  const given = Object.entries(undo.arguments)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
  const call = undo.tool === null ? undefined : `Call ${undo.tool}${given === '' ? '' : ` with ${given}`}.`;
  const lost = undo.missing.length === 0 ? undefined : `Not on record: ${undo.missing.join(', ')}.`;
  return [call, undo.instruction || undefined, lost].filter((part) => part !== undefined).join(' ') || undefined;
}

/** Whether somebody has to answer for it. */
export const waits = ({ outcome, reversal, settled }: Action): boolean =>
  outcome !== 'refused' && reversal !== 'nothing' && settled === null;
