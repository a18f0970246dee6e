import { tasks } from '@firebreak/contract/respond/tasks';
import { playbookArchetype } from '@firebreak/core/prepare/playbooks';
import { heldArchetype } from '@firebreak/core/respond/incidents';
import { openedPlaybook } from '@firebreak/core/respond/war-room';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { ARCHETYPE_TITLES } from '../../prepare/playbooks/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useRoom } from './room-context.tsx';

/** Offers the playbook of what the incident is called, where the room follows one for something else. */
export function KindDiffers() {
  const { incident, facts } = useRoom();
  const writes = useMay('room.write');
  const open = useAct(tasks.open, {});
  const called = playbookArchetype(heldArchetype(incident, null));
  const followed = playbookArchetype(openedPlaybook(facts)?.archetype ?? null);
  if (called === null || followed === null || called === followed) return null;
  return (
    <Notice tone="amber" className="mb-2">
      It is called {ARCHETYPE_TITLES[called].toLowerCase()}, and this playbook is for{' '}
      {ARCHETYPE_TITLES[followed].toLowerCase()}.
      {writes && (
        <Button
          size="sm"
          className="mt-2"
          busy={open.isPending}
          onClick={() => open.mutate({ params: { incident: incident.id }, body: { archetype: called } })}
        >
          Follow the one that fits
        </Button>
      )}
      {open.error && <Trouble error={open.error} />}
    </Notice>
  );
}
