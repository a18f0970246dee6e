import { AXES, type Axes, type Axis, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { Select } from '../../ui/Field.tsx';
import { Severity } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';

export const UNKNOWN: Axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };
const NAMES = Object.keys(AXES) as Axis[];

/** The six questions, and what the table makes of the answers. */
export function AxesForm({ axes, onAxes }: { axes: Axes; onAxes: (axes: Axes) => void }) {
  return (
    <div className="grid gap-x-4 gap-y-3 phone:grid-cols-2">
      {NAMES.map((axis) => (
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

/** The suggestion with its reasons. A recommendation, never a decision. */
export function Suggestion({ axes }: { axes: Axes }) {
  const call = suggestSeverity(axes);
  return (
    <div aria-live="polite" className="rounded-md border border-line bg-sunken p-3">
      <p className="flex flex-wrap items-center gap-2">
        <Severity level={call.severity} provisional={call.provisional} />
        <span className="font-[600]">
          {call.reasons.length > 0 ? sentence(call.reasons.join('; ')) : 'Nothing so far asks for more'}
        </span>
      </p>
      {call.couldBe.length > 0 && (
        <ul className="mt-1.5 grid gap-0.5 text-xs text-ink-2">
          {call.couldBe.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
