import { AXES, AXIS_NAMES, type Axis, type Condition, type Rule } from '@firebreak/core/prepare/rubric';
import { Button } from '../../ui/Button.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { AXIS_WORDS } from './rule-words.ts';

const anchorOptions = (axis: Axis) => [
  { value: '', label: 'any answer' },
  ...AXES[axis].anchors.slice(1).map((anchor, i) => ({ value: String(i + 1), label: `≥ ${i + 1} · ${anchor}` })),
];

function ConditionEditor({ condition, onChange }: { condition: Condition; onChange: (next: Condition) => void }) {
  const set = (axis: Axis, atLeast: string): void => {
    const { [axis]: held, ...rest } = condition;
    if (atLeast === '' && held?.atMost === undefined) onChange(rest);
    else
      onChange({
        ...rest,
        [axis]: {
          ...(held?.atMost !== undefined && { atMost: held.atMost }),
          ...(atLeast !== '' && { atLeast: Number(atLeast) }),
        },
      });
  };
  return (
    <div className="grid gap-2 phone:grid-cols-3">
      {AXIS_NAMES.map((axis) => (
        <Select
          key={axis}
          label={AXIS_WORDS[axis]}
          value={condition[axis]?.atLeast === undefined ? '' : String(condition[axis].atLeast)}
          onText={(value) => set(axis, value)}
          options={anchorOptions(axis)}
          hint={condition[axis]?.atMost === undefined ? undefined : `and at most ${condition[axis].atMost}`}
        />
      ))}
    </div>
  );
}

/** One rule: its sentence, its severity, and the answers at which it fires. */
export function RuleEditor({
  rule,
  onChange,
  onRemove,
}: {
  rule: Rule;
  onChange: (next: Rule) => void;
  onRemove: () => void;
}) {
  return (
    <details className="rounded-lg border border-line bg-surface px-4 py-3">
      <summary className="cursor-pointer">
        <span className="text-xs text-ink-3 tabular-nums">{rule.id}</span>{' '}
        <span className="font-[560]">
          Sev {rule.severity}: {rule.reads}
        </span>
      </summary>
      <div className="mt-3 grid gap-3">
        <div className="grid gap-3 phone:grid-cols-[8rem_8rem_1fr]">
          <Input label="Name" value={rule.id} onText={(id) => onChange({ ...rule, id })} maxLength={24} />
          <Select
            label="Severity"
            value={String(rule.severity)}
            onText={(value) => onChange({ ...rule, severity: Number(value) as Rule['severity'] })}
            options={[1, 2, 3].map((level) => ({ value: String(level), label: `Sev ${level}` }))}
          />
          <Input label="Reads" value={rule.reads} onText={(reads) => onChange({ ...rule, reads })} maxLength={300} />
        </div>
        {rule.when.map((condition, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own and are edited in place
          <fieldset key={i} className="grid gap-2">
            <legend className="mb-1 text-sm font-[600]">{i === 0 ? 'Fires at' : 'or at'}</legend>
            <ConditionEditor
              condition={condition}
              onChange={(next) => onChange({ ...rule, when: rule.when.map((held, j) => (j === i ? next : held)) })}
            />
            {rule.when.length > 1 && (
              <div>
                <Button size="sm" onClick={() => onChange({ ...rule, when: rule.when.filter((_, j) => j !== i) })}>
                  Take this “or” away
                </Button>
              </div>
            )}
          </fieldset>
        ))}
        <div className="flex flex-wrap gap-2">
          {rule.when.length < 12 && (
            <Button size="sm" onClick={() => onChange({ ...rule, when: [...rule.when, {}] })}>
              Add an “or”
            </Button>
          )}
          <Button size="sm" onClick={onRemove}>
            Remove {rule.id}
          </Button>
        </div>
      </div>
    </details>
  );
}
