import type { WaitingItem } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/Field.tsx';

/** A pull that is not wanted any more, so that nobody agrees to it by mistake before it lapses. */
export function TakeBack({ it, refreshes }: { it: WaitingItem; refreshes: readonly string[] }) {
  const may = useMay('containment.order');
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const back = useAct(containment.withdrawPull, { refreshes, done: () => setOpen(false) });
  if (!may) return null;
  if (!open)
    return (
      <Button size="sm" className="max-phone:min-h-11 max-phone:w-full" onClick={() => setOpen(true)}>
        Take it back …<span className="sr-only"> {it.says}</span>
      </Button>
    );
  return (
    <form
      className="grid w-full gap-2 rounded-sm border border-line bg-surface p-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        back.mutate({ params: { incident: it.incident, pull: it.id as `pul_${string}` }, body: { reason } });
      }}
    >
      <TextArea
        label="Why it is not wanted any more"
        hint="Nothing was ordered, and nothing will be. It can be asked for again."
        value={reason}
        onText={setReason}
        rows={2}
        required
        autoFocus
      />
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          size="sm"
          look="strong"
          busy={back.isPending}
          disabled={reason.trim() === ''}
          className="max-phone:min-h-11"
        >
          Take it back
        </Button>
        <Button size="sm" className="max-phone:min-h-11" onClick={() => setOpen(false)}>
          Leave it
        </Button>
      </div>
      {back.error && <Trouble error={back.error} />}
    </form>
  );
}
