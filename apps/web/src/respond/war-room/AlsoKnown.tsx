import type { Severity, VoiceFigures } from '@firebreak/core/prepare/rubric';
import { Input, Select } from '../../ui/Field.tsx';

interface Known {
  readonly p90: string;
  readonly completion: string;
  readonly legal: string;
}
export const NOTHING_ELSE: Known = { p90: '', completion: '', legal: '' };

/** What may only raise the severity: voice figures where both are known, and the legal level. */
export function besideOf({ p90, completion, legal }: Known): { voice?: VoiceFigures; legal?: Severity } {
  return {
    ...(p90 !== '' &&
      completion !== '' && { voice: { p90Seconds: Number(p90), completion: Number(completion) / 100 } }),
    ...(legal !== '' && { legal: Number(legal) as Severity }),
  };
}

/** Figures of a voice agent and what counsel says; folded away, since most incidents have neither. */
export function AlsoKnown({ known, onKnown }: { known: Known; onKnown: (known: Known) => void }) {
  return (
    <details>
      <summary className="cursor-pointer text-sm text-ink-2">Voice figures, or what counsel says</summary>
      <div className="mt-2 grid gap-3 phone:grid-cols-3">
        <Input
          label="Slowest tenth, seconds"
          hint="90th percentile of response latency"
          optional
          type="number"
          min={0}
          step={0.1}
          value={known.p90}
          onText={(p90) => onKnown({ ...known, p90 })}
        />
        <Input
          label="Tasks completed, %"
          optional
          type="number"
          min={0}
          max={100}
          value={known.completion}
          onText={(completion) => onKnown({ ...known, completion })}
        />
        <Select
          label="Legal level"
          hint="Operations stay one notch above"
          value={known.legal}
          onText={(legal) => onKnown({ ...known, legal })}
          options={[
            { value: '', label: 'Not assessed' },
            ...[1, 2, 3, 4].map((level) => ({ value: String(level), label: `Level ${level}` })),
          ]}
        />
      </div>
    </details>
  );
}
