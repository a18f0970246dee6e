import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useGoToNote } from '../../app/note.ts';
import { Brake } from '../../app/Page.tsx';
import { useMay, useNames } from '../../app/session.tsx';
import { CALLED_WORDS } from '../../detect/archetypes/index.ts';
import { versionsLine } from '../../prepare/inventory/index.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Avatar, Flag, Id, Severity, TONES, type Tone } from '../../ui/Marks.tsx';
import { Ago, Watch } from '../../ui/Time.tsx';
import { NEEDED_ROLES, ROLE_TITLES } from '../incidents/index.ts';
import { ArchetypeDialog } from './ArchetypeDialog.tsx';
import { FirstHour } from './FirstHour.tsx';
import { MoveDialog } from './MoveDialog.tsx';
import { NameSystems } from './NameSystems.tsx';
import { RefileDialog } from './RefileDialog.tsx';
import { RetitleDialog } from './RetitleDialog.tsx';
import { useRoom } from './room-context.tsx';
import { SeverityDialog } from './SeverityDialog.tsx';

const STATE_TONES: Record<string, Tone> = { open: 'ember', contained: 'moss', resolved: 'blue', closed: 'plain' };

/** Severity, name, state, how long, where, who, and the brake: what the commander looks at. */
export function RoomHeader({ tabs }: { tabs: ReactNode }) {
  const { incident } = useRoom();
  const leads = useMay('incident.lead');
  const writes = useMay('room.write');
  const declares = useMay('incident.declare');
  const [open, setOpen] = useState<'severity' | 'archetype' | 'move' | 'title' | 'refile' | null>(null);
  const miss = incident.kind === 'near-miss';
  const note = useGoToNote(incident.label);
  const running = !miss && (incident.state === 'open' || incident.state === 'contained');
  const close = () => setOpen(null);
  return (
    <header className="border-b border-line bg-surface px-4 pt-3 phone:sticky phone:top-0 phone:z-10 phone:px-6">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
        <button
          type="button"
          onClick={() => setOpen('severity')}
          className="rounded-sm"
          aria-label={`${miss ? 'would have been ' : ''}Sev ${incident.severity}${incident.provisional ? '? (provisional)' : ''}: call the severity anew`}
        >
          {miss ? (
            <Flag>would have been Sev {incident.severity}</Flag>
          ) : (
            <Severity level={incident.severity} provisional={incident.provisional} />
          )}
        </button>
        <Id>{incident.label}</Id>
        {incident.drill && <Flag tone="blue">drill</Flag>}
        {miss && <Flag tone="blue">near miss</Flag>}
        <div className="order-1 flex min-w-0 basis-full items-center gap-1.5 phone:order-none phone:flex-1 phone:basis-0">
          <h1
            className="min-w-0 text-lg font-[640] tracking-[-0.01em] phone:truncate phone:text-xl"
            title={incident.title}
          >
            {incident.title}
          </h1>
          {writes && (
            <button
              type="button"
              onClick={() => setOpen('title')}
              aria-label="Rename"
              title="Give it a better title"
              className="grid size-7 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
            >
              <Pencil size={14} aria-hidden="true" />
            </button>
          )}
        </div>
        <div className="ml-auto flex items-center gap-2">
          {writes && (
            <Button hotkey="N" className="max-phone:hidden" onClick={note}>
              Note
            </Button>
          )}
          <Brake incident={incident.label} {...(incident.systems[0] && { system: incident.systems[0] })} />
        </div>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-1.5 text-xs text-ink-2">
        <span>
          {running ? (
            <>
              <Watch since={incident.declaredAt} className="font-[640] text-ink" /> since declared
            </>
          ) : (
            <>
              {miss ? 'filed' : 'declared'} <Ago at={incident.declaredAt} />
            </>
          )}
        </span>
        <button
          type="button"
          onClick={() => setOpen('move')}
          disabled={!leads}
          className={cx(
            'rounded-sm border px-2 py-0.5 font-[600] capitalize',
            TONES[(!miss && STATE_TONES[incident.state]) || 'plain'],
          )}
          title={leads ? 'Change the state' : 'The lead changes the state'}
        >
          {incident.state}
        </button>
        <button
          type="button"
          onClick={() => setOpen('archetype')}
          disabled={!writes}
          className={cx(
            'rounded-sm border px-2 py-0.5 font-[600]',
            TONES[incident.archetype === null ? 'amber' : 'plain'],
          )}
          title={writes ? 'Say what kind of failure it is' : 'Responders say what kind of failure it is'}
        >
          {incident.archetype === null ? 'Kind of failure?' : CALLED_WORDS[incident.archetype]}
          {incident.also.length > 0 && ` and ${incident.also.length} more`}
        </button>
        <Where />
        <Who />
        {(miss ? declares : leads) && (
          <Button size="sm" look={miss ? 'strong' : 'quiet'} onClick={() => setOpen('refile')}>
            {miss ? 'It did reach people …' : 'File as near miss …'}
          </Button>
        )}
      </div>
      {running && <FirstHour declaredAt={incident.declaredAt} />}
      <div className="mt-1.5">{tabs}</div>
      {open === 'severity' && <SeverityDialog onClose={close} />}
      {open === 'archetype' && <ArchetypeDialog onClose={close} />}
      {open === 'move' && <MoveDialog onClose={close} />}
      {open === 'refile' && <RefileDialog onClose={close} />}
      {open === 'title' && <RetitleDialog onClose={close} />}
    </header>
  );
}

function Where() {
  const { incident } = useRoom();
  if (incident.systems.length === 0)
    return (
      <span className="flex items-center gap-1.5">
        <b className="font-[600] text-amber">no AI system named</b>
        <NameSystems size="sm" />
      </span>
    );
  return (
    <>
      {incident.systems.slice(0, 2).map((key) => (
        <System key={key} system={key} />
      ))}
      {incident.systems.length > 2 && <span>and {incident.systems.length - 2} more</span>}
      <NameSystems />
    </>
  );
}

function System({ system }: { system: string }) {
  const shown = useAsk(inventory.show, { params: { system } }).data?.system;
  const running = shown?.deployments[0];
  return (
    <span className="min-w-0">
      <Link to="/systems/$system" params={{ system }} className="font-[600] text-ink hover:underline">
        {shown?.name ?? system}
      </Link>
      {running && <> · {versionsLine(running.versions)}</>}
    </span>
  );
}

/** Who holds a role; an empty seat is said here, where the commander looks. */
function Who() {
  const { incident } = useRoom();
  const nameOf = useNames();
  const writes = useMay('room.write');
  const take = useAct(incidents.takeRole, { refreshes: ['/api/v1/incidents'] });
  const running = incident.kind === 'normal' && (incident.state === 'open' || incident.state === 'contained');
  const missing = running ? NEEDED_ROLES.filter((role) => incident.roles[role] === undefined) : [];
  return (
    <>
      {(Object.entries(incident.roles) as [keyof typeof ROLE_TITLES, string][]).slice(0, 4).map(([role, person]) => (
        <span key={role} className="flex items-center gap-1.5 whitespace-nowrap">
          <Avatar name={nameOf(person)} />
          <span className="text-ink">{nameOf(person)}</span> {ROLE_TITLES[role].toLowerCase()}
        </span>
      ))}
      {missing.slice(0, 1).map((role) => (
        <span key={role} className="flex items-center gap-1.5 whitespace-nowrap">
          <Avatar />
          <b className="font-[600] text-amber">
            {ROLE_TITLES[role]} missing{missing.length > 1 && `, ${missing.length - 1} more`}
          </b>
          {writes && (
            <Button
              size="sm"
              busy={take.isPending}
              onClick={() => take.mutate({ params: { incident: incident.id, role }, body: {} })}
              aria-label={`Take it: ${ROLE_TITLES[role]}`}
            >
              Take it
            </Button>
          )}
        </span>
      ))}
    </>
  );
}
