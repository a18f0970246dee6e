import { type AiSystem, inventory } from '@firebreak/contract/prepare/inventory';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { serverNow } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Input } from '../../ui/Field.tsx';

const some = (text: string) => (text.trim() === '' ? undefined : text.trim());

/** Says that versions went live. Fields left empty keep what the deployment had. */
export function VersionForm({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [deployment, setDeployment] = useState(system.deployments[0]?.name ?? 'production');
  const [model, setModel] = useState('');
  const [prompt, setPrompt] = useState('');
  const [index, setIndex] = useState('');
  const [tools, setTools] = useState('');
  const [note, setNote] = useState('');
  const [at, setAt] = useState(() => toLocalInput(new Date(serverNow()).toISOString()));
  const deploy = useAct(inventory.deploy, { refreshes: ['/api/v1/systems'], done: onClose });
  const there = system.deployments.find((each) => each.name === deployment)?.versions;
  return (
    <Dialog
      title="Record versions that went live"
      about={`On ${system.name}. A pipeline can do this by itself; see the guide.`}
      onClose={onClose}
      onSubmit={() => {
        const occurredAt = fromLocalInput(at);
        const versions = Object.fromEntries(
          Object.entries({ model: some(model), prompt: some(prompt), index: some(index), tools: some(tools) }).filter(
            ([, value]) => value !== undefined,
          ),
        );
        deploy.mutate({
          params: { system: system.id },
          body: { deployment, versions, note, ...(occurredAt && { occurredAt }) },
        });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={deploy.isPending}>
            Record
          </Button>
        </>
      }
    >
      <div className="grid gap-4 phone:grid-cols-2">
        <Input label="Deployment" value={deployment} onText={setDeployment} required />
        <Input
          label="Went live at"
          type="datetime-local"
          step={1}
          value={at}
          onText={setAt}
          hint="In your time zone."
        />
        <Input label="Model" optional value={model} onText={setModel} placeholder={there?.model} />
        <Input label="Prompt" optional value={prompt} onText={setPrompt} placeholder={there?.prompt} />
        <Input label="Index" optional value={index} onText={setIndex} placeholder={there?.index} />
        <Input label="Tools" optional value={tools} onText={setTools} placeholder={there?.tools} />
        <div className="phone:col-span-2">
          <Input label="Note" optional hint="Why, or where the change is described." value={note} onText={setNote} />
        </div>
        {deploy.error && (
          <div className="phone:col-span-2">
            <Trouble error={deploy.error} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
