import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { SYSTEM_TYPES, type SystemType } from '@firebreak/core/prepare/inventory';
import { PLAYBOOK_ARCHETYPES, type PlaybookArchetype } from '@firebreak/core/prepare/playbooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Select } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Report } from './Report.tsx';
import { ARCHETYPE_TITLES } from './words.ts';

const LARGEST = 512 * 1024;
const NOT_SAID = { value: '', label: 'As the file says' };

/** Reads a CACAO file: first the report, then, if the reader wants it, the playbook. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string>();
  const [lenient, setLenient] = useState(false);
  const [archetype, setArchetype] = useState('');
  const [systemType, setSystemType] = useState('');
  const look = useAct(playbooks.read);
  const keep = useAct(playbooks.read, {
    refreshes: ['/api/v1/playbooks'],
    done: ({ playbook }) => {
      if (!playbook) return;
      onClose();
      void navigate({ to: '/playbooks/$playbook', params: { playbook: playbook.key } });
    },
  });
  const given = (file: string, mends: boolean, keeps: boolean) => ({
    body: {
      text: file,
      mode: mends ? ('lenient' as const) : ('strict' as const),
      keep: keeps,
      ...(archetype && { archetype: archetype as PlaybookArchetype }),
      ...(systemType && { systemType: systemType as SystemType }),
    },
  });
  const take = async (file: File | undefined) => {
    setFault(undefined);
    look.reset();
    setText(null);
    if (!file) return;
    setName(file.name);
    if (file.size > LARGEST) {
      setFault(`${file.name} is larger than ${LARGEST / 1024} KiB, which is the most a playbook may have.`);
      return;
    }
    const read = await file.text();
    setText(read);
    look.mutate(given(read, lenient, false));
  };
  const report = look.data?.report;
  return (
    <Dialog
      title="Import a CACAO playbook"
      about="Nothing in the file is run: commands are kept as text, and people do the steps."
      onClose={onClose}
      onSubmit={() => {
        if (text !== null && report?.accepted) keep.mutate(given(text, lenient, true));
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={keep.isPending} disabled={!report?.accepted}>
            Keep it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <label className="block">
          <span className="mb-1 block font-[600]">CACAO 2.0 file</span>
          <input
            type="file"
            accept=".json,application/json"
            onChange={(event) => void take(event.target.files?.[0])}
            className="w-full rounded-md border border-edge bg-surface px-3 py-2 file:mr-3 file:rounded-sm file:border file:border-line-strong file:bg-sunken file:px-2.5 file:py-1 file:text-ink"
          />
        </label>
        <Check
          label="Mend what can be mended"
          hint="For files that are nearly CACAO, such as those of the CoSAI framework. Every mend is listed."
          checked={lenient}
          onCheck={(mends) => {
            setLenient(mends);
            if (text !== null) look.mutate(given(text, mends, false));
          }}
        />
        {fault && <Notice tone="ember" title={fault} live />}
        {report && <Report report={report} content={look.data?.content ?? null} name={name} />}
        {report?.accepted && (
          <div className="grid gap-4 phone:grid-cols-2">
            <Select
              label="Kind of failure"
              value={archetype}
              onText={setArchetype}
              options={[NOT_SAID, ...PLAYBOOK_ARCHETYPES.map((value) => ({ value, label: ARCHETYPE_TITLES[value] }))]}
            />
            <Select
              label="Type of system"
              value={systemType}
              onText={setSystemType}
              options={[NOT_SAID, ...SYSTEM_TYPES.map((value) => ({ value, label: value }))]}
            />
          </div>
        )}
        {look.error && <Trouble error={look.error} />}
        {keep.error && <Trouble error={keep.error} />}
      </div>
    </Dialog>
  );
}
