import { type PlaybookRow, playbooks } from '@firebreak/contract/prepare/playbooks';
import { Link } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { NewPlaybook } from './NewPlaybook.tsx';
import { ARCHETYPE_TITLES } from './words.ts';

const TYPES = [
  { value: '', label: 'All types of system' },
  { value: 'generative', label: 'Generative' },
  { value: 'agent', label: 'Agent' },
  { value: 'predictive', label: 'Predictive' },
  { value: 'voice', label: 'Voice' },
];

/** What to do for each kind of failure, one's own before the shipped. */
export function PlaybookList() {
  const list = useAsk(playbooks.list, {});
  const edits = useMay('system.edit');
  const [type, setType] = useState('');
  const [importing, setImporting] = useState(false);
  const [beginning, setBeginning] = useState(false);
  const keys = useListKeys();
  return (
    <Page
      title="Playbooks"
      lead="What to do, by whom and by when, for each kind of failure."
      actions={
        edits && (
          <>
            <Button onClick={() => setImporting(true)}>
              <FileUp size={16} aria-hidden="true" />
              Import CACAO
            </Button>
            <Button onClick={() => setBeginning(true)}>
              <Plus size={16} aria-hidden="true" />
              New
            </Button>
          </>
        )
      }
    >
      <div className="mb-5 max-w-72">
        <Select label="Type of system" hideLabel options={TYPES} value={type} onText={setType} />
      </div>
      <Shown of={list} lines={8}>
        {({ playbooks: rows }) => {
          const fitting = rows.filter((row) => type === '' || row.systemType === type || row.systemType === 'any');
          const archetypes = [...new Set(fitting.map((row) => row.archetype))];
          if (fitting.length === 0)
            return (
              <Empty title="No playbook fits">
                Choose another type of system, or import one: a CACAO 2.0 file becomes a playbook here.
              </Empty>
            );
          return (
            <div ref={keys}>
              {archetypes.map((archetype) => (
                <Section key={archetype} title={ARCHETYPE_TITLES[archetype]}>
                  <Rows label={ARCHETYPE_TITLES[archetype]}>
                    {fitting
                      .filter((row) => row.archetype === archetype)
                      .map((row) => (
                        <Row key={row.key} row={row} />
                      ))}
                  </Rows>
                </Section>
              ))}
            </div>
          );
        }}
      </Shown>
      {beginning && <NewPlaybook shelf={list.data?.playbooks ?? []} onClose={() => setBeginning(false)} />}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function Row({ row }: { row: PlaybookRow }) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-sunken">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          data-row
          to="/playbooks/$playbook"
          params={{ playbook: row.key }}
          className="font-[620] after:absolute after:inset-0"
        >
          {row.name}
        </Link>{' '}
        <span className="font-mono text-xs break-all text-ink-3 max-phone:hidden">{row.key}</span>
      </div>
      <span className="text-xs text-ink-3">{row.steps} steps</span>
      {row.own ? <Flag tone="blue">yours · version {row.version}</Flag> : <Flag>shipped {row.edition}</Flag>}
      {row.changedAt && (
        <span className="w-32 text-right text-xs text-ink-3 max-phone:hidden">
          changed <Ago at={row.changedAt} />
        </span>
      )}
    </li>
  );
}
