import { probes } from '@firebreak/contract/detect/probes';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { REFRESHES } from '../evals/index.ts';
import { sayScore } from './words.ts';

/** Results of promptfoo or garak, read in as a run of their own. */
export function ImportReport({ suite, onClose }: { suite: `evs_${string}`; onClose: () => void }) {
  const [file, setFile] = useState<{ readonly name: string; readonly text: string } | null>(null);
  const [prompt, setPrompt] = useState('');
  const [model, setModel] = useState('');
  const send = useAct(probes.importReport, { refreshes: REFRESHES });
  const done = send.data;
  const said = prompt.trim() !== '' || model.trim() !== '';
  return (
    <Dialog
      title="Results of another tool"
      about="Of promptfoo: results.json. Of garak: the report or the hit log, .jsonl."
      onClose={onClose}
      onSubmit={() =>
        file &&
        send.mutate({
          params: { suite },
          body: {
            text: file.text,
            ...(said && {
              versions: {
                ...(prompt.trim() && { prompt: prompt.trim() }),
                ...(model.trim() && { model: model.trim() }),
              },
            }),
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>{done ? 'Close' : 'Cancel'}</Button>
          <Button type="submit" look="strong" busy={send.isPending} disabled={file === null}>
            Read it in
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <label className="block text-sm">
          <span className="mb-1 block font-[600]">File</span>
          <input
            type="file"
            accept=".json,.jsonl,application/json"
            className="max-w-full text-sm"
            onChange={async (event) => {
              const chosen = event.target.files?.[0];
              setFile(chosen ? { name: chosen.name, text: await chosen.text() } : null);
            }}
          />
        </label>
        <div className="grid gap-4 phone:grid-cols-2">
          <Input
            label="Prompt version"
            optional
            hint="What was probed. Left out: what is recorded."
            value={prompt}
            onText={setPrompt}
            maxLength={200}
          />
          <Input label="Model version" optional value={model} onText={setModel} maxLength={200} />
        </div>
        {send.error && (
          <>
            <Trouble error={send.error} />
            {tell(send.error).code === 'request.too-large' && <p className="text-sm">Files up to 16 MiB are taken.</p>}
          </>
        )}
        {done && (
          <Notice tone="moss" title={done.again ? 'This file was read in before' : 'It is read in'} live>
            <p>{sayScore(done.run.probed)}</p>
            {done.notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
            <Link to="/eval-runs/$run" params={{ run: done.run.id }} className="prose-link">
              Every attack
            </Link>
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
