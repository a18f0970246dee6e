import { candidates } from '@firebreak/contract/detect/candidates';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Footprints } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Id, Severity } from '../ui/Marks.tsx';
import { useActions } from './actions.tsx';
import { useAsk } from './ask.ts';
import { PLACES } from './Rail.tsx';
import { chooseTheme } from './theme.ts';
import { OPEN_CANDIDATES } from './waiting.ts';

function Item({ children, keywords, does }: { children: ReactNode; keywords: string; does: () => void }) {
  return (
    <Command.Item
      value={keywords}
      onSelect={does}
      className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-md px-3 py-1.5 aria-selected:bg-sunken"
    >
      {children}
    </Command.Item>
  );
}

const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-[640] [&_[cmdk-group-heading]]:text-ink-3';

/** Finds any screen, incident, candidate or system, and does what the keys do. */
export function Palette({ room }: { room: string | undefined }) {
  const { ask, close } = useActions();
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const all = useAsk(incidents.list, { query: { limit: 100, kind: 'any' as const } });
  const systems = useAsk(inventory.list, {});
  const waiting = useAsk(candidates.listCandidates, OPEN_CANDIDATES);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    element?.querySelector('input')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const [chosen, choose] = useState('');
  // What arrives after the words were typed must be chosen too, so that Enter does what stands first.
  useEffect(() => {
    if (!all.data && !systems.data && !waiting.data) return;
    const items = [...(dialog.current?.querySelectorAll('[cmdk-item]') ?? [])];
    choose((now) => {
      const values = items.map((item) => item.getAttribute('data-value') ?? '');
      return values.includes(now) ? now : (values[0] ?? '');
    });
  }, [all.data, systems.data, waiting.data]);
  const go = (to: () => void) => () => {
    close();
    to();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it; the key for that is Escape, through onCancel
    <dialog
      ref={dialog}
      aria-label="Find anything"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
      className="mx-auto mt-[12vh] w-[min(40rem,calc(100vw-1.5rem))] overflow-hidden rounded-lg border border-line bg-surface p-0 text-ink shadow-float"
    >
      <Command label="Find anything" loop value={chosen} onValueChange={choose}>
        <Command.Input
          autoFocus
          placeholder="Find an incident, a candidate, a system, or what to do …"
          className="w-full border-b border-line bg-transparent px-5 py-4 text-base outline-none placeholder:text-ink-3"
        />
        <Command.List className="max-h-[52vh] overflow-y-auto p-2 pt-0">
          <Command.Empty className="px-3 py-6 text-ink-2">
            Nothing is called that. Try a label such as INC-2026-0042, or a system.
          </Command.Empty>
          <Command.Group heading="Do" className={GROUP}>
            <Item
              keywords="contain stop brake disable roll back"
              does={() => ask({ kind: 'contain', ...(room && { incident: room }) })}
            >
              <span className="font-[620] text-ember">Contain</span>
              <span className="text-ink-2">stop or change what an AI system does</span>
            </Item>
            <Item keywords="declare incident new" does={() => ask({ kind: 'declare' })}>
              <span className="font-[620]">Declare</span>
              <span className="text-ink-2">an incident, even if unsure</span>
            </Item>
            <Item keywords="report a failure complaint public form" does={go(() => window.location.assign('/report'))}>
              <span className="font-[620]">Report</span>
              <span className="text-ink-2">a failure, whatever your role; a person looks at it</span>
            </Item>
          </Command.Group>
          {all.data && all.data.incidents.length > 0 && (
            <Command.Group heading="Incidents" className={GROUP}>
              {all.data.incidents.map((row) => (
                <Item
                  key={row.id}
                  keywords={`${row.label} ${row.title} ${row.systems.join(' ')}`}
                  does={go(() => void navigate({ to: '/incidents/$incident', params: { incident: row.label } }))}
                >
                  <Severity level={row.severity} size="sm" />
                  <Id>{row.label}</Id>
                  <span className="min-w-0 truncate">{row.title}</span>
                </Item>
              ))}
            </Command.Group>
          )}
          {waiting.data && waiting.data.items.length > 0 && (
            <Command.Group heading="Candidates waiting" className={GROUP}>
              {waiting.data.items.map((row) => (
                <Item
                  key={row.id}
                  keywords={`candidate ${row.title} ${row.system} ${row.id}`}
                  does={go(() => void navigate({ to: '/candidates/$candidate', params: { candidate: row.id } }))}
                >
                  <span className="min-w-0 truncate">{row.title}</span>
                  <span className="ml-auto text-xs whitespace-nowrap text-ink-3">{row.summary.count} signals</span>
                </Item>
              ))}
            </Command.Group>
          )}
          {systems.data && systems.data.systems.length > 0 && (
            <Command.Group heading="Systems" className={GROUP}>
              {systems.data.systems.map((row) => (
                <Item
                  key={row.id}
                  keywords={`system ${row.name} ${row.key} ${row.owner}`}
                  does={go(() => void navigate({ to: '/systems/$system', params: { system: row.key } }))}
                >
                  {row.name}
                  <Id>{row.key}</Id>
                </Item>
              ))}
            </Command.Group>
          )}
          <Command.Group heading="Go to" className={GROUP}>
            {PLACES.map(({ to, name, icon: Icon }) => (
              <Item key={to} keywords={`go to ${name}`} does={go(() => void navigate({ to }))}>
                <Icon size={16} aria-hidden="true" className="text-ink-3" />
                {name}
              </Item>
            ))}
            <Item
              keywords="start begin three moves first steps maturity onboarding"
              does={go(() => void navigate({ to: '/start' }))}
            >
              <Footprints size={16} aria-hidden="true" className="text-ink-3" />
              Start: three moves
            </Item>
          </Command.Group>
          <Command.Group heading="Screen" className={GROUP}>
            <Item keywords="dark theme night" does={go(() => chooseTheme('dark'))}>
              Dark theme
            </Item>
            <Item keywords="light theme day" does={go(() => chooseTheme('light'))}>
              Light theme
            </Item>
            <Item keywords="system theme automatic" does={go(() => chooseTheme('system'))}>
              Theme of the device
            </Item>
            <Item keywords="keyboard help shortcuts" does={() => ask({ kind: 'keys' })}>
              Keyboard
            </Item>
          </Command.Group>
        </Command.List>
      </Command>
    </dialog>
  );
}
