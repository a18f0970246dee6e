import { breakGlass } from '@firebreak/contract/respond/break-glass';
import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, TextArea } from '../../ui/Field.tsx';

/** Letting go alone. Serious on purpose, and done in seconds: what it does, why, one tick, one press. */
export function BreakGlassDialog({ hold: id }: { hold: string }) {
  const { close } = useActions();
  const read = useAsk(containment.showHold, { params: { hold: id as HoldRow['hold'] } });
  const [reason, setReason] = useState('');
  const [meant, setMeant] = useState(false);
  const act = useAct(breakGlass.break, {
    refreshes: ['/api/v1/holds', '/api/v1/incidents', '/api/v1/glasses', '/api/v1/approvals'],
    done: close,
  });
  const hold = read.data;
  const ready = hold !== undefined && reason.trim() !== '' && meant;
  return (
    <Dialog
      title={hold ? `Break the glass on ${hold.label}` : 'Break the glass'}
      about="Let go alone, at once, for one hour. For when waiting does more harm than the failure."
      tone="ember"
      width="narrow"
      onClose={close}
      onSubmit={() =>
        ready &&
        !act.isPending &&
        act.mutate({ params: { incident: hold.incident, hold: hold.hold }, body: { reason } })
      }
      footer={
        <>
          <p aria-live="polite" className="mr-auto text-xs text-ink-2 max-phone:basis-full">
            {reason.trim() === '' ? 'Say why it cannot wait.' : meant ? '' : 'Tick that you know what follows.'}
          </p>
          <Button onClick={close}>Keep it held</Button>
          <Button type="submit" look="brake" size="lg" busy={act.isPending} disabled={!ready}>
            Break the glass
          </Button>
        </>
      }
    >
      <Shown of={read}>
        {(hold) => (
          <div className="grid gap-4">
            <ol className="grid list-decimal gap-1.5 pl-5">
              <li>
                <b className="font-[640]">“{hold.says}” holds nobody</b> on {hold.system} any more, within seconds.
              </li>
              <li>Everybody who may be paged is paged, with your name and your reason.</li>
              <li>In 60 minutes the hold comes back by itself.</li>
              <li>Two other people have to agree within 24 hours, or it stands as overdue for all to see.</li>
            </ol>
            <TextArea
              data-first
              label="Why it cannot wait for a second person"
              rows={2}
              value={reason}
              onText={setReason}
              required
            />
            <Check label="I let go alone, and answer for it" checked={meant} onCheck={setMeant} />
            {act.error && <Trouble error={act.error} />}
          </div>
        )}
      </Shown>
    </Dialog>
  );
}
