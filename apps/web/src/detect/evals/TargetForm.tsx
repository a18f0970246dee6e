import { type EvalTarget, evals } from '@firebreak/contract/detect/evals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import type { TargetKind } from '@firebreak/core/detect/evals';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { REFRESHES } from './refreshes.ts';

const KINDS: readonly { value: TargetKind; label: string }[] = [
  { value: 'openai', label: 'Speaks the OpenAI format' },
  { value: 'anthropic', label: 'Speaks the Anthropic format' },
  { value: 'http', label: 'Any address that takes JSON' },
];

/** Where questions go: an application, or a model, with its secret and its budget. */
export function TargetForm({ target, onClose }: { target?: EvalTarget; onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [name, setName] = useState(target?.name ?? '');
  const [kind, setKind] = useState<TargetKind>(target?.kind ?? 'openai');
  const [address, setAddress] = useState(target?.address ?? '');
  const [system, setSystem] = useState(target?.system ?? '');
  const [deployment, setDeployment] = useState(target?.deployment ?? '');
  const [model, setModel] = useState(target?.model ?? '');
  const [instructions, setInstructions] = useState(target?.instructions ?? '');
  const [template, setTemplate] = useState(target?.template || '{"messages": {{messages}}}');
  const [answerPath, setAnswerPath] = useState(target?.answerPath ?? '');
  const [secret, setSecret] = useState('');
  const [secretHeader, setSecretHeader] = useState(target?.secretHeader ?? '');
  const [limits, setLimits] = useState({
    timeoutMs: String((target?.timeoutMs ?? 15_000) / 1_000),
    atOnce: String(target?.atOnce ?? 2),
    perRun: String(target?.perRun ?? 1_000),
    perDay: String(target?.perDay ?? 20_000),
  });
  const whole = useAsk(inventory.show, { params: { system: system || '-' } }, { enabled: system !== '' });
  const deployments = whole.data?.system.deployments ?? [];
  const then = { refreshes: REFRESHES, done: onClose };
  const add = useAct(evals.addTarget, then);
  const describe = useAct(evals.describeTarget, then);
  const saving = target ? describe : add;
  const fields = saving.error ? tell(saving.error).fields : {};
  const http = kind === 'http';
  const body = {
    name: name.trim() || 'Target',
    kind,
    address: address.trim(),
    system,
    deployment,
    model: http ? '' : model.trim(),
    instructions,
    template: http ? template : '',
    answerPath: http ? answerPath.trim() : '',
    secretHeader: http ? secretHeader.trim() : '',
    timeoutMs: Math.round(Number(limits.timeoutMs) * 1_000),
    atOnce: Number(limits.atOnce),
    perRun: Number(limits.perRun),
    perDay: Number(limits.perDay),
    ...(secret !== '' && { secret }),
  };
  const limit = (key: keyof typeof limits, label: string, hint: string, min: number, max: number) => (
    <Input
      label={label}
      hint={hint}
      type="number"
      min={min}
      max={max}
      value={limits[key]}
      onText={(value) => setLimits({ ...limits, [key]: value })}
      error={fields[key]}
    />
  );
  return (
    <Dialog
      title={target ? `Change ${target.name}` : 'Add a target'}
      about="Questions are sent here, marked as what they are. Nothing of them counts as traffic."
      width="wide"
      onClose={onClose}
      onSubmit={() => (target ? describe.mutate({ params: { target: target.id }, body }) : add.mutate({ body }))}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={saving.isPending} disabled={system === '' || address.trim() === ''}>
            {target ? 'Save' : 'Add the target'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Input label="Name" value={name} onText={setName} maxLength={200} placeholder="Support bot, production" />
          <Select label="Format" value={kind} onText={(value) => setKind(value as TargetKind)} options={KINDS} />
          <Select
            label="AI system"
            value={system}
            onText={setSystem}
            options={[{ value: '', label: 'choose' }, ...systems.map((it) => ({ value: it.key, label: it.name }))]}
            error={fields.system}
          />
          <Select
            label="Deployment behind it"
            hint="Its versions are what is tested."
            value={deployment}
            onText={setDeployment}
            options={[
              { value: '', label: 'whatever was deployed last' },
              ...deployments.map((it) => ({ value: it.name, label: it.name })),
            ]}
          />
        </div>
        <Input
          label="Address"
          hint={http ? 'The whole address.' : 'The base address, for example https://api.example.com/v1.'}
          value={address}
          onText={setAddress}
          inputMode="url"
          maxLength={1000}
          error={fields.address}
        />
        {http ? (
          <>
            <TextArea
              label="Body"
              hint="JSON. {{question}} inside a text, or {{messages}} as a value."
              value={template}
              onText={setTemplate}
              rows={3}
              className="font-mono text-xs"
              error={fields.template}
            />
            <div className="grid gap-4 phone:grid-cols-2">
              <Input
                label="Where the answer stands"
                hint="JSONata, for example reply.text."
                value={answerPath}
                onText={setAnswerPath}
                error={fields.answerPath}
              />
              <Input
                label="Header of the secret"
                optional
                hint="Left out: authorization."
                value={secretHeader}
                onText={setSecretHeader}
              />
            </div>
          </>
        ) : (
          <Input label="Model" value={model} onText={setModel} maxLength={200} error={fields.model} />
        )}
        <Input
          label="Secret"
          optional
          type="password"
          autoComplete="off"
          hint={
            target?.hasSecret
              ? 'One is kept. Left empty it stays, unless the address goes to another host.'
              : 'Kept encrypted, never shown.'
          }
          value={secret}
          onText={setSecret}
          maxLength={4000}
        />
        <details>
          <summary className="cursor-pointer text-sm text-ink-2">Instructions, limits and budget</summary>
          <div className="mt-3 grid gap-4">
            {!http && (
              <TextArea
                label="Instructions"
                optional
                hint="The system prompt, for a bare model. An application has its own."
                value={instructions}
                onText={setInstructions}
                rows={4}
                maxLength={20000}
              />
            )}
            <div className="grid gap-4 phone:grid-cols-2">
              {limit('timeoutMs', 'Seconds to wait', 'For one answer, 1 to 20.', 1, 20)}
              {limit('atOnce', 'Questions side by side', '1 to 4.', 1, 4)}
              {limit('perRun', 'Requests a run', 'Repeats included.', 1, 5_000)}
              {limit('perDay', 'Requests a day (UTC)', 'All runs together.', 1, 100_000)}
            </div>
          </div>
        </details>
        {saving.error && <Trouble error={saving.error} />}
      </div>
    </Dialog>
  );
}
