import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { CALLABLE_ARCHETYPES, type CalledArchetype } from '@firebreak/core/detect/signals';
import type { IncidentKind } from '@firebreak/core/respond/incidents';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { CALLED_WORDS } from '../../detect/archetypes/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { IncidentRows } from './IncidentRows.tsx';

const PAGE = 50;

/** Incidents, newest first. The filter stands in the address, so a link shows the same list. */
export function IncidentList() {
  const { show, kind = 'any', system, archetype } = useSearch({ from: '/shell/incidents' });
  const navigate = useNavigate({ from: '/incidents' });
  const systems = useAsk(inventory.list, {}).data?.systems ?? [];
  const narrowed = kind !== 'any' || system !== undefined || archetype !== undefined;
  const { ask } = useActions();
  const [shown, setShown] = useState(PAGE);
  const [words, setWords] = useState('');
  const list = useAsk(
    incidents.list,
    {
      query: {
        state: show === 'all' ? ('any' as const) : ('active' as const),
        kind,
        ...(system && { system }),
        ...(archetype && { archetype }),
        limit: Math.min(200, shown),
      },
    },
    { placeholder: (before) => before },
  );
  const keys = useListKeys();
  const narrow = (part: {
    kind?: IncidentKind | undefined;
    system?: string | undefined;
    archetype?: CalledArchetype | undefined;
  }) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <Page
      title="Incidents"
      lead="Incidents and near misses in one register. Near misses reached nobody, and count in no figure."
      actions={
        <Button hotkey="D" onClick={() => ask({ kind: 'declare' })}>
          Declare
        </Button>
      }
      tabs={
        <Switcher label="Which incidents">
          <Link
            to="/incidents"
            search={({ show: _show, ...rest }) => rest}
            {...(show === undefined && { 'aria-current': 'page' as const })}
          >
            Open
          </Link>
          <Link
            to="/incidents"
            search={(before) => ({ ...before, show: 'all' as const })}
            {...(show === 'all' && { 'aria-current': 'page' as const })}
          >
            All
          </Link>
        </Switcher>
      }
    >
      <div className="mb-4 grid grid-cols-2 gap-3 *:first:max-phone:col-span-2 phone:flex phone:flex-wrap phone:*:min-w-44">
        <Select
          label="Kind"
          value={kind}
          onText={(value) => narrow({ kind: value === 'any' ? undefined : (value as IncidentKind) })}
          options={[
            { value: 'any', label: 'Incidents and near misses' },
            { value: 'normal', label: 'Incidents only' },
            { value: 'near-miss', label: 'Near misses only' },
          ]}
        />
        <Select
          label="System"
          value={system ?? ''}
          onText={(value) => narrow({ system: value || undefined })}
          options={[
            { value: '', label: 'Any' },
            ...systems.map((each) => ({ value: each.key, label: each.name })),
            ...(system !== undefined && !systems.some((each) => each.key === system)
              ? [{ value: system, label: system }]
              : []),
          ]}
        />
        <Select
          label="Kind of failure, as called"
          value={archetype ?? ''}
          onText={(value) => narrow({ archetype: (value || undefined) as CalledArchetype | undefined })}
          options={[
            { value: '', label: 'Any' },
            ...CALLABLE_ARCHETYPES.map((each) => ({
              value: each,
              label: each === 'unknown' ? 'Not called yet' : CALLED_WORDS[each],
            })),
          ]}
        />
      </div>
      <Shown of={list} lines={6}>
        {({ incidents: rows, next }) => {
          const wanted = words.toLowerCase();
          const found = rows.filter((row) =>
            `${row.label} ${row.title} ${row.systems.join(' ')}`.toLowerCase().includes(wanted),
          );
          if (rows.length === 0 && narrowed)
            return (
              <Empty
                title="None of this kind"
                action={
                  <Button onClick={() => narrow({ kind: undefined, system: undefined, archetype: undefined })}>
                    Show everything
                  </Button>
                }
              >
                Nothing {show === 'all' ? 'in the register' : 'that is open'} fits all of these filters.
              </Empty>
            );
          if (rows.length === 0)
            return (
              <Empty
                title={show === 'all' ? 'Nothing was ever declared' : 'No incident is open'}
                action={<Button onClick={() => ask({ kind: 'declare' })}>Declare one</Button>}
              >
                Declare early: an incident that turns out to be nothing costs a minute, and the record of a near miss is
                worth having. If nothing reached anybody, the same form files a near miss.
              </Empty>
            );
          return (
            <div ref={keys}>
              {rows.length > 8 && (
                <div className="mb-3 max-w-sm">
                  <Input
                    label="Filter"
                    hideLabel
                    placeholder="Filter by title, label or system"
                    value={words}
                    onText={setWords}
                  />
                </div>
              )}
              {found.length === 0 ? (
                <Empty title="None of these">No incident on this list contains “{words}”.</Empty>
              ) : (
                <IncidentRows rows={found} label="Incidents" />
              )}
              {next !== null && shown < 200 && (
                <Button className="mt-3" onClick={() => setShown(shown + PAGE)}>
                  Show older
                </Button>
              )}
              {next !== null && shown >= 200 && (
                <p className="mt-3 text-xs text-ink-3">
                  The newest 200 are shown. Older ones: find them by label with Ctrl K, or list them with{' '}
                  <code className="font-mono">npx firebreak incidents list</code>.
                </p>
              )}
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}
