import { people } from '@firebreak/contract/prepare/people';
import { type RoleDirectory, roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { INCIDENT_ROLES, type IncidentRole, NAMED_TIMES, type NamedTime } from '@firebreak/core/respond/incidents';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { serverNow } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Input, Select } from '../../ui/Field.tsx';
import { Avatar, Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { NEEDED_ROLES, ROLE_DUTIES, ROLE_TITLES, TIME_MEANINGS, TIME_TITLES } from '../incidents/index.ts';
import { useRoom } from './room-context.tsx';
import { VendorsToCall } from './VendorsToCall.tsx';

/** Who holds which role, the four named times with who says so, and whom to call at the vendors. */
export function PeopleTab() {
  return (
    <div className="grid items-start gap-x-6 desk:grid-cols-2">
      <Roles />
      <div className="min-w-0">
        <Times />
        <VendorsToCall />
      </div>
    </div>
  );
}

/** Who is meant to hold a role, from the role directory. */
function seatWords(row: RoleDirectory['roles'][number] | undefined): string {
  if (!row?.primary) return '';
  return ` · named for it: ${row.primary.name}${row.secondary ? `, steps in: ${row.secondary.name}` : ''}`;
}

function Roles() {
  const { incident } = useRoom();
  const me = useMe().data;
  const nameOf = useNames();
  const writes = useMay('room.write');
  const [giving, setGiving] = useState<IncidentRole | null>(null);
  const take = useAct(incidents.takeRole, { refreshes: ['/api/v1/incidents'], done: () => setGiving(null) });
  const release = useAct(incidents.releaseRole, { refreshes: ['/api/v1/incidents'] });
  const directory = useAsk(roleDirectory.show, {}).data;
  const needed = new Set<IncidentRole>(NEEDED_ROLES);
  return (
    <Section title="People">
      <Rows label="Roles">
        {INCIDENT_ROLES.map((role) => {
          const person = incident.roles[role];
          return (
            <li key={role} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
              <Avatar name={person && nameOf(person)} />
              <div className="min-w-0 flex-1 basis-40">
                <p>
                  <span className="font-[600]">{ROLE_TITLES[role]}</span>{' '}
                  {person ? (
                    nameOf(person)
                  ) : needed.has(role) ? (
                    <Flag tone="amber">missing</Flag>
                  ) : (
                    <span className="text-ink-3">nobody</span>
                  )}
                </p>
                <p className="text-xs text-ink-3">
                  {ROLE_DUTIES[role]}
                  {seatWords(directory?.roles.find((it) => it.role === role))}
                </p>
              </div>
              {writes && (
                <div className="flex gap-1.5">
                  {person && (
                    <Button
                      size="sm"
                      look="quiet"
                      busy={release.isPending}
                      onClick={() => release.mutate({ params: { incident: incident.id, role } })}
                      aria-label={`Release ${ROLE_TITLES[role]}`}
                    >
                      Release
                    </Button>
                  )}
                  <Button size="sm" onClick={() => setGiving(role)} aria-label={`Give ${ROLE_TITLES[role]}`}>
                    Give …
                  </Button>
                  {person !== me?.id && (
                    <Button
                      size="sm"
                      look={person || !needed.has(role) ? 'plain' : 'strong'}
                      busy={take.isPending}
                      onClick={() => take.mutate({ params: { incident: incident.id, role }, body: {} })}
                      aria-label={`Take ${ROLE_TITLES[role]}`}
                    >
                      Take
                    </Button>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </Rows>
      {(take.error ?? release.error) && (
        <div className="mt-2">
          <Trouble error={take.error ?? release.error} />
        </div>
      )}
      {giving && (
        <Give
          role={giving}
          busy={take.isPending}
          onClose={() => setGiving(null)}
          onGive={(person) =>
            take.mutate({
              params: { incident: incident.id, role: giving },
              body: { person: person as `usr_${string}` },
            })
          }
        />
      )}
    </Section>
  );
}

function Give({
  role,
  busy,
  onClose,
  onGive,
}: {
  role: IncidentRole;
  busy: boolean;
  onClose: () => void;
  onGive: (person: string) => void;
}) {
  const list = useAsk(people.list, {});
  const [person, setPerson] = useState('');
  const active = list.data?.people.filter((each) => each.active && !each.invited) ?? [];
  const chosen = person || active[0]?.id || '';
  return (
    <Dialog
      title={ROLE_TITLES[role]}
      about={`The one who ${ROLE_DUTIES[role]}.`}
      onClose={onClose}
      width="narrow"
      onSubmit={() => onGive(chosen)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={busy} disabled={chosen === ''}>
            Give the role
          </Button>
        </>
      }
    >
      <Select
        label="To whom"
        value={chosen}
        onText={setPerson}
        options={active.map((each) => ({ value: each.id, label: each.name }))}
        hint="They see it at once; tell them as well."
      />
    </Dialog>
  );
}

function Times() {
  const { incident } = useRoom();
  const nameOf = useNames();
  const writes = useMay('room.write');
  const [stating, setStating] = useState<NamedTime | null>(null);
  return (
    <Section title="Four times, each with who says so">
      <Rows label="Named times">
        {NAMED_TIMES.map((which) => {
          const stated = incident.times[which];
          return (
            <li key={which} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
              <div className="min-w-0 flex-1 basis-52">
                <p>
                  <span className="font-[600]">{TIME_TITLES[which]}</span>{' '}
                  {stated ? <Time at={stated.at} /> : <Flag tone="amber">nobody has said</Flag>}
                </p>
                <p className="text-xs text-ink-3">
                  {stated ? (
                    <>
                      {nameOf(stated.by)}: {stated.because}, recorded <Ago at={stated.recordedAt} />
                    </>
                  ) : (
                    TIME_MEANINGS[which]
                  )}
                </p>
              </div>
              {writes && (
                <Button
                  size="sm"
                  onClick={() => setStating(which)}
                  aria-label={`${stated ? 'Restate' : 'State'} ${TIME_TITLES[which]}`}
                >
                  {stated ? 'Restate …' : 'State …'}
                </Button>
              )}
            </li>
          );
        })}
      </Rows>
      {stating && <StateTime which={stating} onClose={() => setStating(null)} />}
    </Section>
  );
}

function StateTime({ which, onClose }: { which: NamedTime; onClose: () => void }) {
  const { incident } = useRoom();
  const [at, setAt] = useState(() => toLocalInput(incident.times[which]?.at ?? new Date(serverNow()).toISOString()));
  const [because, setBecause] = useState('');
  const state = useAct(incidents.stateTime, { refreshes: ['/api/v1/incidents'], done: onClose });
  const told = state.error ? tell(state.error) : null;
  return (
    <Dialog
      title={TIME_TITLES[which]}
      about={`That is ${TIME_MEANINGS[which]}. What was said before stays in the record.`}
      onClose={onClose}
      width="narrow"
      onSubmit={() => {
        const instant = fromLocalInput(at);
        if (instant) state.mutate({ params: { incident: incident.id, which }, body: { at: instant, because } });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={state.isPending} disabled={because.trim() === '' || at === ''}>
            State it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="When"
          type="datetime-local"
          step={1}
          value={at}
          onText={setAt}
          hint="In your time zone."
          error={told?.fields.at}
        />
        <Input
          label="How you know"
          value={because}
          onText={setBecause}
          required
          placeholder="First complaint in the support inbox"
          error={told?.fields.because}
        />
        {state.error && <Trouble error={state.error} />}
      </div>
    </Dialog>
  );
}
