import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { type Tripwire, tripwires } from '@firebreak/contract/respond/tripwires';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { TripwireForm } from './TripwireForm.tsx';

const REFRESHES = { refreshes: ['/api/v1/tripwires'] };

/** Rules that pull a control before anybody looks. */
export function Tripwires({ system }: { readonly system: AiSystem }) {
  const list = useAsk(tripwires.list, { query: { system: system.key } });
  const sets = useMay('containment.declare') && !system.retired;
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<{ readonly of: Tripwire; readonly what: 'arm' | 'remove' } | null>(null);
  return (
    <Section
      title="Tripwires"
      aside={
        sets && (
          <Button size="sm" onClick={() => setOpen(true)}>
            Set a tripwire
          </Button>
        )
      }
    >
      <Shown of={list} lines={2}>
        {({ tripwires: all }) =>
          all.length === 0 ? (
            <Empty title="Nothing is pulled by itself">
              A tripwire pulls one of these controls when signals prove themselves and nobody looks yet. What it orders
              ends after 15 minutes unless a person adopts it, and it does so once, until a person arms it again.
            </Empty>
          ) : (
            <Rows label="Tripwires">
              {all.map((tripwire) => (
                <li key={tripwire.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-64">
                    <p className="font-[620] break-words">
                      {tripwire.name}{' '}
                      {tripwire.state === 'armed' ? <Flag tone="moss">armed</Flag> : <Flag tone="amber">tripped</Flag>}
                    </p>
                    <p className="break-words text-ink-2">
                      {tripwire.controlName === null ? (
                        <strong>Its control is wired no more: it can do nothing.</strong>
                      ) : (
                        <>Pulls “{tripwire.controlName}”</>
                      )}{' '}
                      after {tripwire.says}.
                    </p>
                    <p className="text-xs break-words text-ink-3">
                      {tripwire.reason}
                      {tripwire.trip && (
                        <>
                          {' '}
                          · tripped <Ago at={tripwire.trip.at} />
                          {tripwire.trip.label && (
                            <>
                              ,{' '}
                              <Link
                                to="/incidents/$incident/contain"
                                params={{ incident: tripwire.trip.label }}
                                className="underline underline-offset-3"
                              >
                                {tripwire.trip.label}
                              </Link>
                            </>
                          )}
                          {tripwire.trip.refused && <>: could order nothing. {tripwire.trip.refused}</>}
                        </>
                      )}
                    </p>
                  </div>
                  {sets && (
                    <span className="ml-auto flex flex-wrap gap-1.5">
                      {tripwire.state === 'tripped' && (
                        <Button
                          size="sm"
                          aria-label={`Arm again: ${tripwire.name}`}
                          onClick={() => setAsked({ of: tripwire, what: 'arm' })}
                        >
                          Arm again …
                        </Button>
                      )}
                      <Button
                        size="sm"
                        look="quiet"
                        aria-label={`Remove ${tripwire.name}`}
                        onClick={() => setAsked({ of: tripwire, what: 'remove' })}
                      >
                        Remove …
                      </Button>
                    </span>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
      {open && <TripwireForm system={system} onClose={() => setOpen(false)} />}
      {asked && <Why of={asked.of} what={asked.what} onClose={() => setAsked(null)} />}
    </Section>
  );
}

const ASKS = {
  arm: { title: (name: string) => `Arm “${name}” again?`, does: 'Arm it', label: 'Why it may act again' },
  remove: { title: (name: string) => `Remove “${name}”?`, does: 'Remove it', label: 'Why' },
} as const;

function Why({ of, what, onClose }: { of: Tripwire; what: 'arm' | 'remove'; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const arm = useAct(tripwires.arm, { ...REFRESHES, done: onClose });
  const remove = useAct(tripwires.remove, { ...REFRESHES, done: onClose });
  const act = what === 'arm' ? arm : remove;
  const { title, does, label } = ASKS[what];
  return (
    <Dialog
      title={title(of.name)}
      onClose={onClose}
      width="narrow"
      onSubmit={() => act.mutate({ params: { tripwire: of.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={act.isPending}>
            {does}
          </Button>
        </>
      }
    >
      <Input label={label} value={reason} onText={setReason} required />
      {act.error && <Trouble error={act.error} />}
    </Dialog>
  );
}
