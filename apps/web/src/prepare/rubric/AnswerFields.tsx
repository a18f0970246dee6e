import { AXES, AXIS_NAMES, type Axes } from '@firebreak/core/prepare/rubric';
import { cx } from '../../ui/cx.ts';
import { Select } from '../../ui/Field.tsx';
import { sentence } from '../../ui/sentence.ts';

/** The six questions, each answered or left open. */
export function AnswerFields({ axes, onAxes, narrow }: { axes: Axes; onAxes: (axes: Axes) => void; narrow?: boolean }) {
  return (
    <div className={cx('grid gap-x-4 gap-y-3', !narrow && 'phone:grid-cols-2')}>
      {AXIS_NAMES.map((axis) => (
        <Select
          key={axis}
          label={AXES[axis].question}
          value={axes[axis] === null ? '' : String(axes[axis])}
          onText={(value) => onAxes({ ...axes, [axis]: value === '' ? null : Number(value) })}
          options={[
            { value: '', label: 'Nobody knows yet' },
            ...AXES[axis].anchors.map((anchor, level) => ({ value: String(level), label: sentence(anchor) })),
          ]}
        />
      ))}
    </div>
  );
}
