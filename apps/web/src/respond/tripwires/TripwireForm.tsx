import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { tripwires } from '@firebreak/contract/respond/tripwires';
import { sayCondition, type TripsOn } from '@firebreak/core/respond/tripwires';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { sentence } from '../../ui/sentence.ts';

const within = (text: string, most: number): number => Math.min(most, Math.max(1, Math.trunc(Number(text)) || 1));

/** Which control is pulled, and by what. */
export function TripwireForm({ system, onClose }: { readonly system: AiSystem; readonly onClose: () => void }) {
  const wired = useAsk(containment.listControls, { params: { system: system.key } });
  const controls = (wired.data?.controls ?? []).filter(({ retired }) => !retired);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState('');
  const [evidence, setEvidence] = useState<TripsOn>('verified');
  const [kinds, setKinds] = useState('');
  const [signals, setSignals] = useState('1');
  const [minutes, setMinutes] = useState('10');
  const [reason, setReason] = useState('');
  const set = useAct(tripwires.set, { refreshes: ['/api/v1/tripwires'], done: onClose });
  const when = {
    kinds: kinds
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .slice(0, 20),
    evidence,
    signals: within(signals, 100),
    minutes: within(minutes, 60),
  };
  const control = controls.find((each) => each.control === chosen);
  return (
    <Dialog
      title="Set a tripwire"
      onClose={onClose}
      width="narrow"
      onSubmit={() =>
        control && set.mutate({ body: { name, system: system.key, control: control.control, when, reason } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={set.isPending} disabled={control === undefined}>
            Set it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Name" hint="Runaway spend" value={name} onText={setName} required />
        <Select
          label="Pulls"
          value={chosen}
          onText={setChosen}
          required
          hint={
            wired.data && controls.length === 0
              ? 'No control is wired for this system. Wire one first.'
              : control && sentence(control.says)
          }
          options={[
            { value: '', label: 'choose a control' },
            ...controls.map((each) => ({ value: each.control, label: each.name })),
          ]}
        />
        <Select
          label="After signals that"
          value={evidence}
          onText={(value) => setEvidence(value as TripsOn)}
          options={[
            { value: 'verified', label: 'prove themselves' },
            { value: 'strong', label: 'are rarely wrong, or prove themselves' },
          ]}
        />
        <Input
          label="Of these kinds"
          optional
          hint="With commas: budget-exceeded, secret-disclosed. Left empty: any."
          value={kinds}
          onText={setKinds}
        />
        <div className="grid grid-cols-2 gap-3">
          <Input label="How many" inputMode="numeric" value={signals} onText={setSignals} required />
          <Input label="Within minutes" inputMode="numeric" value={minutes} onText={setMinutes} required />
        </div>
        <Input label="Why it may act first" value={reason} onText={setReason} required />
        <p className="text-sm text-ink-2">
          {control ? `Pulls “${control.name}”` : 'It pulls the control'} after {sayCondition(when)}, declares an
          incident, and tells whoever is paged. Drills, simulations and what is silenced do not count.
        </p>
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}
