import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { type Policy, policies } from '@firebreak/contract/prepare/policies';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';

/** `EU AI Act: Art. 14` on each line. A line without a colon is a clause of no named framework. */
const readReferences = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const colon = line.indexOf(':');
      return colon < 1
        ? { framework: 'other', clause: line }
        : { framework: line.slice(0, colon).trim(), clause: line.slice(colon + 1).trim() };
    })
    .filter(({ clause }) => clause !== '');

interface PolicyFormProps {
  readonly policy?: Policy;
  readonly onClose: () => void;
  readonly onDone?: (policy: Policy) => void;
}

/** States a policy, or states one anew. */
export function PolicyForm({ policy, onClose, onDone }: PolicyFormProps) {
  const me = useMe().data;
  const names = useAsk(people.directory, {}).data?.names ?? {};
  const systems = useAsk(inventory.list, {}).data?.systems.filter((it) => !it.retired) ?? [];
  const [title, setTitle] = useState(policy?.title ?? '');
  const [statement, setStatement] = useState(policy?.statement ?? '');
  const [owner, setOwner] = useState(policy?.owner ?? '');
  const [reviewBy, setReviewBy] = useState(policy?.reviewBy ?? '');
  const [bound, setBound] = useState<readonly string[]>(policy?.systems ?? []);
  const [references, setReferences] = useState(
    policy?.references.map(({ framework, clause }) => `${framework}: ${clause}`).join('\n') ?? '',
  );
  const [because, setBecause] = useState('');
  const done = (answer: { policy: Policy }): void => {
    onClose();
    onDone?.(answer.policy);
  };
  const refreshes = ['/api/v1/policies'];
  const state = useAct(policies.state, { refreshes, done });
  const restate = useAct(policies.restate, { refreshes, done });
  const doing = policy ? restate : state;
  const told = doing.error ? tell(doing.error) : null;
  const chosen = owner || me?.id || '';
  const submit = (): void => {
    const body = {
      title,
      statement,
      owner: chosen as `usr_${string}`,
      reviewBy: reviewBy || null,
      systems: [...bound],
      references: readReferences(references),
      because,
    };
    if (policy) restate.mutate({ params: { policy: policy.id }, body });
    else state.mutate({ body });
  };
  return (
    <Dialog
      title={policy ? 'State the policy anew' : 'State a policy'}
      about="A rule your organisation has made. What carries it out is mapped afterwards."
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={doing.isPending}
            disabled={title.trim() === '' || statement.trim() === '' || because.trim() === ''}
          >
            {policy ? 'Save' : 'State it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Title" value={title} onText={setTitle} maxLength={200} required error={told?.fields.title} />
        <TextArea
          label="Statement"
          value={statement}
          onText={setStatement}
          rows={3}
          maxLength={5_000}
          required
          hint="What holds, so that somebody can tell whether it was kept."
          error={told?.fields.statement}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Who answers for it"
            value={chosen}
            onText={setOwner}
            options={Object.entries(names)
              .filter(([id]) => id.startsWith('usr_'))
              .map(([value, label]) => ({ value, label }))}
            error={told?.fields.owner}
          />
          <Input label="Look again on" optional type="date" value={reviewBy} onText={setReviewBy} />
        </div>
        {systems.length > 0 && (
          <fieldset>
            <legend className="mb-0.5 font-[600]">AI systems it binds</legend>
            <p className="text-xs text-ink-3">None ticked: it binds every system, those of tomorrow too.</p>
            <div className="grid max-h-32 overflow-y-auto phone:grid-cols-2">
              {systems.map((it) => (
                <Check
                  key={it.key}
                  label={it.name}
                  checked={bound.includes(it.key)}
                  onCheck={(on) => setBound(on ? [...bound, it.key] : bound.filter((key) => key !== it.key))}
                />
              ))}
            </div>
          </fieldset>
        )}
        <TextArea
          label="Where it is asked for"
          optional
          rows={2}
          value={references}
          onText={setReferences}
          hint="One on each line, for example “ISO 42001: A.9.2” or “EU AI Act: Art. 14”."
        />
        <Input
          label={policy ? 'Why it changes' : 'What made you write it down'}
          hint="For example an incident’s label, or a decision of the board."
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
