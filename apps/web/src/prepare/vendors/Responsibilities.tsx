import { type Responsibility, type Vendor, vendors } from '@firebreak/contract/prepare/vendors';
import { DUTIES, type Duty, PARTIES } from '@firebreak/core/prepare/vendors';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { DUTY_WORDS, PARTY_WORDS } from './words.ts';

/** Who does what when something goes wrong. What is nobody's, and what nobody talked about, is a gap. */
export function Responsibilities({ vendor, edits }: { vendor: Vendor; edits: boolean }) {
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title="Who does what"
      aside={
        edits && (
          <Button size="sm" onClick={() => setEditing(true)}>
            Say who
          </Button>
        )
      }
    >
      <Rows label="Who does what">
        {DUTIES.map((duty) => {
          const said = vendor.responsibilities.find((each) => each.duty === duty);
          return (
            <li key={duty} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2">
              <span className="w-44 font-[600] max-phone:w-full">{DUTY_WORDS[duty]}</span>
              {said === undefined ? (
                <Flag tone="amber">not talked about</Flag>
              ) : said.who === 'nobody' ? (
                <Flag tone="ember">nobody</Flag>
              ) : (
                <span>{PARTY_WORDS[said.who]}</span>
              )}
              {said?.note && <span className="text-sm text-ink-2">{said.note}</span>}
            </li>
          );
        })}
      </Rows>
      {editing && <EditDialog vendor={vendor} onClose={() => setEditing(false)} />}
    </Section>
  );
}

type Drafts = Readonly<Record<Duty, { readonly who: Responsibility['who'] | ''; readonly note: string }>>;

function EditDialog({ vendor, onClose }: { vendor: Vendor; onClose: () => void }) {
  const [drafts, setDrafts] = useState<Drafts>(
    () =>
      Object.fromEntries(
        DUTIES.map((duty) => {
          const said = vendor.responsibilities.find((each) => each.duty === duty);
          return [duty, { who: said?.who ?? '', note: said?.note ?? '' }];
        }),
      ) as unknown as Drafts,
  );
  const set = useAct(vendors.setResponsibilities, { refreshes: ['/api/v1/vendors'], done: onClose });
  const submit = (): void =>
    set.mutate({
      params: { vendor: vendor.id },
      body: {
        responsibilities: DUTIES.flatMap((duty) => {
          const { who, note } = drafts[duty];
          return who === '' ? [] : [{ duty, who, note }];
        }),
      },
    });
  return (
    <Dialog
      title="Who does what"
      about="As it is agreed with the vendor, not as one hopes. “Nobody” is an answer, and a gap."
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={set.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {DUTIES.map((duty) => (
          <div key={duty} className="grid gap-x-4 gap-y-1 phone:grid-cols-2">
            <Select
              label={DUTY_WORDS[duty]}
              value={drafts[duty].who}
              onText={(who) =>
                setDrafts({ ...drafts, [duty]: { ...drafts[duty], who: who as Responsibility['who'] | '' } })
              }
              options={[
                { value: '', label: 'not talked about' },
                ...PARTIES.map((value) => ({ value, label: PARTY_WORDS[value] })),
              ]}
            />
            <Input
              label={`Note on ${DUTY_WORDS[duty].toLowerCase()}`}
              optional
              value={drafts[duty].note}
              maxLength={500}
              disabled={drafts[duty].who === ''}
              onText={(note) => setDrafts({ ...drafts, [duty]: { ...drafts[duty], note } })}
            />
          </div>
        ))}
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}
