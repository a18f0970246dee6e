import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button, type ButtonLook } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, TextArea } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

/** So many can be looked through without a field to search them. */
const FEW = 8;

/** Names the systems of an incident that has none, or changes them; nothing for those who do not write in the room. */
export function NameSystems({ look = 'plain', size = 'md' }: { look?: ButtonLook; size?: 'sm' | 'md' }) {
  const { incident } = useRoom();
  const writes = useMay('room.write');
  const [open, setOpen] = useState(false);
  if (!writes || incident.state === 'closed') return null;
  return (
    <>
      {incident.systems.length === 0 ? (
        <Button look={look} size={size} onClick={() => setOpen(true)}>
          Name the system
        </Button>
      ) : (
        <button
          type="button"
          onClick={() => setOpen(true)}
          aria-label="Name other systems"
          title="Change which AI systems it is about"
          className="-ml-4 grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink max-phone:size-9"
        >
          <Pencil size={14} aria-hidden="true" />
        </button>
      )}
      {open && <SystemsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SystemsDialog({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const list = useAsk(inventory.list, {}).data?.systems ?? [];
  const holds = useAsk(containment.listHoldsOfIncident, { params: { incident: incident.id } }).data?.holds ?? [];
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [find, setFind] = useState('');
  const [reason, setReason] = useState('');
  const name = useAct(incidents.systems, {
    refreshes: ['/api/v1/incidents', '/api/v1/parent-proposals'],
    done: onClose,
  });
  const held = new Map(holds.filter(({ state }) => state === 'active').map((it) => [it.system, it.label]));
  // What it holds already, it is about.
  const chosen = picked ?? [...new Set([...incident.systems, ...held.keys()])];
  const registered = new Set(list.map(({ key }) => key));
  const all = [
    ...incident.systems.filter((key) => !registered.has(key)).map((key) => ({ key, name: key })),
    ...list.filter(({ key, retired }) => !retired || incident.systems.includes(key)),
  ];
  const words = find.trim().toLowerCase();
  const shown = all.filter((it) => chosen.includes(it.key) || `${it.name} ${it.key}`.toLowerCase().includes(words));
  const none = incident.systems.length === 0;
  return (
    <Dialog
      title={none ? 'Name the system' : 'Which AI systems it is about'}
      about="Triage, levers, lists and the evidence bundle follow, as if it had been named when declaring."
      width="narrow"
      onClose={onClose}
      onSubmit={() => name.mutate({ params: { incident: incident.id }, body: { systems: [...chosen], reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            size="lg"
            className="max-phone:flex-1"
            busy={name.isPending}
            disabled={JSON.stringify(chosen) === JSON.stringify(incident.systems)}
          >
            {chosen.length === 0
              ? 'Leave it open'
              : chosen.length === 1
                ? 'It is this one'
                : `It is these ${chosen.length}`}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {all.length > FEW && <Input label="Find" value={find} onText={setFind} placeholder="Name or key" />}
        <fieldset>
          <legend className="mb-0.5 font-[600]">AI systems involved</legend>
          <div className="max-h-72 overflow-y-auto max-phone:[&_label]:min-h-11 max-phone:[&_label]:items-center">
            {shown.map((each) => (
              <Check
                key={each.key}
                label={each.name}
                {...(held.has(each.key) && { hint: `Held by ${held.get(each.key)}: lift that first to take it away.` })}
                checked={chosen.includes(each.key)}
                disabled={held.has(each.key) && chosen.includes(each.key)}
                onCheck={(on) => setPicked(on ? [...chosen, each.key] : chosen.filter((key) => key !== each.key))}
              />
            ))}
            {shown.length === 0 && (
              <p className="text-ink-3">
                {all.length === 0
                  ? 'No AI system is registered yet. Register it under Systems.'
                  : 'None is called that.'}
              </p>
            )}
          </div>
        </fieldset>
        <TextArea label="How you know" optional rows={2} value={reason} onText={setReason} maxLength={1_000} />
        {name.error && <Trouble error={name.error} />}
      </div>
    </Dialog>
  );
}
