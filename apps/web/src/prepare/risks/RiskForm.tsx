import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { type Risk, risks } from '@firebreak/contract/prepare/risks';
import { TREATMENTS, type Treatment } from '@firebreak/core/prepare/risks';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { IMPACT_WORDS, LIKELIHOOD_WORDS, TREATMENT_WORDS } from './words.ts';

type Grade = Risk['inherent'];

function GradeFields({ label, grade, onGrade }: { label: string; grade: Grade; onGrade: (next: Grade) => void }) {
  const options = (words: readonly string[]) =>
    words.map((word, i) => ({ value: String(i + 1), label: `${i + 1} · ${word}` }));
  return (
    <fieldset className="grid gap-3 phone:grid-cols-2">
      <legend className="mb-1 font-[600]">{label}</legend>
      <Select
        label="How likely"
        value={String(grade.likelihood)}
        onText={(value) => onGrade({ ...grade, likelihood: Number(value) })}
        options={options(LIKELIHOOD_WORDS)}
      />
      <Select
        label="How bad"
        value={String(grade.impact)}
        onText={(value) => onGrade({ ...grade, impact: Number(value) })}
        options={options(IMPACT_WORDS)}
      />
    </fieldset>
  );
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** Writes a risk into the register, or describes one anew. */
export function RiskForm({ risk, onClose }: { risk?: Risk; onClose: () => void }) {
  const me = useMe().data;
  const names = useAsk(people.directory, {}).data?.names ?? {};
  const systems = useAsk(inventory.list, {}).data?.systems.filter((it) => !it.retired) ?? [];
  const [title, setTitle] = useState(risk?.title ?? '');
  const [failureMode, setFailureMode] = useState(risk?.failureMode ?? '');
  const [proximateCause, setProximateCause] = useState(risk?.proximateCause ?? '');
  const [contributing, setContributing] = useState(risk?.contributing.join('\n') ?? '');
  const [concerned, setConcerned] = useState<readonly string[]>(risk?.systems ?? []);
  const [owner, setOwner] = useState(risk?.owner ?? '');
  const [inherent, setInherent] = useState<Grade>(risk?.inherent ?? { likelihood: 3, impact: 3 });
  const [treatment, setTreatment] = useState<Treatment>(risk?.treatment ?? 'untreated');
  const [treatmentNote, setTreatmentNote] = useState(risk?.treatmentNote ?? '');
  const [residual, setResidual] = useState<Grade | null>(risk?.residual ?? null);
  const [reviewBy, setReviewBy] = useState(risk?.reviewBy ?? '');
  const [because, setBecause] = useState('');
  const then = { refreshes: ['/api/v1/risks'], done: onClose };
  const register = useAct(risks.register, then);
  const describe = useAct(risks.describe, then);
  const doing = risk ? describe : register;
  const told = doing.error ? tell(doing.error) : null;
  const chosen = owner || me?.id || '';
  const submit = (): void => {
    const body = {
      title,
      failureMode,
      proximateCause,
      contributing: lines(contributing),
      systems: [...concerned],
      owner: chosen as `usr_${string}`,
      inherent,
      treatment,
      treatmentNote,
      residual,
      reviewBy: reviewBy || null,
      because,
    };
    if (risk) describe.mutate({ params: { risk: risk.id }, body });
    else register.mutate({ body });
  };
  return (
    <Dialog
      title={risk ? 'Describe the risk anew' : 'Register a risk'}
      about="What may fail, who answers for it, what is done about it, and what is left."
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={doing.isPending}
            disabled={title.trim() === '' || because.trim() === ''}
          >
            {risk ? 'Save' : 'Register'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Risk" value={title} onText={setTitle} maxLength={200} required error={told?.fields.title} />
        <TextArea
          label="How it fails"
          optional
          rows={2}
          value={failureMode}
          onText={setFailureMode}
          hint="As people outside would see it."
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <TextArea label="Proximate cause" optional rows={2} value={proximateCause} onText={setProximateCause} />
          <TextArea
            label="Contributing factors"
            optional
            rows={2}
            value={contributing}
            onText={setContributing}
            hint="One on each line."
          />
        </div>
        {systems.length > 0 && (
          <fieldset>
            <legend className="mb-0.5 font-[600]">AI systems it concerns</legend>
            <div className="grid max-h-32 overflow-y-auto phone:grid-cols-2">
              {systems.map((it) => (
                <Check
                  key={it.key}
                  label={it.name}
                  checked={concerned.includes(it.key)}
                  onCheck={(on) =>
                    setConcerned(on ? [...concerned, it.key] : concerned.filter((key) => key !== it.key))
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        <Select
          label="Who answers for it"
          value={chosen}
          onText={setOwner}
          options={Object.entries(names)
            .filter(([id]) => id.startsWith('usr_'))
            .map(([value, label]) => ({ value, label }))}
          error={told?.fields.owner}
        />
        <GradeFields label="Before anything is done" grade={inherent} onGrade={setInherent} />
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Treatment"
            value={treatment}
            onText={(value) => setTreatment(value as Treatment)}
            options={TREATMENTS.map((value) => ({ value, label: TREATMENT_WORDS[value] }))}
          />
          <Input
            label="Look again on"
            optional={treatment !== 'accept'}
            type="date"
            value={reviewBy}
            onText={setReviewBy}
            error={told?.fields.reviewBy}
          />
        </div>
        <TextArea
          label="What is done, or why it is accepted"
          optional={treatment !== 'accept'}
          rows={2}
          value={treatmentNote}
          onText={setTreatmentNote}
          error={told?.fields.treatmentNote}
        />
        <Check
          label="Say what is left after the treatment"
          checked={residual !== null}
          onCheck={(on) => setResidual(on ? inherent : null)}
        />
        {residual && <GradeFields label="What is left" grade={residual} onGrade={setResidual} />}
        <Input
          label={risk ? 'What has been learnt' : 'What made you write it down'}
          hint="For example an incident’s label."
          value={because}
          onText={setBecause}
          maxLength={500}
          required
        />
        {doing.error && <Trouble error={doing.error} />}
      </div>
    </Dialog>
  );
}
