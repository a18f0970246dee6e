import type { EvalSuite, EvalTarget } from '@firebreak/contract/detect/evals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { useAsk } from '../../app/ask.ts';
import { Check, Input, Select } from '../../ui/Field.tsx';

/** What every suite is described by. */
export interface SuiteDraft {
  readonly name: string;
  readonly target: string;
  readonly feature: string;
  readonly everyMinutes: string;
  readonly onChange: boolean;
  readonly tolerated: string;
  readonly alarmDays: string;
  readonly judge: string;
}

export const draftOf = (suite: EvalSuite | undefined, everyMinutes: number): SuiteDraft => ({
  name: suite?.name ?? '',
  target: suite?.target ?? '',
  feature: suite?.feature ?? '',
  everyMinutes: String(suite?.everyMinutes ?? everyMinutes),
  onChange: suite?.onChange ?? true,
  tolerated: String((suite?.tolerated ?? 0.05) * 100),
  alarmDays: String(suite?.alarmDays ?? 60),
  judge: suite?.judge ?? '',
});

export const bodyOf = (it: SuiteDraft) => ({
  name: it.name.trim(),
  target: it.target as `tgt_${string}`,
  feature: it.feature || null,
  everyMinutes: Number(it.everyMinutes),
  onChange: it.onChange,
  tolerated: Number(it.tolerated) / 100,
  alarmDays: Number(it.alarmDays),
  judge: it.judge === '' ? null : (it.judge as `tgt_${string}`),
});

const EVERY = [
  ['15', 'every 15 minutes'],
  ['60', 'every hour'],
  ['360', 'every 6 hours'],
  ['1440', 'every day'],
  ['10080', 'every week'],
] as const;

export function SuiteFields({
  draft,
  onDraft,
  targets,
  fields,
  what,
}: {
  draft: SuiteDraft;
  onDraft: (draft: SuiteDraft) => void;
  targets: readonly EvalTarget[];
  fields: Readonly<Record<string, string>>;
  what: 'cases' | 'probes';
}) {
  const set = (part: Partial<SuiteDraft>): void => onDraft({ ...draft, ...part });
  const system = targets.find(({ id }) => id === draft.target)?.system;
  const whole = useAsk(inventory.show, { params: { system: system ?? '-' } }, { enabled: system !== undefined });
  const features = whole.data?.system.features ?? [];
  const known = EVERY.some(([value]) => value === draft.everyMinutes);
  return (
    <>
      <div className="grid gap-4 phone:grid-cols-2">
        <Input label="Name" value={draft.name} onText={(name) => set({ name })} maxLength={200} error={fields.name} />
        <Select
          label="Target"
          hint={system === undefined ? 'Where it asks.' : `Guards ${system}.`}
          value={draft.target}
          onText={(target) => set({ target })}
          options={[{ value: '', label: 'choose' }, ...targets.map((it) => ({ value: it.id, label: it.name }))]}
          error={fields.target}
        />
        <Select
          label="Feature"
          optional
          hint="So that only this can be stopped."
          value={draft.feature}
          onText={(feature) => set({ feature })}
          options={[
            { value: '', label: 'the whole system' },
            ...features.map((it) => ({ value: it.key, label: it.name })),
            ...(draft.feature !== '' && !features.some(({ key }) => key === draft.feature)
              ? [{ value: draft.feature, label: draft.feature }]
              : []),
          ]}
        />
        <Select
          label="How often"
          value={draft.everyMinutes}
          onText={(everyMinutes) => set({ everyMinutes })}
          options={[
            ...(known ? [] : [{ value: draft.everyMinutes, label: `every ${draft.everyMinutes} minutes` }]),
            ...EVERY.map(([value, label]) => ({ value, label })),
          ]}
        />
      </div>
      <Check
        label="Also when a version of the system changes"
        hint="Half a minute after it went live."
        checked={draft.onChange}
        onCheck={(onChange) => set({ onChange })}
      />
      <div className="grid gap-4 phone:grid-cols-2">
        <Input
          label="Tolerated loss, in %"
          hint={`“Unchanged” is said only where the loss is surely below this share of the ${what}.`}
          type="number"
          min={1}
          max={50}
          value={draft.tolerated}
          onText={(tolerated) => set({ tolerated })}
          error={fields.tolerated}
        />
        <Input
          label="Days between false alarms"
          hint="At least, on the average. More days: alarms come later."
          type="number"
          min={7}
          max={365}
          value={draft.alarmDays}
          onText={(alarmDays) => set({ alarmDays })}
          error={fields.alarmDays}
        />
        {what === 'cases' && (
          <Select
            label="Second opinion"
            optional
            hint="A model that is asked about cases with a criterion. It decides nothing."
            value={draft.judge}
            onText={(judge) => set({ judge })}
            options={[{ value: '', label: 'none' }, ...targets.map((it) => ({ value: it.id, label: it.name }))]}
            error={fields.judge}
          />
        )}
      </div>
    </>
  );
}
