import { type Playbook, playbooks } from '@firebreak/contract/prepare/playbooks';
import { SYSTEM_TYPES } from '@firebreak/core/prepare/inventory';
import { PLAYBOOK_ARCHETYPES, PLAYBOOK_LIMITS } from '@firebreak/core/prepare/playbooks';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { type Step, StepEditor } from './StepEditor.tsx';
import { ARCHETYPE_TITLES, SYSTEM_TYPE_TITLES } from './words.ts';

/** A key no other step has: `own-1`, `own-2` … */
function freshKey(steps: readonly Step[]): string {
  for (let n = 1; ; n++) if (!steps.some((step) => step.key === `own-${n}`)) return `own-${n}`;
}

/** Changes the steps and saves them as the next version, with a reason. */
export function PlaybookEditor({ playbook, onClose }: { playbook: Playbook; onClose: () => void }) {
  const [content, setContent] = useState(playbook.content);
  const [because, setBecause] = useState('');
  const save = useAct(playbooks.save, { refreshes: ['/api/v1/playbooks'], done: onClose });
  const change = (key: string, part: Partial<Step>) =>
    setContent({ ...content, steps: content.steps.map((step) => (step.key === key ? { ...step, ...part } : step)) });
  const move = (from: number, by: 1 | -1) => {
    const steps = [...content.steps];
    const [taken] = steps.splice(from, 1);
    steps.splice(from + by, 0, taken!);
    setContent({ ...content, steps });
  };
  const add = () => {
    const key = freshKey(content.steps);
    const blank = { detail: '', owner: null, mayRun: null, control: null, doneBy: null, withinMinutes: null };
    setContent({
      ...content,
      steps: [...content.steps, { key, phase: 'triage', text: '', ...blank, condition: '', commands: [] }],
    });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          params: { playbook: playbook.key },
          body: { content, because, from: playbook.versions.at(-1)!.version },
        });
      }}
    >
      <Section title="About">
        <Card className="grid gap-4">
          <Input label="Name" value={content.name} onText={(name) => setContent({ ...content, name })} required />
          <TextArea
            label="In short"
            optional
            value={content.summary}
            onText={(summary) => setContent({ ...content, summary })}
          />
          <div className="grid gap-4 phone:grid-cols-2">
            <Select
              label="Kind of failure"
              hint="Opened by itself where a candidate looks like it."
              value={content.archetype}
              onText={(archetype) => setContent({ ...content, archetype: archetype as typeof content.archetype })}
              options={(['any', ...PLAYBOOK_ARCHETYPES] as const).map((value) => ({
                value,
                label: ARCHETYPE_TITLES[value],
              }))}
            />
            <Select
              label="Type of system"
              hint="The exact type is chosen before “any”."
              value={content.systemType}
              onText={(systemType) => setContent({ ...content, systemType: systemType as typeof content.systemType })}
              options={(['any', ...SYSTEM_TYPES] as const).map((value) => ({
                value,
                label: SYSTEM_TYPE_TITLES[value],
              }))}
            />
          </div>
        </Card>
      </Section>
      <Section title={`Steps · ${content.steps.length}`}>
        <ol className="grid gap-2">
          {content.steps.map((step, i) => (
            <StepEditor
              key={step.key}
              step={step}
              number={i + 1}
              last={i === content.steps.length - 1}
              onChange={(part) => change(step.key, part)}
              onMove={(by) => move(i, by)}
              onRemove={() => setContent({ ...content, steps: content.steps.filter((each) => each !== step) })}
            />
          ))}
        </ol>
        <Button className="mt-2" onClick={add} disabled={content.steps.length >= PLAYBOOK_LIMITS.steps}>
          <Plus size={16} aria-hidden="true" />
          Add a step
        </Button>
      </Section>
      <Section title="Save">
        <Card className="grid gap-4">
          <Input
            label="Why this changes"
            hint="Stays with the version: a drill, a review, an incident."
            value={because}
            onText={setBecause}
            required
          />
          {save.error && <Trouble error={save.error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="strong" busy={save.isPending}>
              Save as version {playbook.versions.at(-1)!.version + 1}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </div>
        </Card>
      </Section>
    </form>
  );
}
