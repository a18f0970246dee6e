import { TAKEN_OUT, type TakenOut } from '../../prepare/records/index.ts';
import type { Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { takenOutMark } from './redact.ts';

const NAME = 'taken-out';
const VERSION = '1';
const MARKS: readonly (readonly [TakenOut, string])[] = TAKEN_OUT.map((kind) => [kind, takenOutMark(kind)]);

function look(it: Interaction, _aids: Aids): Finding[] {
  const { output } = it;
  if (output === null || !output.includes(' taken out]')) return [];
  // What the person asking, or the operator, had written is no disclosure.
  const known = (it.input ?? []).map(({ content }) => content).join('\n');
  return MARKS.flatMap(([kind, mark]) => {
    const start = output.indexOf(mark);
    if (start < 0 || known.includes(mark)) return [];
    const secret = kind === 'secret';
    return [
      {
        detector: NAME,
        version: VERSION,
        kind: secret ? 'secret-disclosed' : 'personal-data',
        archetype: 'data-exfiltration',
        // Whose it was can no longer be told.
        evidenceClass: secret ? 'strong' : 'weak',
        score: secret ? 0.85 : 0.4,
        spans: [{ field: 'output', start, end: start + mark.length, text: mark }],
        rules: [kind],
        explain: `The answer held ${secret ? 'a secret' : `personal data (${kind})`}, which was taken out before it was kept.`,
        same: kind,
      } satisfies Finding,
    ];
  });
}

/** Answers that held something which a record rule took out on the way in: the value is gone, that it was there is not. */
export const takenOut: Detector = { name: NAME, version: VERSION, look };
