import { type Action, actionAudit } from '@firebreak/contract/respond/action-audit';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select, TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { OUTCOME_WORDS, REVERSAL_WORDS, SETTLED_WORDS, sayUndo, waits } from './words.ts';

type Show = 'all' | 'open' | 'outside' | 'irreversible' | 'refused';
const SHOWS: readonly { readonly value: Show; readonly label: string }[] = [
  { value: 'open', label: 'that wait for an answer' },
  { value: 'all', label: 'all calls' },
  { value: 'outside', label: 'beyond what was granted' },
  { value: 'irreversible', label: 'that cannot be undone' },
  { value: 'refused', label: 'that were refused' },
];
const PAGE = 50;
const REFRESHES = ['/api/v1/incidents'];

/** What agents did since it began, and who answers for each of it. */
export function ActionAudit({ incident }: { incident: string }) {
  const writes = useMay('room.write');
  const [show, setShow] = useState<Show>('open');
  const [after, setAfter] = useState<string | undefined>();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [settling, setSettling] = useState(false);
  const asked = useAsk(
    actionAudit.list,
    { params: { incident }, query: { show, limit: PAGE, ...(after !== undefined && { after }) } },
    { every: 10_000, placeholder: (before) => before },
  );
  const look = useAct(actionAudit.look, { refreshes: REFRESHES });
  const pick = (call: string) => {
    const next = new Set(picked);
    if (!next.delete(call)) next.add(call);
    setPicked(next);
  };
  return (
    <Section
      title="What agents did"
      id="actions"
      aside={
        writes && (
          <Button size="sm" busy={look.isPending} onClick={() => look.mutate({ params: { incident }, body: {} })}>
            Look again
          </Button>
        )
      }
    >
      {look.error && <Trouble error={look.error} />}
      <Shown of={asked} lines={3}>
        {({ counts, looked, actions, next }) =>
          looked === null || counts.calls === 0 ? (
            <Empty title={looked === null ? 'Nobody has looked yet' : 'No call of a tool is on record'}>
              Every call of a tool since it began, in or out of what was granted, and how it is undone. It is looked for
              by itself after a revocation.
            </Empty>
          ) : (
            <>
              <p className="mb-2 text-ink-2">
                <b className="text-ink">
                  {counts.open === 0 ? 'Everything is answered for.' : `${counts.open} wait for an answer.`}
                </b>{' '}
                {counts.calls} calls since <Time at={looked.since} />: {counts.executed} executed, {counts.failed}{' '}
                failed, {counts.uncertain} not known, {counts.refused} refused; {counts.outside} beyond what was
                granted. Of those that may have done something, {counts.reversible} can be undone, {counts.irreversible}{' '}
                cannot, of {counts.unknown} it is not known.
                {looked.more && ' There were more than could be read; say a later beginning or an agent.'}{' '}
                <span className="text-xs text-ink-3">
                  Looked <Ago at={looked.at} />
                </span>
              </p>
              <div className="mb-2 flex flex-wrap items-end gap-2">
                <div className="min-w-0 flex-1 basis-48">
                  <Select
                    label="Calls"
                    value={show}
                    onText={(value) => {
                      setShow(value as Show);
                      setAfter(undefined);
                      setPicked(new Set());
                    }}
                    options={SHOWS}
                  />
                </div>
                {writes && (
                  <Button look="strong" size="sm" disabled={picked.size === 0} onClick={() => setSettling(true)}>
                    {picked.size === 0 ? 'Answer …' : `Answer for ${picked.size} …`}
                  </Button>
                )}
              </div>
              {actions.length === 0 ? (
                <Empty title="None of this kind" />
              ) : (
                <Rows label="Calls of agents">
                  {actions.map((action) => (
                    <ActionRow
                      key={action.call}
                      action={action}
                      {...(writes &&
                        waits(action) && { picked: picked.has(action.call), onPick: () => pick(action.call) })}
                    />
                  ))}
                </Rows>
              )}
              {(next !== null || after !== undefined) && (
                <div className="mt-2 flex gap-2">
                  {after !== undefined && (
                    <Button size="sm" look="quiet" onClick={() => setAfter(undefined)}>
                      From the first
                    </Button>
                  )}
                  {next !== null && (
                    <Button size="sm" onClick={() => setAfter(next)}>
                      Next {PAGE}
                    </Button>
                  )}
                </div>
              )}
            </>
          )
        }
      </Shown>
      {settling && (
        <SettleDialog
          incident={incident}
          calls={[...picked]}
          onClose={() => setSettling(false)}
          onDone={() => {
            setSettling(false);
            setPicked(new Set());
          }}
        />
      )}
    </Section>
  );
}

function ActionRow({ action, picked, onPick }: { action: Action; picked?: boolean; onPick?: () => void }) {
  const nameOf = useNames();
  const outcome = OUTCOME_WORDS[action.outcome];
  const reversal = REVERSAL_WORDS[action.reversal];
  const undo = sayUndo(action);
  const { settled } = action;
  return (
    <li className="flex items-start gap-3 px-4 py-2">
      {onPick && (
        <input
          type="checkbox"
          className="mt-1 size-4 shrink-0 accent-current"
          aria-label={`${action.tool} at ${action.at}`}
          checked={picked ?? false}
          onChange={onPick}
        />
      )}
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <b className="min-w-0 font-[640] break-words">{action.tool}</b>
          <Flag tone={outcome.tone}>{outcome.says}</Flag>
          {action.outcome !== 'refused' && <Flag tone={reversal.tone}>{reversal.says}</Flag>}
          {action.permission === 'outside' && <Flag tone="ember">beyond what was granted</Flag>}
        </p>
        <p className="text-xs text-ink-3">
          <Time at={action.at} /> · {action.agent ?? 'agent not named'} · {action.system}
          {action.server !== null && ` · ${action.server}`}
        </p>
        {action.arguments !== null && action.arguments !== '{}' && (
          <p className="mt-0.5 font-mono text-xs break-all text-ink-2">{action.arguments}</p>
        )}
        {action.why !== null && <p className="mt-0.5 text-xs text-ink-2">{action.why}</p>}
        {action.error !== null && <p className="mt-0.5 text-xs text-ink-2">It said: {action.error}</p>}
        {undo !== undefined && action.outcome !== 'refused' && (
          <p className="mt-0.5 text-xs text-ink">
            <b>To undo it:</b> {undo}
          </p>
        )}
        {settled !== null && (
          <p className="mt-0.5 text-xs text-ink-2">
            {SETTLED_WORDS[settled.as]}, says {nameOf(settled.by)}: “{settled.note}”
          </p>
        )}
      </div>
    </li>
  );
}

function SettleDialog({
  incident,
  calls,
  onClose,
  onDone,
}: {
  incident: string;
  calls: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const [as, setAs] = useState<keyof typeof SETTLED_WORDS>('undone');
  const [note, setNote] = useState('');
  const settle = useAct(actionAudit.settle, { refreshes: REFRESHES, done: onDone });
  return (
    <Dialog
      about="Who answered, and how they know, stays in the record."
      title={calls.length === 1 ? 'Answer for one call' : `Answer for ${calls.length} calls`}
      onClose={onClose}
      onSubmit={() => settle.mutate({ params: { incident }, body: { calls: [...calls], as, note } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={settle.isPending} disabled={note.trim() === ''}>
            Say so
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="What became of it"
          value={as}
          onText={(value) => setAs(value as keyof typeof SETTLED_WORDS)}
          options={Object.entries(SETTLED_WORDS).map(([value, label]) => ({ value, label }))}
        />
        <TextArea label="How you know, or why" value={note} onText={setNote} required />
        {settle.error && <Trouble error={settle.error} />}
      </div>
    </Dialog>
  );
}
