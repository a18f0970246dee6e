import { type PlaybookRow, playbooks } from '@firebreak/contract/prepare/playbooks';
import { SYSTEM_TYPES, type SystemType } from '@firebreak/core/prepare/inventory';
import { EVERY_INCIDENT, PLAYBOOK_ARCHETYPES, type PlaybookArchetype } from '@firebreak/core/prepare/playbooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { keyFrom } from '../inventory/index.ts';
import { ARCHETYPE_TITLES, SYSTEM_TYPE_TITLES } from './words.ts';

/** A playbook from nothing: it begins with what holds for every incident. */
export function NewPlaybook({ shelf, onClose }: { shelf: readonly PlaybookRow[]; onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [archetype, setArchetype] = useState<PlaybookArchetype | 'any'>('any');
  const [systemType, setSystemType] = useState<SystemType | 'any'>('any');
  const key = keyFrom(name);
  const taken = shelf.some((row) => row.key === key);
  const save = useAct(playbooks.save, {
    refreshes: ['/api/v1/playbooks', '/api/v1/moves'],
    done: ({ playbook }) => void navigate({ to: '/playbooks/$playbook', params: { playbook: playbook.key } }),
  });
  return (
    <Dialog
      title="A playbook of your own"
      about="It begins with the steps of every incident. Change them on the next screen."
      onClose={onClose}
      width="narrow"
      onSubmit={() =>
        save.mutate({
          params: { playbook: key },
          body: {
            content: {
              name,
              archetype,
              systemType,
              steps: EVERY_INCIDENT.map((step) => ({ ...step, commands: [...step.commands] })),
            },
            because: 'Begun with the steps of every incident',
            // No version is 0: should somebody else be quicker with this key, nothing of theirs is replaced.
            from: 0,
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={save.isPending} disabled={key.length < 2 || taken}>
            Begin it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Name"
          hint={key === '' ? 'As people would call for it: The booking desk is down' : `Its key: ${key}`}
          error={
            taken
              ? `There is a playbook with the key “${key}” already. Choose another name.`
              : save.error
                ? tell(save.error).fields.name
                : undefined
          }
          value={name}
          onText={setName}
          maxLength={200}
          required
        />
        <Select
          label="Kind of failure"
          value={archetype}
          onText={(value) => setArchetype(value as PlaybookArchetype | 'any')}
          options={(['any', ...PLAYBOOK_ARCHETYPES] as const).map((value) => ({
            value,
            label: ARCHETYPE_TITLES[value],
          }))}
        />
        <Select
          label="Type of system"
          value={systemType}
          onText={(value) => setSystemType(value as SystemType | 'any')}
          options={(['any', ...SYSTEM_TYPES] as const).map((value) => ({ value, label: SYSTEM_TYPE_TITLES[value] }))}
        />
        {save.error && <Trouble error={save.error} />}
      </div>
    </Dialog>
  );
}
