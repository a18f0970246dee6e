import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { serverNow } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Ago } from '../../ui/Time.tsx';
import { endings, expiryOf } from './endings.ts';

/** Whether so many minutes from now lie beyond the present end; an empty value stands until lifted. */
function lastsLonger(expiry: HoldRow['expiry'], minutes: string): boolean {
  return minutes === '' || expiry.mode !== 'auto' || serverNow() + Number(minutes) * 60_000 > Date.parse(expiry.at);
}

/** Holds on for longer. A hold is never made shorter: to end it sooner, somebody lifts it. */
export function ExtendDialog({ hold: id }: { hold: string }) {
  const { close } = useActions();
  const read = useAsk(containment.showHold, { params: { hold: id as HoldRow['hold'] } });
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const extend = useAct(containment.extend, { refreshes: ['/api/v1/holds', '/api/v1/incidents'], done: close });
  const hold = read.data;
  return (
    <Dialog
      title={hold ? `How long ${hold.label} stands` : 'How long it stands'}
      about={hold?.says}
      onClose={close}
      width="narrow"
      onSubmit={() =>
        hold &&
        extend.mutate({
          params: { incident: hold.incident, hold: hold.hold },
          body: { expiry: expiryOf(until), reason },
        })
      }
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" look="strong" busy={extend.isPending} disabled={!hold || reason.trim() === ''}>
            Set it
          </Button>
        </>
      }
    >
      <Shown of={read}>
        {(hold) => (
          <div className="grid gap-4">
            <p className="text-ink-2">
              {hold.expiry.mode === 'auto' && (
                <>
                  Now it ends by itself <Ago at={hold.expiry.at} />. To end it sooner, a second person lifts it.
                </>
              )}
            </p>
            <Select
              label="From now on it ends"
              value={until}
              onText={setUntil}
              options={endings(until).filter(({ value }) => lastsLonger(hold.expiry, value))}
            />
            <Input
              label="Why"
              value={reason}
              onText={setReason}
              required
              error={extend.error ? tell(extend.error).fields.reason : undefined}
            />
            {extend.error && <Trouble error={extend.error} />}
          </div>
        )}
      </Shown>
    </Dialog>
  );
}
