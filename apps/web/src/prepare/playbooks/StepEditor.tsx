import type { PlaybookContent } from '@firebreak/contract/prepare/playbooks';
import { PHASES, type PhaseKey, PLAYBOOK_LIMITS, STEP_OWNERS, type StepOwner } from '@firebreak/core/prepare/playbooks';
import { Trash2 } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { OWNER_TITLES, tickWords } from './words.ts';

export type Step = PlaybookContent['steps'][number];
const PHASE_OPTIONS = PHASES.map(({ key, name }) => ({ value: key, label: name }));
const OWNER_OPTIONS = [
  { value: '', label: 'Nobody named' },
  ...STEP_OWNERS.map((value) => ({ value, label: OWNER_TITLES[value] })),
];
const TICKS = [
  'fact:containment.ordered',
  'holds:confirmed',
  'fact:evidence.preserved',
  'fact:bundle.exported',
  'severity:answered',
  'times:3',
  ...STEP_OWNERS.map((owner) => `role:${owner}`),
];

/** One step: its words, phase and owner, and folded away how, by when, and what ticks it. */
export function StepEditor({
  step,
  number,
  onChange,
  onRemove,
}: {
  step: Step;
  number: number;
  onChange: (part: Partial<Step>) => void;
  onRemove: () => void;
}) {
  const ticks = step.doneBy === null || TICKS.includes(step.doneBy) ? TICKS : [step.doneBy, ...TICKS];
  return (
    <li className="rounded-lg border border-line bg-surface p-3">
      <div className="grid items-end gap-2 phone:grid-cols-[minmax(0,1fr)_11rem_11rem_auto]">
        <Input
          label={`Step ${number}`}
          value={step.text}
          maxLength={PLAYBOOK_LIMITS.text}
          onText={(text) => onChange({ text })}
        />
        <Select
          label={`Phase of step ${number}`}
          hideLabel
          options={PHASE_OPTIONS}
          value={step.phase}
          onText={(phase) => onChange({ phase: phase as PhaseKey })}
        />
        <Select
          label={`Owner of step ${number}`}
          hideLabel
          options={OWNER_OPTIONS}
          value={step.owner ?? ''}
          onText={(owner) => onChange({ owner: owner === '' ? null : (owner as StepOwner) })}
        />
        <Button look="quiet" aria-label={`Remove step ${number}`} onClick={onRemove}>
          <Trash2 size={16} aria-hidden="true" />
        </Button>
      </div>
      <details className="mt-2">
        <summary className="cursor-pointer text-xs text-ink-2">How, by when, and what ticks step {number}</summary>
        <div className="mt-2 grid gap-3 phone:grid-cols-[minmax(0,1fr)_9rem_16rem]">
          <TextArea
            label="How"
            optional
            rows={2}
            value={step.detail}
            maxLength={PLAYBOOK_LIMITS.detail}
            onText={(detail) => onChange({ detail })}
          />
          <Input
            label="By minute"
            optional
            type="number"
            min={1}
            max={43_200}
            value={step.withinMinutes ?? ''}
            onText={(text) => onChange({ withinMinutes: text === '' ? null : Number(text) })}
          />
          <Select
            label="Ticked by"
            options={[
              { value: '', label: 'a person' },
              ...ticks.map((value) => ({ value, label: tickWords(value)?.replace('ticked when ', '') ?? value })),
            ]}
            value={step.doneBy ?? ''}
            onText={(doneBy) => onChange({ doneBy: doneBy === '' ? null : doneBy })}
          />
        </div>
      </details>
    </li>
  );
}
