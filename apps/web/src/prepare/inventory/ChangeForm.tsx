import { changes } from '@firebreak/contract/prepare/changes';
import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { CHANGE_KINDS, type ChangeKind } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { serverNow } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { CHANGE_WORDS } from './words.ts';

const VERSIONED: readonly ChangeKind[] = ['model', 'prompt', 'index', 'tool'];
const some = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Records one change by hand, of any kind. */
export function ChangeForm({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [kind, setKind] = useState<ChangeKind>('config');
  const [subject, setSubject] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [deployment, setDeployment] = useState('');
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const [at, setAt] = useState(() => toLocalInput(new Date(serverNow()).toISOString()));
  const record = useAct(changes.report, { refreshes: ['/api/v1/systems'], done: onClose });
  const versioned = VERSIONED.includes(kind);
  return (
    <Dialog
      title="Record a change"
      about={`On ${system.name}. A pipeline or a webhook can do this by itself; see the guide.`}
      onClose={onClose}
      onSubmit={() => {
        const occurredAt = fromLocalInput(at);
        record.mutate({
          body: {
            system: system.key,
            kind,
            subject,
            from: some(from),
            to: some(to),
            deployment: versioned ? some(deployment) : null,
            text: kind === 'prompt' && text !== '' ? text : null,
            note,
            source: 'hand',
            ...(occurredAt && { occurredAt }),
          },
        });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={record.isPending}>
            Record
          </Button>
        </>
      }
    >
      <div className="grid gap-4 phone:grid-cols-2">
        <Select
          label="What changed"
          value={kind}
          onText={(value) => setKind(value as ChangeKind)}
          options={CHANGE_KINDS.map((each) => ({ value: each, label: CHANGE_WORDS[each] }))}
        />
        <Input
          label="Which"
          optional
          hint="The name of the prompt, tool, setting."
          value={subject}
          onText={setSubject}
        />
        <Input label="From" optional value={from} onText={setFrom} />
        <Input label="To" optional value={to} onText={setTo} />
        <Input label="Happened at" type="datetime-local" step={1} value={at} onText={setAt} hint="In your time zone." />
        {versioned && (
          <Input
            label="Live on"
            optional
            hint="The deployment that runs it from now on."
            value={deployment}
            onText={setDeployment}
            placeholder={system.deployments[0]?.name}
          />
        )}
        {kind === 'prompt' && (
          <div className="phone:col-span-2">
            <TextArea
              label="The prompt as it now is"
              optional
              hint="With the text before it, the difference can be shown."
              rows={5}
              maxLength={20_000}
              value={text}
              onText={setText}
            />
          </div>
        )}
        <div className="phone:col-span-2">
          <Input label="Note" optional hint="Why, or where the change is described." value={note} onText={setNote} />
        </div>
        {record.error && (
          <div className="phone:col-span-2">
            <Trouble error={record.error} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
