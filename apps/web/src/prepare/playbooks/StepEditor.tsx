import type { PlaybookContent } from '@firebreak/contract/prepare/playbooks';
import type { Capability } from '@firebreak/core/prepare/people';
import { PHASES, type PhaseKey, PLAYBOOK_LIMITS, STEP_OWNERS, type StepOwner } from '@firebreak/core/prepare/playbooks';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Commands } from './PlaybookSteps.tsx';
import { OWNER_TITLES, rightWords, STEP_RIGHTS, tickWords } from './words.ts';

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

/** One step: its words, phase and owner, and folded away everything else that is known of it. */
export function StepEditor({
  step,
  number,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  step: Step;
  number: number;
  last: boolean;
  onChange: (part: Partial<Step>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}) {
  const ticks = step.doneBy === null || TICKS.includes(step.doneBy) ? TICKS : [step.doneBy, ...TICKS];
  const rights =
    step.mayRun === null || STEP_RIGHTS.includes(step.mayRun) ? STEP_RIGHTS : [step.mayRun, ...STEP_RIGHTS];
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
        <div className="flex">
          <Button look="quiet" aria-label={`Move step ${number} up`} disabled={number === 1} onClick={() => onMove(-1)}>
            <ArrowUp size={16} aria-hidden="true" />
          </Button>
          <Button look="quiet" aria-label={`Move step ${number} down`} disabled={last} onClick={() => onMove(1)}>
            <ArrowDown size={16} aria-hidden="true" />
          </Button>
          <Button look="quiet" aria-label={`Remove step ${number}`} onClick={onRemove}>
            <Trash2 size={16} aria-hidden="true" />
          </Button>
        </div>
      </div>
      <details className="mt-2">
        <summary className="cursor-pointer text-xs text-ink-2">
          More about step {number}: how, by when, when at all
        </summary>
        <div className="mt-2 grid gap-3 phone:grid-cols-[minmax(0,1fr)_11rem_16rem]">
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
        <div className="mt-3 grid gap-3 phone:grid-cols-[minmax(0,1fr)_16rem_16rem]">
          <Input
            label="Only when"
            optional
            hint="When the step applies at all; empty: always."
            maxLength={500}
            value={step.condition}
            onText={(condition) => onChange({ condition })}
          />
          <Input
            label="Control it orders"
            optional
            hint="disable, route, fence, or a control by its name."
            maxLength={200}
            value={step.control ?? ''}
            onText={(control) => onChange({ control: control.trim() === '' ? null : control })}
          />
          <Select
            label="Right it takes"
            options={[{ value: '', label: 'none' }, ...rights.map((value) => ({ value, label: rightWords(value) }))]}
            value={step.mayRun ?? ''}
            onText={(right) => onChange({ mayRun: right === '' ? null : (right as Capability) })}
          />
        </div>
        {step.commands.length > 0 && (
          <div className="mt-3">
            <Commands commands={step.commands} />
            <Button
              size="sm"
              className="mt-1.5"
              aria-label={`Leave out the commands of step ${number}`}
              onClick={() => onChange({ commands: [] })}
            >
              Leave the commands out
            </Button>
          </div>
        )}
      </details>
    </li>
  );
}
