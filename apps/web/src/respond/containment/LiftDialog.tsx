import { people } from '@firebreak/contract/prepare/people';
import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { capabilitiesOfRoles } from '@firebreak/core/prepare/people';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { isCode, tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { WhatEnds } from './HeldBeside.tsx';
import { Truths } from './Truths.tsx';

/** Letting go of a hold. Harder than ordering it, on purpose: another person, and a reason. */
export function LiftDialog({ hold: id }: { hold: string }) {
  const { close } = useActions();
  const read = useAsk(containment.showHold, { params: { hold: id as HoldRow['hold'] } });
  if (!read.data)
    return (
      <Dialog title="Lift a hold" onClose={close} width="narrow">
        <Shown of={read}>{() => null}</Shown>
      </Dialog>
    );
  return <Lift hold={read.data} />;
}

function Lift({ hold }: { hold: HoldRow }) {
  const { close } = useActions();
  const me = useMe().data;
  const may = useMay('containment.lift');
  const nameOf = useNames();
  const [reason, setReason] = useState('');
  const lift = useAct(containment.lift, { refreshes: ['/api/v1/holds', '/api/v1/incidents'], done: close });
  const mine = me?.id === hold.orderedBy.id || isCode(lift.error, 'hold.same-person');
  const others = useOthersWhoMayLift(hold.orderedBy.id);
  const [late, missing] = ['right.granted-late', 'right.missing'].map((code) => isCode(lift.error, code));
  const blocked = mine || !may || late || missing;
  const titles = {
    mine: 'You ordered this, so somebody else must lift it',
    late: 'You were given this right after the incident began',
    missing: 'The decision rights of this system do not let you lift it',
    role: 'Your role does not lift holds',
  };
  return (
    <Dialog
      title={`Lift ${hold.label}`}
      about={<WhatEnds hold={hold} />}
      onClose={close}
      width="narrow"
      onSubmit={() => lift.mutate({ params: { incident: hold.incident, hold: hold.hold }, body: { reason } })}
      footer={
        <>
          <Button onClick={close}>Keep it in force</Button>
          {!blocked && (
            <Button type="submit" look="strong" busy={lift.isPending} disabled={reason.trim() === ''}>
              Lift it
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        <Truths hold={hold} />
        {blocked ? (
          <Notice tone="amber" title={titles[mine ? 'mine' : late ? 'late' : missing ? 'missing' : 'role']} live>
            <p>
              Stopping takes one person, resuming takes two: the second one looks with fresh eyes.{' '}
              {late || missing
                ? tell(lift.error).detail
                : others === null
                  ? ''
                  : others.length > 0
                    ? `Ask ${others.join(', ')}.`
                    : 'Nobody else here may lift yet: an administrator can give somebody the role “lead” in Settings.'}
            </p>
          </Notice>
        ) : (
          <>
            <p className="text-ink-2">
              {nameOf(hold.orderedBy)} ordered it: “{hold.reason}”. Other holds stay as they are, and lifting is
              recorded under your name.
            </p>
            <TextArea
              label="Why it is safe to let go"
              hint="What was fixed, and how you know."
              value={reason}
              onText={setReason}
              required
              autoFocus
            />
            {lift.error && <Trouble error={lift.error} />}
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Names of the people who could lift, without the one who ordered. Null until known. */
function useOthersWhoMayLift(except: string): string[] | null {
  const list = useAsk(people.list, {}).data;
  if (!list) return null;
  return list.people
    .filter(
      (person) => person.active && person.id !== except && capabilitiesOfRoles(person.roles).has('containment.lift'),
    )
    .map((person) => person.name);
}
