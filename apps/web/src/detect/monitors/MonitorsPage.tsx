import { type Monitor, monitors } from '@firebreak/contract/detect/monitors';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
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
import { JudgedRows } from './JudgedRows.tsx';
import { MonitorForm } from './MonitorForm.tsx';
import { KIND_WORDS, sayWords, standingOf } from './words.ts';

const REFRESHES = ['/api/v1/monitors', '/api/v1/coverage'];

function Seen({ monitor }: { monitor: Monitor }) {
  const [chosen, setChosen] = useState<'kept' | 'dropped' | null>(null);
  const show = chosen ?? (monitor.kept > 0 ? 'kept' : 'dropped');
  const seen = useAsk(monitors.items, { params: { monitor: monitor.id }, query: { show, limit: 30 } });
  return (
    <div className="mt-2">
      <div className="mb-2 flex gap-1.5">
        {(['kept', 'dropped'] as const).map((which) => (
          <Button
            key={which}
            size="sm"
            look={show === which ? 'plain' : 'quiet'}
            aria-pressed={show === which}
            onClick={() => setChosen(which)}
          >
            {which === 'kept' ? `${monitor.kept} kept` : `${monitor.dropped} dropped`}
          </Button>
        ))}
      </div>
      <Shown of={seen} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-xs text-ink-3">Nothing {show} so far.</p>
          ) : (
            <JudgedRows items={items} label={`${monitor.name}: ${show}`} />
          )
        }
      </Shown>
    </div>
  );
}

function ReasonDialog({ monitor, what, onClose }: { monitor: Monitor; what: 'pause' | 'remove'; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const pause = useAct(monitors.pause, { refreshes: REFRESHES, done: onClose });
  const remove = useAct(monitors.remove, { refreshes: REFRESHES, done: onClose });
  const doing = what === 'pause' ? pause : remove;
  return (
    <Dialog
      title={what === 'pause' ? `Pause ${monitor.name}?` : `Remove ${monitor.name}?`}
      about={
        what === 'pause'
          ? 'It looks no more until somebody resumes it. Nobody hears what is said meanwhile.'
          : 'It leaves the list. What it raised stays, with its record.'
      }
      width="narrow"
      onClose={onClose}
      onSubmit={() => doing.mutate({ params: { monitor: monitor.id }, body: { reason } })}
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

function MonitorRow({ monitor, edits }: { monitor: Monitor; edits: boolean }) {
  const [open, setOpen] = useState<'edit' | 'pause' | 'remove' | null>(null);
  const [seen, setSeen] = useState(false);
  const resume = useAct(monitors.resume, { refreshes: REFRESHES });
  const standing = standingOf(monitor);
  const close = () => setOpen(null);
  const { name } = monitor;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600]">{name}</span>
            <Flag tone={standing.tone}>{standing.word}</Flag>
            <span className="text-xs text-ink-3">{KIND_WORDS[monitor.kind]}</span>
          </p>
          <p className="text-sm break-words text-ink-2">Looks for {sayWords(monitor.keywords)}</p>
          <p className="text-xs break-words text-ink-3">
            {monitor.vendor !== null && `about ${monitor.vendorName ?? 'a vendor that is gone'} and what depends on it`}
            {monitor.vendor !== null && monitor.system !== null && ' · '}
            {monitor.system !== null && (
              <>
                about{' '}
                <Link to="/systems/$system" params={{ system: monitor.system }} className="prose-link">
                  {monitor.system}
                </Link>
                {monitor.toldTo === null ? ' · nobody is told' : ` · tells ${monitor.toldTo}`}
              </>
            )}
          </p>
          <p className="mt-1 text-xs text-ink-3">
            {monitor.lookedAt === null ? (
              'has not looked yet'
            ) : (
              <>
                looked <Ago at={monitor.lookedAt} />
              </>
            )}
            {monitor.nextAt && monitor.lookedAt && (
              <>
                {' '}
                · looks again <Ago at={monitor.nextAt} />
              </>
            )}
            {` · every ${monitor.everyMinutes} min`}
            {monitor.pages && ' · pages alone'}
          </p>
          {monitor.paused !== null && <p className="mt-1 text-xs text-ink-2">Paused: {monitor.paused}</p>}
          {monitor.paused === null && monitor.fault !== null && (
            <p className="mt-1 text-sm break-words">
              {monitor.fault}{' '}
              <span className="text-xs text-ink-3">
                {monitor.failures === 1 ? 'Once' : `${monitor.failures} times`} in a row; it looks less often meanwhile.
                {monitor.silent && ' Nothing is heard from here: that is not the same as no news.'}
              </span>
            </p>
          )}
          {resume.error && <Trouble error={resume.error} />}
        </div>
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" aria-expanded={seen} onClick={() => setSeen(!seen)}>
            {monitor.kept} kept, {monitor.dropped} dropped<span className="sr-only"> by {name}</span>
          </Button>
          {edits && (
            <>
              <Button size="sm" aria-label={`Change ${name}`} onClick={() => setOpen('edit')}>
                Change …
              </Button>
              {monitor.paused === null ? (
                <Button size="sm" look="quiet" aria-label={`Pause ${name}`} onClick={() => setOpen('pause')}>
                  Pause …
                </Button>
              ) : (
                <Button
                  size="sm"
                  aria-label={`Resume ${name}`}
                  busy={resume.isPending}
                  onClick={() => resume.mutate({ params: { monitor: monitor.id } })}
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
      {seen && <Seen monitor={monitor} />}
      {open === 'edit' && <MonitorForm monitor={monitor} onClose={close} />}
      {(open === 'pause' || open === 'remove') && <ReasonDialog monitor={monitor} what={open} onClose={close} />}
    </li>
  );
}

/** What is watched outside: who listens, how the last looks went, what was kept, and why the rest was dropped. */
export function MonitorsPage() {
  const asked = useAsk(monitors.list, { query: {} }, { every: 15_000 });
  const edits = useMay('monitor.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Monitors"
      lead="What is said about your systems outside, and what vendors say about theirs."
      actions={edits && <Button onClick={() => setAdding(true)}>Watch a source</Button>}
    >
      <Shown of={asked}>
        {({ monitors: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="Nobody listens outside"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    Watch the first source
                  </Button>
                )
              }
            >
              Many failures are first told by strangers: a post, an article, a vendor’s status page. A monitor looks
              every few minutes, keeps what names your product beside a failure, and says why it dropped the rest.
            </Empty>
          ) : (
            <Rows label="Monitors">
              {rows.map((monitor) => (
                <MonitorRow key={monitor.id} monitor={monitor} edits={edits} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {adding && <MonitorForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
