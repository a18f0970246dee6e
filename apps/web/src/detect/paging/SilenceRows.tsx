import { paging, type SilenceRow } from '@firebreak/contract/detect/paging';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { SilenceChange } from './SilenceForm.tsx';
import { signalsLine, silenceLine } from './words.ts';

function Held({ silence }: { silence: SilenceRow }) {
  const read = useAsk(paging.silencedSignals, { params: { silence: silence.id } });
  return (
    <Shown of={read} lines={2}>
      {({ signals }) =>
        signals.length === 0 ? (
          <p className="mt-2 text-xs text-ink-3">None is kept any more.</p>
        ) : (
          <ul className="mt-2 grid gap-1.5 rounded-md bg-sunken px-3 py-2 text-xs">
            {signals.map(({ signal, candidate }) => (
              <li key={signal.id} className="grid grid-cols-[3.6rem_minmax(0,1fr)] gap-2">
                <Time at={signal.receivedAt} className="text-ink-3" />
                <span className="break-words">
                  {signal.text}{' '}
                  {candidate && (
                    <Link to="/candidates/$candidate" params={{ candidate }} className="prose-link">
                      Its candidate
                    </Link>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Shown>
  );
}

function Row({ silence, judges }: { silence: SilenceRow; judges: boolean }) {
  const nameOf = useNames();
  const [open, setOpen] = useState<'extend' | 'end' | null>(null);
  const [held, setHeld] = useState(false);
  const { over } = silence;
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-[600] break-words">{silenceLine(silence)}</span>
            {over ? <Flag>over</Flag> : <Flag tone="amber">silent</Flag>}
            {silence.holdsSevOne && <Flag tone="ember">holds back Sev 1 too</Flag>}
          </p>
          <p className="break-words text-ink-2">{silence.reason}</p>
          <p className="text-xs text-ink-3">
            {silence.owner} answers for it · set by {nameOf(silence.setBy)} <Ago at={silence.setAt} /> ·{' '}
            {over ? (
              <>
                ended <Ago at={over.at} />: {over.reason}
              </>
            ) : (
              <>
                ends <Ago at={silence.until} />
              </>
            )}
          </p>
        </div>
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" aria-expanded={held} disabled={silence.silenced === 0} onClick={() => setHeld(!held)}>
            held back {signalsLine(silence.silenced)}
          </Button>
          {judges && !over && (
            <>
              <Button size="sm" onClick={() => setOpen('extend')}>
                Extend …
              </Button>
              <Button size="sm" onClick={() => setOpen('end')}>
                End …
              </Button>
            </>
          )}
        </div>
      </div>
      {held && <Held silence={silence} />}
      {open && <SilenceChange silence={silence} what={open} onClose={() => setOpen(null)} />}
    </li>
  );
}

export function SilenceRows({ silences }: { silences: readonly SilenceRow[] }) {
  const judges = useMay('candidate.judge');
  return (
    <Rows label="Silences">
      {silences.map((silence) => (
        <Row key={silence.id} silence={silence} judges={judges} />
      ))}
    </Rows>
  );
}
