import { warRoom } from '@firebreak/contract/respond/war-room';
import { useEffect, useId, useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { NOTE } from '../../app/note.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { serverNow } from '../../ui/clock.ts';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Check, Input, TextArea } from '../../ui/Field.tsx';
import { useRoom } from './room-context.tsx';

/** Writes a note or a decision. When it happened may differ from when it is recorded; both are kept. */
export function Composer({ earlier, onEarlier }: { earlier: string | null; onEarlier: (at: string | null) => void }) {
  const { incident } = useRoom();
  const writes = useMay('room.write');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [decision, setDecision] = useState(false);
  const [open, setOpen] = useState(false);
  const hintId = useId();
  useEffect(() => {
    if (location.hash === `#${NOTE}`) document.getElementById(NOTE)?.focus();
  }, []);
  const clear = (): void => {
    setText('');
    setReason('');
    setDecision(false);
    setOpen(false);
    onEarlier(null);
  };
  const note = useAct(warRoom.note, { done: clear });
  const decide = useAct(warRoom.decide, { done: clear });
  const doing = decision ? decide : note;
  const write = (): void => {
    if (text.trim() === '' || doing.isPending) return;
    const occurredAt = earlier === null ? null : fromLocalInput(earlier);
    const when = occurredAt ? { occurredAt } : {};
    if (decision) decide.mutate({ params: { incident: incident.id }, body: { text, reason, ...when } });
    else note.mutate({ params: { incident: incident.id }, body: { text, ...when } });
  };
  if (!writes)
    return (
      <p className="mb-4 text-xs text-ink-3">
        You can read this room. Writing needs the role responder, lead or counsel.
      </p>
    );
  const expanded = open || text !== '' || earlier !== null;
  return (
    <form
      className="mb-4 rounded-md border border-edge bg-surface focus-within:border-ink"
      onSubmit={(event) => {
        event.preventDefault();
        write();
      }}
    >
      <label htmlFor={NOTE} className="sr-only">
        {decision ? 'What was decided' : 'Note'}
      </label>
      <textarea
        id={NOTE}
        rows={expanded ? 3 : 1}
        value={text}
        aria-describedby={hintId}
        placeholder={decision ? 'What was decided …' : 'Note what you see, decide or try …'}
        onFocus={() => setOpen(true)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            write();
          }
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        className="block w-full resize-none bg-transparent px-3 py-2.5 text-base outline-none placeholder:text-ink-3 phone:text-sm"
      />
      {expanded && (
        <div className="border-t border-line px-3 py-2.5">
          <div className="flex flex-wrap items-center gap-x-5">
            <Check label="A decision" checked={decision} onCheck={setDecision} />
            <Check
              label="It happened earlier"
              checked={earlier !== null}
              onCheck={(on) => onEarlier(on ? toLocalInput(new Date(serverNow() - 10 * 60_000).toISOString()) : null)}
            />
            <div className="ml-auto flex items-center gap-2">
              <span id={hintId} className="text-2xs text-ink-3 max-phone:hidden">
                Ctrl Enter writes
              </span>
              <Button size="sm" look="quiet" onClick={clear}>
                Cancel
              </Button>
              <Button size="sm" look="strong" type="submit" busy={doing.isPending} disabled={text.trim() === ''}>
                {decision ? 'Record the decision' : 'Write'}
              </Button>
            </div>
          </div>
          {decision && (
            <div className="mt-2">
              <TextArea label="Because" optional rows={2} value={reason} onText={setReason} />
            </div>
          )}
          {earlier !== null && (
            <div className="mt-2 max-w-xs">
              <Input
                label="When it happened"
                type="datetime-local"
                step={1}
                value={earlier}
                onText={onEarlier}
                hint="In your time zone. That it is written down now is recorded too."
                error={doing.error ? tell(doing.error).fields.occurredAt : undefined}
              />
            </div>
          )}
          {doing.error && (
            <div className="mt-2">
              <Trouble error={doing.error} />
            </div>
          )}
        </div>
      )}
    </form>
  );
}
