import { AXES, AXIS_NAMES, type Axis, type Condition } from '@firebreak/core/prepare/rubric';

export const AXIS_WORDS: Readonly<Record<Axis, string>> = {
  harm: 'Harm',
  reach: 'Reach',
  data: 'Data',
  regulatory: 'Regulatory',
  autonomy: 'Autonomy',
  control: 'Control',
};

const MOST = 4;

/** “Harm: material harm … or worse”, for each question a condition names. */
export function conditionWords(condition: Condition): string[] {
  return AXIS_NAMES.flatMap((axis) => {
    const bounds = condition[axis];
    if (bounds === undefined) return [];
    const { atLeast = 0, atMost = MOST } = bounds;
    const anchor = (level: number) => AXES[axis].anchors[level] ?? String(level);
    const word = AXIS_WORDS[axis];
    if (atLeast === atMost) return [`${word}: ${anchor(atLeast)}`];
    if (atMost < MOST) return [`${word}: ${anchor(atLeast)} to ${anchor(atMost)}`];
    return [`${word}: ${anchor(atLeast)}${atLeast < MOST ? ', or worse' : ''}`];
  });
}
