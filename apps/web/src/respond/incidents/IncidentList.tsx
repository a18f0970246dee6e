import { incidents } from '@firebreak/contract/respond/incidents';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Input } from '../../ui/Field.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { IncidentRows } from './IncidentRows.tsx';

const PAGE = 50;

/** Incidents, newest first. The filter stands in the address, so a link shows the same list. */
export function IncidentList() {
  const { show } = useSearch({ from: '/shell/incidents' });
  const { ask } = useActions();
  const [shown, setShown] = useState(PAGE);
  const [words, setWords] = useState('');
  const list = useAsk(
    incidents.list,
    { query: { state: show === 'all' ? ('any' as const) : ('active' as const), limit: Math.min(200, shown) } },
    { placeholder: (before) => before },
  );
  const keys = useListKeys();
  return (
    <Page
      title="Incidents"
      lead="Everything that was ever declared stays here."
      actions={
        <Button hotkey="D" onClick={() => ask({ kind: 'declare' })}>
          Declare
        </Button>
      }
      tabs={
        <Switcher label="Which incidents">
          <Link
            to="/incidents"
            search={{}}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{ 'aria-current': 'page' }}
          >
            Open
          </Link>
          <Link
            to="/incidents"
            search={{ show: 'all' }}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={{ 'aria-current': 'page' }}
          >
            All
          </Link>
        </Switcher>
      }
    >
      <Shown of={list} lines={6}>
        {({ incidents: rows, next }) => {
          const wanted = words.toLowerCase();
          const found = rows.filter((row) =>
            `${row.label} ${row.title} ${row.systems.join(' ')}`.toLowerCase().includes(wanted),
          );
          if (rows.length === 0)
            return (
              <Empty
                title={show === 'all' ? 'Nothing was ever declared' : 'No incident is open'}
                action={<Button onClick={() => ask({ kind: 'declare' })}>Declare one</Button>}
              >
                Declare early: an incident that turns out to be nothing costs a minute, and the record of a near miss is
                worth having.
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
