import { incidents } from '@firebreak/contract/respond/incidents';
import { ARCHETYPES, type Archetype, CALLABLE_ARCHETYPES, type CalledArchetype } from '@firebreak/core/detect/signals';
import { MOST_ALSO } from '@firebreak/core/respond/incidents';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { ARCHETYPE_WORDS, ArchetypeHint, CALLED_WORDS } from '../../detect/archetypes/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Card } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Select, TextArea } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

/** Says what kind of failure it is, with what else it shows. The suggestion stands beside; a person decides. */
export function ArchetypeDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const was = incident.archetype ?? 'unknown';
  const [to, setTo] = useState<CalledArchetype>(was);
  const [also, setAlso] = useState<readonly Archetype[]>(incident.also);
  const [reason, setReason] = useState('');
  const call = useAct(incidents.archetype, { refreshes: ['/api/v1/incidents', '/api/v1/similar'], done: onClose });
  const named = to !== 'outside' && to !== 'unknown';
  const beside = named ? also.filter((each) => each !== to) : [];
  const same = to === was && JSON.stringify([...beside].sort()) === JSON.stringify([...incident.also].sort());
  return (
    <Dialog
      title="Kind of failure"
      about="It decides which playbook fits and which past incidents are alike. Change it whenever you know better."
      onClose={onClose}
      onSubmit={() => call.mutate({ params: { incident: incident.id }, body: { to, also: [...beside], reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={call.isPending} disabled={same}>
            {to === 'unknown' ? 'Leave it open' : 'Call it that'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Card>
          <p className="text-2xs text-ink-3">What it sounds like</p>
          <ArchetypeHint about={{ incident: incident.id }} />
        </Card>
        <Select
          label="It is"
          value={to}
          onText={(value) => setTo(value as CalledArchetype)}
          options={CALLABLE_ARCHETYPES.map((value) => ({ value, label: CALLED_WORDS[value] }))}
        />
        {named && (
          <fieldset>
            <legend className="mb-0.5 font-[600]">
              It also shows <span className="font-normal text-ink-3">optional, at most {MOST_ALSO}</span>
            </legend>
            <div className="grid phone:grid-cols-2">
              {ARCHETYPES.filter((each) => each !== to).map((each) => (
                <Check
                  key={each}
                  label={ARCHETYPE_WORDS[each]}
                  checked={beside.includes(each)}
                  disabled={!beside.includes(each) && beside.length >= MOST_ALSO}
                  onCheck={(on) => setAlso(on ? [...beside, each] : beside.filter((other) => other !== each))}
                />
              ))}
            </div>
          </fieldset>
        )}
        <TextArea label="Why" optional rows={2} value={reason} onText={setReason} maxLength={1_000} />
        {call.error && <Trouble error={call.error} />}
      </div>
    </Dialog>
  );
}
