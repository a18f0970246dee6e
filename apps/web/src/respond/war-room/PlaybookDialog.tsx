import { archetypes } from '@firebreak/contract/detect/archetypes';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { tasks } from '@firebreak/contract/respond/tasks';
import { PLAYBOOK_ARCHETYPES, playbookArchetype } from '@firebreak/core/prepare/playbooks';
import { heldArchetype } from '@firebreak/core/respond/incidents';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { ARCHETYPE_TITLES } from '../../prepare/playbooks/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

const FITTING = { value: '', label: 'The one that fits the system' };

/** Opens a playbook for the room: by what the failure looks like, or one by name. What is ticked stays ticked. */
export function PlaybookDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const list = useAsk(playbooks.list, {});
  const asked = useAsk(archetypes.suggestArchetype, { query: { incident: incident.id } });
  const called = playbookArchetype(heldArchetype(incident, null));
  const suggested = called ?? playbookArchetype(asked.data?.found ?? asked.data?.suggestion.archetype ?? null);
  const [picked, pick] = useState<string | null>(null);
  const archetype = picked ?? suggested ?? PLAYBOOK_ARCHETYPES[0];
  const [key, setKey] = useState('');
  const [because, setBecause] = useState('');
  const open = useAct(tasks.open, { done: onClose });
  const fitting = list.data?.playbooks.filter((row) => row.archetype === archetype || row.archetype === 'any') ?? [];
  return (
    <Dialog
      title="Follow a playbook"
      about="Its steps take the place of the general ones. What is ticked in both stays ticked."
      width="narrow"
      onClose={onClose}
      onSubmit={() =>
        open.mutate({
          params: { incident: incident.id },
          body: { ...(key ? { playbook: key } : { archetype }), ...(because && { because }) },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={open.isPending}>
            Follow it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="What it looks like"
          hint={
            suggested
              ? `${called ? 'As it was called' : 'Suggested'}: ${ARCHETYPE_TITLES[suggested]}. You decide.`
              : undefined
          }
          options={PLAYBOOK_ARCHETYPES.map((value) => ({ value, label: ARCHETYPE_TITLES[value] }))}
          value={archetype}
          onText={(value) => {
            pick(value);
            setKey('');
          }}
        />
        <Select
          label="Playbook"
          options={[FITTING, ...fitting.map((row) => ({ value: row.key, label: row.name }))]}
          value={key}
          onText={setKey}
        />
        <Input label="Why" optional value={because} onText={setBecause} maxLength={200} />
        {open.error && <Trouble error={open.error} />}
      </div>
    </Dialog>
  );
}
