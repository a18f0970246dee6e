import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { containment, type DeclaredControl } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { Readiness, TestNow } from '../control-tests/index.ts';
import { ActsFor } from '../executors/index.ts';
import { ControlForm } from './ControlForm.tsx';
import { PlanDialog } from './PlanDialog.tsx';

/** Levers wired in advance: what each does, who answers for it and may pull it, and whether it can be counted on. */
export function ControlList({ system }: { system: AiSystem }) {
  const { ask } = useActions();
  const list = useAsk(containment.listControls, { params: { system: system.key } }, { every: 15_000 });
  const wires = useMay('containment.declare') && !system.retired;
  const [open, setOpen] = useState<'new' | DeclaredControl | null>(null);
  const [plan, setPlan] = useState<DeclaredControl | null>(null);
  return (
    <Section
      title="Controls wired in advance"
      aside={
        wires && (
          <Button size="sm" onClick={() => setOpen('new')}>
            Wire a control
          </Button>
        )
      }
    >
      <Shown of={list}>
        {({ controls }) => {
          const living = controls.filter((each) => !each.retired);
          return living.length === 0 ? (
            <Empty
              title="No lever is wired"
              action={wires && <Button onClick={() => setOpen('new')}>Wire the first one</Button>}
            >
              At 2 a.m. nobody should have to invent how to stop {system.name}. Decide now: disable one feature, roll
              back to a known version, or fence off some users. Disabling is always possible, even unwired.
            </Empty>
          ) : (
            <Rows label="Controls">
              {living.map((control) => (
                <li key={control.control} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-64">
                    <p className="font-[620]">{control.name}</p>
                    <p className="text-ink-2">{sentence(control.says)}</p>
                    <p className="text-xs text-ink-3">
                      {control.sideEffects.replace(/\.$/, '') || 'No side effects noted'} ·{' '}
                      {control.lastOrderedAt ? (
                        <>
                          last pulled <Ago at={control.lastOrderedAt} />
                        </>
                      ) : (
                        'never pulled'
                      )}
                    </p>
                    <p className="text-xs text-ink-3">
                      {control.standing.owner ? `${control.standing.owner} answers for it` : 'Nobody answers for it'} ·
                      pulling it needs the right “{control.needs}” · tested every {control.standing.plan.everyDays}{' '}
                      days, at {String(control.standing.plan.quietHour).padStart(2, '0')}:00 UTC
                    </p>
                    <Readiness control={control} />
                    <ActsFor system={system.key} control={control.control} />
                  </div>
                  <div className="flex flex-wrap gap-2">
                    <TestNow control={control} />
                    {wires && (
                      <Button
                        size="sm"
                        look="quiet"
                        onClick={() => setPlan(control)}
                        aria-label={`Plan the tests of ${control.name}`}
                      >
                        Plan …
                      </Button>
                    )}
                    {wires && (
                      <Button
                        size="sm"
                        look="quiet"
                        onClick={() => setOpen(control)}
                        aria-label={`Retire ${control.name}`}
                      >
                        Retire
                      </Button>
                    )}
                    <Button
                      size="sm"
                      look="danger"
                      onClick={() => ask({ kind: 'contain', system: system.key, control: control.control })}
                      aria-label={`Pull ${control.name}`}
                    >
                      Pull …
                    </Button>
                  </div>
                </li>
              ))}
            </Rows>
          );
        }}
      </Shown>
      {open === 'new' && <ControlForm system={system} onClose={() => setOpen(null)} />}
      {plan !== null && <PlanDialog control={plan} onClose={() => setPlan(null)} />}
      {open !== null && open !== 'new' && <Retire control={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function Retire({ control, onClose }: { control: DeclaredControl; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const retire = useAct(containment.retireControl, { refreshes: ['/api/v1/systems'], done: onClose });
  return (
    <Dialog
      title={`Retire “${control.name}”?`}
      about="Holds that were ordered by it stay in force."
      onClose={onClose}
      width="narrow"
      onSubmit={() => retire.mutate({ params: { system: control.system, control: control.control }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={retire.isPending}>
            Retire
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Reason" value={reason} onText={setReason} required />
        {retire.error && <Trouble error={retire.error} />}
      </div>
    </Dialog>
  );
}
