import { type Axes, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { useTable } from '../../prepare/rubric/index.ts';
import { Severity } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';

export const UNKNOWN: Axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };

/** The suggestion with its reasons. A recommendation, never a decision. */
export function Suggestion({ axes, beside = {} }: { axes: Axes; beside?: Parameters<typeof suggestSeverity>[1] }) {
  const call = suggestSeverity(axes, beside, useTable());
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
