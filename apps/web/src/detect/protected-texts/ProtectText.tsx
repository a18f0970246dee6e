import { protectedTexts } from '@firebreak/contract/detect/protected-texts';
import { TEXT_LIMIT } from '@firebreak/core/detect/protected-texts';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';

/** Takes a text by hand or out of a file; only digests of it are kept. */
export function ProtectText({ system, onClose }: { system: string; onClose: () => void }) {
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const keep = useAct(protectedTexts.keep, { refreshes: ['/api/v1/protected-texts'], done: onClose });
  const over = text.length - TEXT_LIMIT;
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setText(await file.slice(0, 4 * TEXT_LIMIT + 1).text());
    if (name === '') setName(file.name.slice(0, 120));
  };
  return (
    <Dialog
      title="Protect a text"
      about="Kept are digests of stretches of 25 words, and none of the words. An answer with 50 of its words in a row is a strong sign, unless the person had sent them."
      onClose={onClose}
      onSubmit={() => keep.mutate({ body: { system, name, text } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={keep.isPending}
            disabled={name.trim() === '' || text === '' || over > 0}
          >
            Protect it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Name"
          hint="As a page would name it: The manual"
          value={name}
          onText={setName}
          maxLength={120}
          required
        />
        <div className="min-w-0">
          <label htmlFor="protect-file" className="mb-1 block text-sm font-[600]">
            A text file<span className="font-normal text-ink-3"> · optional</span>
          </label>
          <input
            id="protect-file"
            type="file"
            accept="text/*,.md,.txt,.csv,.json"
            className="w-full rounded-md border border-edge bg-surface px-3 py-2 text-sm"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </div>
        <TextArea
          label="Text"
          hint={`About 80 words at least, ${TEXT_LIMIT.toLocaleString('en')} characters at most. Longer ones go in parts.`}
          error={over > 0 ? `${over.toLocaleString('en')} characters too many: protect it in parts.` : undefined}
          value={text}
          onText={setText}
          required
        />
        {keep.error && <Trouble error={keep.error} />}
      </div>
    </Dialog>
  );
}
