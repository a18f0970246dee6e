import { type ProtectedText, protectedTexts } from '@firebreak/contract/detect/protected-texts';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Ago } from '../../ui/Time.tsx';
import { PlantWord } from './PlantWord.tsx';
import { ProtectText } from './ProtectText.tsx';

/** What answers of a system are held against word by word: its instructions, by a planted word, and texts of one's own. */
export function MustNotComeOut({ system, edits }: { system: string; edits: boolean }) {
  const read = useAsk(protectedTexts.list, { query: { system } });
  const [open, setOpen] = useState<'plant' | 'protect' | null>(null);
  const close = () => setOpen(null);
  return (
    <Section
      title="What must not come out"
      aside={
        edits && (
          <span className="flex flex-wrap gap-1.5">
            <Button size="sm" onClick={() => setOpen('plant')}>
              Plant a word …
            </Button>
            <Button size="sm" onClick={() => setOpen('protect')}>
              Protect a text …
            </Button>
          </span>
        )
      }
    >
      <Shown of={read} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No text is protected">
              Answers can be held against a manual, a book or a source file: at least 50 words in a row of it are a
              strong sign. A word planted into the instructions proves that those came out.
            </Empty>
          ) : (
            <Rows label="Protected texts">
              {items.map((text) => (
                <Row key={text.id} text={text} edits={edits} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {open === 'plant' && <PlantWord system={system} onClose={close} />}
      {open === 'protect' && <ProtectText system={system} onClose={close} />}
    </Section>
  );
}

function Row({ text, edits }: { text: ProtectedText; edits: boolean }) {
  const remove = useAct(protectedTexts.remove, { refreshes: ['/api/v1/protected-texts'] });
  const [sure, setSure] = useState(false);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-[600] break-words">{text.name}</p>
        <p className="text-xs text-ink-3">
          {text.prints} digests of its words, kept <Ago at={text.keptAt} />
        </p>
        {remove.error && <Trouble error={remove.error} />}
      </div>
      {edits &&
        (sure ? (
          <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-2">
            Answers are held against it no more.
            <Button
              size="sm"
              look="strong"
              busy={remove.isPending}
              onClick={() => remove.mutate({ params: { text: text.id } })}
            >
              Remove it
            </Button>
            <Button size="sm" onClick={() => setSure(false)}>
              Keep it
            </Button>
          </span>
        ) : (
          <Button size="sm" look="quiet" aria-label={`Remove ${text.name}`} onClick={() => setSure(true)}>
            Remove …
          </Button>
        ))}
    </li>
  );
}
