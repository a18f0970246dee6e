import { signals } from '@firebreak/contract/detect/signals';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Snippet } from '../../app/start/Snippet.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';

/** A line for the instructions whose word nobody else can know. */
export function PlantWord({ system, onClose }: { system: string; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [prompt, setPrompt] = useState('');
  const read = useAsk(
    signals.plantedWord,
    { params: { system }, query: prompt === '' ? {} : { prompt } },
    { placeholder: (before) => before },
  );
  return (
    <Dialog
      title="Plant a word into the instructions"
      about="An answer that holds it, also backwards, encoded or with signs between its letters, proves that the instructions came out."
      onClose={onClose}
      onSubmit={() => setPrompt(typed.trim())}
      footer={
        <Button look="strong" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="grid gap-4">
        <div className="flex flex-wrap items-start gap-2">
          <div className="min-w-0 flex-1 basis-48">
            <Input
              label="Version of the prompt"
              optional
              hint="Each version has a word of its own, and so tells which one came out."
              value={typed}
              onText={setTyped}
              maxLength={120}
            />
          </div>
          <Button type="submit" className="phone:mt-6">
            Show its word
          </Button>
        </div>
        <Shown of={read} lines={2}>
          {({ line }) => (
            <Snippet
              heading="h3"
              title={prompt === '' ? 'For whatever version' : `For version ${prompt}`}
              does="Put this line anywhere into the instructions. It is made from a secret of this installation and is the same whenever you ask."
              text={line}
            />
          )}
        </Shown>
      </div>
    </Dialog>
  );
}
