import { type Person, people } from '@firebreak/contract/prepare/people';
import { ROLE_NAMES, type Role } from '@firebreak/core/prepare/people';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input } from '../../ui/Field.tsx';
import { Avatar, Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { Once } from './Once.tsx';
import { ROLE_WORDS } from './roles.ts';

const PEOPLE = ['/api/v1/people'];

export function PeopleList({ administers }: { administers: boolean }) {
  const list = useAsk(people.list, {});
  const [open, setOpen] = useState<'invite' | Person | null>(null);
  return (
    <Section
      title="People"
      aside={
        administers && (
          <Button size="sm" onClick={() => setOpen('invite')}>
            <UserPlus size={14} aria-hidden="true" />
            Invite
          </Button>
        )
      }
    >
      <Shown of={list} lines={4}>
        {({ people: everybody }) => (
          <Rows label="People">
            {everybody.map((person) => (
              <li key={person.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3">
                <Avatar name={person.name} />
                <div className="min-w-0 flex-1 basis-48">
                  <p className="font-[600]">{person.name}</p>
                  <p className="text-xs text-ink-3">
                    {person.email} ·{' '}
                    {person.invited ? (
                      'invited, has not come yet'
                    ) : person.lastSeenAt ? (
                      <>
                        seen <Ago at={person.lastSeenAt} />
                      </>
                    ) : (
                      'never signed in'
                    )}
                  </p>
                </div>
                <div className="flex flex-wrap gap-1.5">
                  {!person.active && <Flag tone="amber">no access</Flag>}
                  {person.roles.map((role) => (
                    <Flag key={role} title={ROLE_WORDS[role]}>
                      {role}
                    </Flag>
                  ))}
                </div>
                {administers && person.active && (
                  <Button size="sm" onClick={() => setOpen(person)} aria-label={`Change what ${person.name} may do`}>
                    Change
                  </Button>
                )}
              </li>
            ))}
          </Rows>
        )}
      </Shown>
      {open === 'invite' && <Invite onClose={() => setOpen(null)} />}
      {open !== null && open !== 'invite' && <Change person={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function RolePicker({
  roles,
  onRoles,
  error,
}: {
  roles: readonly Role[];
  onRoles: (roles: Role[]) => void;
  error?: string | undefined;
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-[600]">May do</legend>
      {ROLE_NAMES.map((role) => (
        <Check
          key={role}
          label={<span className="capitalize">{role}</span>}
          hint={ROLE_WORDS[role]}
          checked={roles.includes(role)}
          onCheck={(on) => onRoles(on ? [...roles, role] : roles.filter((each) => each !== role))}
        />
      ))}
      {error && <p className="mt-1 text-xs font-[600] text-ember">{error}</p>}
    </fieldset>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<Role[]>(['responder']);
  const invite = useAct(people.invite, { refreshes: PEOPLE });
  const told = invite.error ? tell(invite.error) : null;
  if (invite.data)
    return (
      <Once
        title={`Send this link to ${invite.data.person.name}`}
        about="It works once and is shown only now. Send it on a channel you trust."
        secret={new URL(invite.data.link, location.origin).href}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      title="Invite somebody"
      about="Firebreak sends nothing: you get a one-time link to hand over."
      onClose={onClose}
      width="narrow"
      onSubmit={() => invite.mutate({ body: { name, email, roles } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={invite.isPending}>
            Make the link
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Name" value={name} onText={setName} required error={told?.fields.name} />
        <Input label="E-mail" type="email" value={email} onText={setEmail} required error={told?.fields.email} />
        <RolePicker roles={roles} onRoles={setRoles} error={told?.fields.roles} />
        {invite.error && <Trouble error={invite.error} />}
      </div>
    </Dialog>
  );
}

function Change({ person, onClose }: { person: Person; onClose: () => void }) {
  const me = useMe().data;
  const [roles, setRoles] = useState<Role[]>([...person.roles]);
  const [reason, setReason] = useState('');
  const save = useAct(people.setRoles, { refreshes: PEOPLE, done: onClose });
  const end = useAct(people.deactivate, { refreshes: PEOPLE, done: onClose });
  return (
    <Dialog
      title={person.name}
      about={person.email}
      onClose={onClose}
      width="narrow"
      onSubmit={() => save.mutate({ params: { person: person.id }, body: { roles } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <RolePicker roles={roles} onRoles={setRoles} />
        {save.error && <Trouble error={save.error} />}
        {me?.id !== person.id && (
          <details className="border-t border-line pt-3">
            <summary className="font-[600] text-ember">End access</summary>
            <div className="mt-3 grid gap-3">
              <p className="text-ink-2">Ends every session at once. What {person.name} did stays in the record.</p>
              <Input label="Reason" value={reason} onText={setReason} />
              {end.error && <Trouble error={end.error} />}
              <Button
                look="danger"
                busy={end.isPending}
                onClick={() => end.mutate({ params: { person: person.id }, body: { reason } })}
              >
                End access now
              </Button>
            </div>
          </details>
        )}
      </div>
    </Dialog>
  );
}
