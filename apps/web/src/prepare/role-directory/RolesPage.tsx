import { people } from '@firebreak/contract/prepare/people';
import { type RoleDirectory, roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { INCIDENT_ROLES, type IncidentRole, type Right, ROLE_NAMES } from '@firebreak/core/prepare/role-directory';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';

const RIGHT_WORDS: Readonly<Record<Right, string>> = {
  'speak-publicly': 'May speak to the press and the public',
  contain: 'May stop or change what a system does',
  'approve-reactivation': 'Approve that it runs again',
};

type Row = RoleDirectory['roles'][number];

function SeatDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const names = useAsk(people.directory, {}).data?.names ?? {};
  const [primary, setPrimary] = useState(row.primary?.id ?? '');
  const [secondary, setSecondary] = useState(row.secondary?.id ?? '');
  const seat = useAct(roleDirectory.seat, { refreshes: ['/api/v1/role-directory'], done: onClose });
  const everybody = Object.entries(names)
    .filter(([id]) => id.startsWith('usr_'))
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([value, label]) => ({ value, label }));
  const usr = (id: string) => (id === '' ? null : (id as `usr_${string}`));
  return (
    <Dialog
      title={sentence(ROLE_NAMES[row.role])}
      about="Who holds it in an incident, and who steps in when they cannot."
      onClose={onClose}
      onSubmit={() =>
        seat.mutate({ params: { role: row.role }, body: { primary: usr(primary), secondary: usr(secondary) } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={seat.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="Primary"
          value={primary}
          onText={setPrimary}
          options={[{ value: '', label: 'Nobody' }, ...everybody]}
        />
        <Select
          label="Secondary"
          value={secondary}
          onText={setSecondary}
          options={[{ value: '', label: 'Nobody' }, ...everybody.filter((it) => it.value !== primary)]}
        />
        {seat.error && <Trouble error={seat.error} />}
      </div>
    </Dialog>
  );
}

function RightRow({ right, roles, changes }: { right: Right; roles: readonly IncidentRole[]; changes: boolean }) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(roles);
  const grant = useAct(roleDirectory.grant, { refreshes: ['/api/v1/role-directory'], done: () => setOpen(false) });
  return (
    <li className="px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-[600]">{RIGHT_WORDS[right]}</p>
          <p className="text-sm text-ink-2">{sentence(roles.map((role) => ROLE_NAMES[role]).join(', '))}</p>
        </div>
        {changes && !open && (
          <Button
            size="sm"
            aria-label={`Change: ${RIGHT_WORDS[right]}`}
            onClick={() => {
              setChosen(roles);
              setOpen(true);
            }}
          >
            Change …
          </Button>
        )}
      </div>
      {open && (
        <div className="mt-2 grid gap-2">
          <div className="grid phone:grid-cols-2">
            {INCIDENT_ROLES.map((role) => (
              <Check
                key={role}
                label={sentence(ROLE_NAMES[role])}
                checked={chosen.includes(role)}
                onCheck={(on) => setChosen(on ? [...chosen, role] : chosen.filter((it) => it !== role))}
              />
            ))}
          </div>
          {grant.error && <Trouble error={grant.error} />}
          <div className="flex gap-2">
            <Button
              size="sm"
              look="strong"
              busy={grant.isPending}
              onClick={() => grant.mutate({ params: { right }, body: { roles: [...chosen] } })}
            >
              Save
            </Button>
            <Button size="sm" onClick={() => setOpen(false)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}

/** Who is meant to hold which role, who steps in, and who may decide what. Gaps are shown as not ready. */
export function RolesPage() {
  const asked = useAsk(roleDirectory.show, {});
  const changes = useMay('roles.assign');
  const [seating, setSeating] = useState<Row | null>(null);
  return (
    <Page title="Roles" lead="Who holds which role in an incident, who steps in, and who may decide what.">
      <Shown of={asked}>
        {({ roles, rights, gaps }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="min-w-0">
              {gaps.length === 0 ? (
                <Notice tone="moss" className="mb-5">
                  Ready: every role has two people who are here.
                </Notice>
              ) : (
                <Notice
                  tone="amber"
                  title={`Not ready: ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`}
                  className="mb-5"
                >
                  A role without a second person is a night without sleep for the first.
                </Notice>
              )}
              <Section title="Seats">
                <Rows label="Seats">
                  {roles.map((row) => {
                    const missing = gaps.filter((gap) => gap.role === row.role);
                    return (
                      <li key={row.role} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
                        <div className="min-w-0 flex-1 basis-56">
                          <p className="flex flex-wrap items-center gap-2">
                            <span className="font-[600]">{sentence(ROLE_NAMES[row.role])}</span>
                            {missing.length > 0 && <Flag tone="amber">not ready</Flag>}
                          </p>
                          <p className="text-sm text-ink-2">
                            {row.primary?.name ?? 'nobody'}
                            <span className="text-ink-3"> · steps in: </span>
                            {row.secondary?.name ?? 'nobody'}
                          </p>
                          {missing.map((gap) => (
                            <p key={gap.why} className="text-xs text-ink-3">
                              {gap.why}
                            </p>
                          ))}
                        </div>
                        {changes && (
                          <Button size="sm" aria-label={`Name ${ROLE_NAMES[row.role]}`} onClick={() => setSeating(row)}>
                            Name …
                          </Button>
                        )}
                      </li>
                    );
                  })}
                </Rows>
              </Section>
            </div>
            <aside className="min-w-0">
              <Section title="Decisions">
                <Rows label="Decisions">
                  {rights.map(({ right, roles: may }) => (
                    <RightRow key={right} right={right} roles={may} changes={changes} />
                  ))}
                </Rows>
              </Section>
            </aside>
            {seating && <SeatDialog row={seating} onClose={() => setSeating(null)} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}
