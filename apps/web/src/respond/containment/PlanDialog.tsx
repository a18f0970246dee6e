import { containment, type DeclaredControl } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input } from '../../ui/Field.tsx';

const SURFACES = [
  { key: 'guard', label: 'Guards in applications' },
  { key: 'gateway', label: 'Gateways' },
  { key: 'other', label: 'Other instances' },
] as const;

/** Who answers for a control, when it is tested, and how long its proofs may take. */
export function PlanDialog({ control, onClose }: { control: DeclaredControl; onClose: () => void }) {
  const { plan, proofs, owner: held } = control.standing;
  const [owner, setOwner] = useState(held);
  const [days, setDays] = useState(String(plan.everyDays));
  const [hour, setHour] = useState(String(plan.quietHour));
  const [surfaces, setSurfaces] = useState<readonly (typeof SURFACES)[number]['key'][]>(plan.surfaces);
  const [times, setTimes] = useState({
    acknowledged: String(proofs.acknowledged),
    probe: String(proofs.probe),
    traffic: String(proofs.traffic),
  });
  const set = useAct(containment.planControl, { refreshes: ['/api/v1/systems', '/api/v1/containment'], done: onClose });
  const told = set.error ? tell(set.error) : null;
  const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
  return (
    <Dialog
      title={`How “${control.name}” is kept ready`}
      about="A test goes to every instance and touches no real request."
      onClose={onClose}
      width="narrow"
      onSubmit={() =>
        set.mutate({
          params: { system: control.system, control: control.control },
          body: {
            owner,
            plan: { everyDays: number(days), quietHour: number(hour), surfaces },
            proofs: {
              acknowledged: number(times.acknowledged),
              probe: number(times.probe),
              traffic: number(times.traffic),
            },
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={set.isPending}>
            Keep it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Who answers for it" value={owner} onText={setOwner} optional />
        <div className="grid grid-cols-2 gap-3">
          <Input label="Tested every … days" inputMode="numeric" value={days} onText={setDays} required />
          <Input
            label="In which hour (UTC)"
            hint="One in which little happens."
            inputMode="numeric"
            value={hour}
            onText={setHour}
            required
          />
        </div>
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 font-[600]">What is tested; nothing ticked is everything that lives</legend>
          {SURFACES.map(({ key, label }) => (
            <Check
              key={key}
              label={label}
              checked={surfaces.includes(key)}
              onCheck={(on) => setSurfaces(on ? [...surfaces, key] : surfaces.filter((each) => each !== key))}
            />
          ))}
        </fieldset>
        <fieldset className="grid gap-3 phone:grid-cols-3">
          <legend className="mb-1 font-[600]">Seconds after an order until people are told that it is …</legend>
          <Input
            label="not obeyed"
            inputMode="numeric"
            value={times.acknowledged}
            onText={(acknowledged) => setTimes({ ...times, acknowledged })}
            required
          />
          <Input
            label="not tried"
            inputMode="numeric"
            value={times.probe}
            onText={(probe) => setTimes({ ...times, probe })}
            required
          />
          <Input
            label="not seen in traffic"
            inputMode="numeric"
            value={times.traffic}
            onText={(traffic) => setTimes({ ...times, traffic })}
            required
          />
        </fieldset>
        {told && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}
