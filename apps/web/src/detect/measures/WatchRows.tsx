import type { MeasureRow } from '@firebreak/contract/detect/measures';
import { type MeasureWatch, watches } from '@firebreak/contract/detect/watches';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { WatchForm } from './WatchForm.tsx';
import { ruleText, STATE_TONES, STATE_WORDS, valueText, wrongText } from './words.ts';

const REFRESHES = ['/api/v1/watches', '/api/v1/alarms'];
const METHODS: Readonly<Record<string, string>> = {
  cusum: 'cumulative sum',
  'e-detector': 'e-detector, while the usual rate is young',
};

function ReasonDialog({
  watch,
  what,
  onClose,
}: {
  watch: MeasureWatch;
  what: 'pause' | 'remove';
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const pause = useAct(watches.pause, { refreshes: REFRESHES, done: onClose });
  const remove = useAct(watches.remove, { refreshes: REFRESHES, done: onClose });
  const doing = what === 'pause' ? pause : remove;
  return (
    <Dialog
      title={what === 'pause' ? `Pause “${watch.name}”?` : `Remove “${watch.name}”?`}
      about={
        what === 'pause'
          ? 'It is shown nothing until somebody resumes it.'
          : 'Its alarms stay. A usual watch does not come back by itself.'
      }
      width="narrow"
      onClose={onClose}
      onSubmit={() => doing.mutate({ params: { watch: watch.id }, body: { reason } })}
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

function WatchLine({ watch, measure, edits }: { watch: MeasureWatch; measure: MeasureRow; edits: boolean }) {
  const [open, setOpen] = useState<'edit' | 'pause' | 'remove' | null>(null);
  const resume = useAct(watches.resume, { refreshes: REFRESHES });
  const close = () => setOpen(null);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600]">{watch.name}</span>
            <Flag tone={STATE_TONES[watch.state]}>{STATE_WORDS[watch.state]}</Flag>
            {watch.pages ? (
              <Flag tone="amber" title="Alone, whatever else is noticed">
                pages
              </Flag>
            ) : (
              <span className="text-xs text-ink-3">supports</span>
            )}
          </p>
          <p className="text-sm text-ink-2">
            Tells when it {ruleText(watch)}
            {watch.feature && ` in ${watch.feature}`}; {wrongText(watch.falseAlarmDays)}.
          </p>
          <p className="text-xs text-ink-3">
            {watch.state === 'learning'
              ? `learning: ${watch.learned} of 200 observations, or 7 days`
              : [
                  watch.usualValue !== null &&
                    watch.rule.kind === 'rate' &&
                    `usual is at ${watch.rule.side === 'up' ? 'most' : 'least'} ${valueText(watch, watch.usualValue)}, from ${watch.learned}`,
                  watch.usualValue !== null &&
                    watch.rule.kind === 'mean' &&
                    `usual ${valueText(watch, watch.usualValue)}`,
                  watch.method && METHODS[watch.method],
                ]
                  .filter(Boolean)
                  .join(' · ')}
            {watch.shownUpTo && (
              <>
                {' '}
                · shown up to <Ago at={watch.shownUpTo} />
              </>
            )}
          </p>
          {watch.paused !== null && <p className="mt-1 text-xs text-ink-2">Paused: {watch.paused}</p>}
          {resume.error && <Trouble error={resume.error} />}
        </div>
        {edits && (
          <div className="flex flex-wrap gap-1.5">
            <Button size="sm" aria-label={`Change ${watch.name}`} onClick={() => setOpen('edit')}>
              Change …
            </Button>
            {watch.paused === null ? (
              <Button size="sm" look="quiet" aria-label={`Pause ${watch.name}`} onClick={() => setOpen('pause')}>
                Pause …
              </Button>
            ) : (
              <Button
                size="sm"
                aria-label={`Resume ${watch.name}`}
                busy={resume.isPending}
                onClick={() => resume.mutate({ params: { watch: watch.id } })}
              >
                Resume
              </Button>
            )}
            <Button size="sm" look="quiet" aria-label={`Remove ${watch.name}`} onClick={() => setOpen('remove')}>
              Remove …
            </Button>
          </div>
        )}
      </div>
      {open === 'edit' && <WatchForm measure={measure} watch={watch} onClose={close} />}
      {(open === 'pause' || open === 'remove') && <ReasonDialog watch={watch} what={open} onClose={close} />}
    </li>
  );
}

export function WatchRows({
  rows,
  measure,
  edits,
}: {
  rows: readonly MeasureWatch[];
  measure: MeasureRow;
  edits: boolean;
}) {
  return rows.length === 0 ? (
    <Empty title="Nobody watches it">
      The usual watches appear by themselves once there are 200 observations or 7 days of them.
    </Empty>
  ) : (
    <Rows label="Watches">
      {rows.map((watch) => (
        <WatchLine key={watch.id} watch={watch} measure={measure} edits={edits} />
      ))}
    </Rows>
  );
}
