import { incidents } from '@firebreak/contract/respond/incidents';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

export function RetitleDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [title, setTitle] = useState(incident.title);
  const retitle = useAct(incidents.retitle, { refreshes: ['/api/v1/incidents'], done: onClose });
  return (
    <Dialog
      title="Give it a better title"
      about="Short, and true for somebody who was not there."
      onClose={onClose}
      width="narrow"
      onSubmit={() => retitle.mutate({ params: { incident: incident.id }, body: { title } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={retitle.isPending} disabled={title.trim() === ''}>
            Rename
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Title" value={title} onText={setTitle} required autoFocus />
        {retitle.error && <Trouble error={retitle.error} />}
      </div>
    </Dialog>
  );
}
