import { type AiSystem, inventory } from '@firebreak/contract/prepare/inventory';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { keyFrom } from './words.ts';

export function FeatureForm({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState<string | null>(null);
  const add = useAct(inventory.addFeature, { refreshes: ['/api/v1/systems'], done: onClose });
  return (
    <Dialog
      title="Add a feature"
      about="A part of the system that can be stopped while the rest goes on."
      onClose={onClose}
      width="narrow"
      onSubmit={() => add.mutate({ params: { system: system.id, feature: key ?? keyFrom(name) }, body: { name } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Name" hint="As people say it: Policy answers" value={name} onText={setName} required />
        <Input
          label="Key"
          hint="As guards and telemetry name it."
          className="font-mono"
          spellCheck={false}
          value={key ?? keyFrom(name)}
          onText={setKey}
          required
        />
        {add.error && <Trouble error={add.error} />}
      </div>
    </Dialog>
  );
}
