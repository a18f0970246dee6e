import { type Contact, type Vendor, vendors } from '@firebreak/contract/prepare/vendors';
import { CONTACT_WAYS, VENDOR_LIMITS } from '@firebreak/core/prepare/vendors';
import { ArrowUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { WAY_WORDS } from './words.ts';

interface Draft extends Omit<Contact, 'answerMinutes'> {
  readonly id: number;
  readonly answer: string;
}

const draftOf = ({ answerMinutes, ...contact }: Contact, id: number): Draft => ({
  ...contact,
  id,
  answer: answerMinutes === null ? '' : String(answerMinutes),
});
/** Not a number would travel as nothing, and nothing means that no answer time is agreed. */
const isMinutes = (text: string): boolean => /^\s*(|[1-9]\d{0,4})\s*$/.test(text);
const blank = (id: number): Draft => ({
  id,
  name: '',
  how: 'phone',
  address: '',
  hours: '',
  answer: '',
  contract: '',
});

/** Edits the whole escalation path: whom to call, in which order. */
export function ContactsForm({ vendor, onClose }: { vendor: Vendor; onClose: () => void }) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    vendor.contacts && vendor.contacts.length > 0 ? vendor.contacts.map(draftOf) : [blank(0)],
  );
  const set = useAct(vendors.setEscalation, { refreshes: ['/api/v1/vendors'], done: onClose });
  const told = set.error ? tell(set.error) : null;
  const change = (id: number, part: Partial<Draft>): void =>
    setDrafts(drafts.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const up = (at: number): void => {
    const next = [...drafts];
    [next[at - 1], next[at]] = [next[at]!, next[at - 1]!];
    setDrafts(next);
  };
  const submit = (): void => {
    if (!drafts.every(({ answer }) => isMinutes(answer))) return;
    set.mutate({
      params: { vendor: vendor.id },
      body: {
        contacts: drafts
          .filter(({ name, address }) => name.trim() !== '' || address.trim() !== '')
          .map(({ id: _, answer, ...contact }) => ({
            ...contact,
            answerMinutes: answer.trim() === '' ? null : Number(answer),
          })),
      },
    });
  };
  return (
    <Dialog
      title="Whom to call"
      about="First to be called first. Names and numbers of people are kept so that they can be erased."
      onClose={onClose}
      width="wide"
      onSubmit={submit}
      footer={
        <>
          <Button
            disabled={drafts.length >= VENDOR_LIMITS.contacts}
            onClick={() => setDrafts([...drafts, blank(Math.max(-1, ...drafts.map(({ id }) => id)) + 1)])}
            className="mr-auto"
          >
            <Plus size={16} aria-hidden="true" />
            Another
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={set.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {drafts.length === 0 && <p className="text-ink-2">Nobody. Saved like this, nobody is named to call.</p>}
        {drafts.map((draft, i) => (
          <fieldset key={draft.id} className="rounded-md border border-line p-3">
            <legend className="px-1 text-xs font-[640] text-ink-2">Contact {i + 1}</legend>
            <div className="grid gap-3 phone:grid-cols-[2fr_1fr_2fr]">
              <Input
                label="Name or desk"
                value={draft.name}
                maxLength={200}
                required
                onText={(name) => change(draft.id, { name })}
                error={told?.fields[`contacts/${i}/name`]}
              />
              <Select
                label="How"
                value={draft.how}
                onText={(how) => change(draft.id, { how: how as Contact['how'] })}
                options={CONTACT_WAYS.map((value) => ({ value, label: WAY_WORDS[value] }))}
              />
              <Input
                label="Number or address"
                value={draft.address}
                maxLength={200}
                required
                onText={(address) => change(draft.id, { address })}
                error={told?.fields[`contacts/${i}/address`]}
              />
              <Input
                label="Hours"
                optional
                value={draft.hours}
                maxLength={200}
                placeholder="24/7"
                onText={(hours) => change(draft.id, { hours })}
              />
              <Input
                label="Minutes to answer"
                inputMode="numeric"
                value={draft.answer}
                placeholder="not agreed"
                onText={(answer) => change(draft.id, { answer })}
                error={
                  isMinutes(draft.answer)
                    ? told?.fields[`contacts/${i}/answerMinutes`]
                    : 'Write minutes as a number, for example 30.'
                }
              />
              <Input
                label="Agreed in"
                optional
                value={draft.contract}
                maxLength={200}
                placeholder="Contract, clause"
                onText={(contract) => change(draft.id, { contract })}
              />
            </div>
            <div className="mt-2 flex justify-end gap-1.5">
              {i > 0 && (
                <Button size="sm" look="quiet" aria-label={`Call contact ${i + 1} earlier`} onClick={() => up(i)}>
                  <ArrowUp size={14} aria-hidden="true" />
                  Earlier
                </Button>
              )}
              <Button
                size="sm"
                look="quiet"
                aria-label={`Remove contact ${i + 1}`}
                onClick={() => setDrafts(drafts.filter(({ id }) => id !== draft.id))}
              >
                Remove
              </Button>
            </div>
          </fieldset>
        ))}
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}
