import { type Moderator, moderation } from '@firebreak/contract/detect/moderation';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { ModeratorForm } from './ModeratorForm.tsx';
import { OpinionRows } from './OpinionRows.tsx';
import { KIND_WORDS, SIDE_WORDS, SILENT_WORDS, sayDay, sayPrecision, standingOf } from './words.ts';

const REFRESHES = ['/api/v1/moderators'];

function ReasonDialog({
  moderator,
  what,
  onClose,
}: {
  moderator: Moderator;
  what: 'pause' | 'remove';
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const pause = useAct(moderation.pause, { refreshes: REFRESHES, done: onClose });
  const remove = useAct(moderation.remove, { refreshes: REFRESHES, done: onClose });
  const doing = what === 'pause' ? pause : remove;
  return (
    <Dialog
      title={what === 'pause' ? `Pause ${moderator.name}?` : `Remove ${moderator.name}?`}
      about={
        what === 'pause'
          ? 'It is asked nothing until somebody resumes it. What comes in meanwhile is read by the local detectors alone.'
          : 'It leaves the list, and its key is forgotten. What it raised stays, with its record.'
      }
      width="narrow"
      onClose={onClose}
      onSubmit={() => doing.mutate({ params: { moderator: moderator.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={doing.isPending} disabled={reason.trim() === ''}>
            {what === 'pause' ? 'Pause it' : 'Remove it'}
          </Button>
        </>
      }
    >
      <TextArea label="Why" value={reason} onText={setReason} rows={2} maxLength={500} />
      {doing.error && <Trouble error={doing.error} />}
    </Dialog>
  );
}

function Reads({ moderator }: { moderator: Moderator }) {
  const { systems, side, share } = moderator;
  return (
    <p className="text-sm break-words text-ink-2">
      {SIDE_WORDS[side]} of {share < 1 && `${Number((share * 100).toPrecision(2))} % of `}
      {systems.length === 0
        ? 'every AI system'
        : systems.map((key, i) => (
            <Fragment key={key}>
              {i > 0 && ', '}
              <Link to="/systems/$system" params={{ system: key }} className="prose-link">
                {key}
              </Link>
            </Fragment>
          ))}
      . Its word is {moderator.trust}.
    </p>
  );
}

function ModeratorRow({ moderator, edits }: { moderator: Moderator; edits: boolean }) {
  const [open, setOpen] = useState<'edit' | 'pause' | 'remove' | null>(null);
  const [seen, setSeen] = useState(false);
  const resume = useAct(moderation.resume, { refreshes: REFRESHES });
  const standing = standingOf(moderator);
  const close = () => setOpen(null);
  const { name, silent } = moderator;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600]">{name}</span>
            <Flag tone={standing.tone}>{standing.word}</Flag>
            {name !== KIND_WORDS[moderator.kind] && (
              <span className="text-xs text-ink-3">{KIND_WORDS[moderator.kind]}</span>
            )}
          </p>
          <Reads moderator={moderator} />
          <p className="mt-1 text-xs text-ink-3">{sayDay(moderator.lastDay, moderator.waiting)}</p>
          <p className="mt-1 text-xs text-ink-3">{sayPrecision(moderator.precision)}</p>
          {moderator.paused !== null && <p className="mt-1 text-xs text-ink-2">Paused: {moderator.paused}</p>}
          {moderator.paused === null && silent !== null && (
            <p className="mt-1 text-sm break-words">
              Silent since <Ago at={silent.at} />: {silent.why}.{' '}
              <span className="text-xs text-ink-3">
                It is asked again by and by. No opinion is not the same as clean.{' '}
                {SILENT_WORDS[moderator.whenSilent].says}
              </span>
            </p>
          )}
          {resume.error && <Trouble error={resume.error} />}
        </div>
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" aria-expanded={seen} onClick={() => setSeen(!seen)}>
            What it said<span className="sr-only"> ({name})</span>
          </Button>
          {edits && (
            <>
              <Button size="sm" aria-label={`Change ${name}`} onClick={() => setOpen('edit')}>
                Change …
              </Button>
              {moderator.paused === null ? (
                <Button size="sm" look="quiet" aria-label={`Pause ${name}`} onClick={() => setOpen('pause')}>
                  Pause …
                </Button>
              ) : (
                <Button
                  size="sm"
                  aria-label={`Resume ${name}`}
                  busy={resume.isPending}
                  onClick={() => resume.mutate({ params: { moderator: moderator.id } })}
                >
                  Resume
                </Button>
              )}
              <Button size="sm" look="quiet" aria-label={`Remove ${name}`} onClick={() => setOpen('remove')}>
                Remove …
              </Button>
            </>
          )}
        </div>
      </div>
      {seen && <OpinionRows moderator={moderator} />}
      {open === 'edit' && <ModeratorForm moderator={moderator} onClose={close} />}
      {(open === 'pause' || open === 'remove') && <ReasonDialog moderator={moderator} what={open} onClose={close} />}
    </li>
  );
}

/** Moderation models of others: who is asked about what, how that goes, and how often their flags were right. */
export function ModeratorsPage() {
  const asked = useAsk(moderation.list, {}, { every: 15_000 });
  const edits = useMay('monitor.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Moderators"
      lead="Models that are asked for a second opinion on what your systems said. They never page alone."
      actions={edits && <Button onClick={() => setAdding(true)}>Ask a model</Button>}
    >
      <Shown of={asked}>
        {({ moderators }) =>
          moderators.length === 0 ? (
            <Empty
              title="No model is asked"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    Ask the first model
                  </Button>
                )
              }
            >
              The local detectors read every interaction as it is. A moderation model adds what they cannot judge:
              abuse, self-harm, harm in other words. It works beside the traffic, and when it hangs, nothing waits for
              it.
            </Empty>
          ) : (
            <Rows label="Moderators">
              {moderators.map((moderator) => (
                <ModeratorRow key={moderator.id} moderator={moderator} edits={edits} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {adding && <ModeratorForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
