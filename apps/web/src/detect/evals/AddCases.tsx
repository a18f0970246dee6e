import { evals } from '@firebreak/contract/detect/evals';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { CaseForm } from './CaseForm.tsx';
import { type FileOfCases, readFileOfCases } from './eval-file.ts';
import { REFRESHES } from './refreshes.ts';

/** Cases of a file: shown first, kept when asked. */
export function ImportDialog({ suite, onClose }: { suite: `evs_${string}`; onClose: () => void }) {
  const [text, setText] = useState('');
  const [read, setRead] = useState<FileOfCases | string | null>(null);
  const keep = useAct(evals.keepCases, { refreshes: REFRESHES, done: onClose });
  const file = read !== null && typeof read !== 'string' ? read : null;
  const look = async (given: string): Promise<void> => {
    setText(given);
    setRead(given.trim() === '' ? null : await readFileOfCases(given));
  };
  return (
    <Dialog
      title="Cases of a file"
      about="YAML or JSON with a list under “cases”, or a promptfoo configuration with its tests."
      width="wide"
      onClose={onClose}
      onSubmit={() => file && keep.mutate({ params: { suite }, body: { cases: [...file.cases] } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={keep.isPending} disabled={file === null}>
            {file === null ? 'Keep them' : `Keep ${file.cases.length} ${file.cases.length === 1 ? 'case' : 'cases'}`}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <label className="block text-sm">
          <span className="mb-1 block font-[600]">File</span>
          <input
            type="file"
            accept=".yaml,.yml,.json,application/json,application/yaml"
            className="max-w-full text-sm"
            onChange={async (event) => {
              const chosen = event.target.files?.[0];
              if (chosen) await look(await chosen.text());
            }}
          />
        </label>
        <TextArea
          label="Or paste it"
          optional
          value={text}
          onText={(given) => void look(given)}
          rows={6}
          className="font-mono text-xs"
        />
        {typeof read === 'string' && (
          <Notice tone="amber" title="It cannot be read" live>
            {read}
          </Notice>
        )}
        {file !== null && (
          <div role="status">
            <p className="font-[600]">
              {file.cases.length} {file.cases.length === 1 ? 'case' : 'cases'}
            </p>
            {file.notes.map((note) => (
              <p key={note} className="text-sm text-ink-2">
                {note}
              </p>
            ))}
            <ul className="mt-2 max-h-48 overflow-y-auto text-sm text-ink-2">
              {file.cases.slice(0, 100).map((each) => (
                <li key={each.id} className="truncate">
                  {each.title || each.input.at(-1)!.content}
                </li>
              ))}
            </ul>
          </div>
        )}
        {keep.error && <Trouble error={keep.error} />}
      </div>
    </Dialog>
  );
}

/** A case of something that was really asked: found by the id of the interaction, completed by a person. */
export function DraftDialog({ suite, onClose }: { suite: `evs_${string}`; onClose: () => void }) {
  const [named, setNamed] = useState('');
  const [wanted, setWanted] = useState('');
  const draft = useAsk(evals.draft, { query: { interaction: wanted || '-' } }, { enabled: wanted !== '' });
  if (draft.data && wanted !== '')
    return <CaseForm suite={suite} given={draft.data.case} answered={draft.data.answered} onClose={onClose} />;
  return (
    <Dialog
      title="A case of an interaction"
      about="What somebody asked becomes a question of the set. You say what is right."
      width="narrow"
      onClose={onClose}
      onSubmit={() => setWanted(named.trim())}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={draft.isFetching} disabled={named.trim() === ''}>
            Look it up
          </Button>
        </>
      }
    >
      <Input
        label="Id of the interaction"
        hint="Ours, or the one the application gave."
        value={named}
        onText={setNamed}
        maxLength={200}
      />
      {draft.error && wanted !== '' && <Trouble error={draft.error} />}
    </Dialog>
  );
}
