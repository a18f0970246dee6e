import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { type ReactNode, useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { useNow } from '../../ui/clock.ts';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { ApprovalForm, GuardrailForm, WithdrawForm } from './PartForms.tsx';
import { ToolForm } from './ToolForm.tsx';
import { sayManifest } from './tool-words.ts';

interface Given {
  readonly system: AiSystem;
  readonly edits: boolean;
}
const SYSTEMS = { refreshes: ['/api/v1/systems'] };

/** Tools with what they may do. */
export function Tools({ system, edits }: Given) {
  const [open, setOpen] = useState<AiSystem['tools'][number] | 'new' | null>(null);
  const withdraw = useAct(systemParts.withdrawTool, SYSTEMS);
  return (
    <Part title="Tools" one="a tool" edits={edits} onAdd={() => setOpen('new')} error={withdraw.error}>
      {system.tools.length === 0 ? (
        <Empty title="No tool is named">What it can reach decides how far a failure goes.</Empty>
      ) : (
        <Rows label="Tools">
          {system.tools.map((tool) => (
            <Row
              key={tool.name}
              name={tool.name}
              says={[tool.permissions.join(', ') || 'permissions not said', sayManifest(tool.manifest), tool.note]
                .filter(Boolean)
                .join(' · ')}
              action={
                edits && (
                  <>
                    <Button size="sm" look="quiet" aria-label={`Change ${tool.name}`} onClick={() => setOpen(tool)}>
                      Change …
                    </Button>
                    <Button
                      size="sm"
                      look="quiet"
                      aria-label={`Withdraw ${tool.name}`}
                      busy={withdraw.isPending}
                      onClick={() => withdraw.mutate({ params: { system: system.id }, body: { name: tool.name } })}
                    >
                      Withdraw
                    </Button>
                  </>
                )
              }
            />
          ))}
        </Rows>
      )}
      {open !== null && (
        <ToolForm system={system} {...(open !== 'new' && { tool: open })} onClose={() => setOpen(null)} />
      )}
    </Part>
  );
}

/** Guardrails, and whether each is on. */
export function Guardrails({ system, edits }: Given) {
  const [adding, setAdding] = useState(false);
  const set = useAct(systemParts.setGuardrail, SYSTEMS);
  return (
    <Part title="Guardrails" one="a guardrail" edits={edits} onAdd={() => setAdding(true)} error={set.error}>
      {system.guardrails.length === 0 ? (
        <Empty title="No guardrail is named">Filters and checks around the model: which are there, and on?</Empty>
      ) : (
        <Rows label="Guardrails">
          {system.guardrails.map((guardrail) => (
            <Row
              key={guardrail.name}
              name={
                <>
                  {guardrail.name} {guardrail.active ? <Flag tone="moss">on</Flag> : <Flag tone="amber">off</Flag>}
                </>
              }
              says={guardrail.note}
              action={
                edits && (
                  <Button
                    size="sm"
                    look="quiet"
                    aria-label={`Say that ${guardrail.name} is ${guardrail.active ? 'off' : 'on'}`}
                    busy={set.isPending}
                    onClick={() =>
                      set.mutate({
                        params: { system: system.id },
                        body: { ...guardrail, active: !guardrail.active },
                      })
                    }
                  >
                    {guardrail.active ? 'It is off' : 'It is on'}
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      )}
      {adding && <GuardrailForm system={system} onClose={() => setAdding(false)} />}
    </Part>
  );
}

/** Use cases somebody approved, and until when. */
export function Approvals({ system, edits }: Given) {
  const [open, setOpen] = useState<'new' | { readonly useCase: string } | null>(null);
  const now = useNow(60_000);
  const close = () => setOpen(null);
  return (
    <Part title="Approved for" one="an approval" edits={edits} onAdd={() => setOpen('new')}>
      {system.approvals.length === 0 ? (
        <Empty title="No approval is recorded">Who allowed this to be used, for what, and until when?</Empty>
      ) : (
        <Rows label="Approvals">
          {system.approvals.map(({ useCase, approvedBy, approvedAt, until }) => (
            <Row
              key={useCase}
              name={
                <>
                  {useCase} {until !== null && Date.parse(until) < now && <Flag tone="amber">expired</Flag>}
                </>
              }
              says={
                <>
                  by {approvedBy}, <Time at={approvedAt} />
                  {until === null ? (
                    ', without an end'
                  ) : (
                    <>
                      , until <Time at={until} />
                    </>
                  )}
                </>
              }
              action={
                edits && (
                  <Button
                    size="sm"
                    look="quiet"
                    aria-label={`Withdraw the approval for ${useCase}`}
                    onClick={() => setOpen({ useCase })}
                  >
                    Withdraw
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      )}
      {open === 'new' && <ApprovalForm system={system} onClose={close} />}
      {open !== null && open !== 'new' && <WithdrawForm system={system} useCase={open.useCase} onClose={close} />}
    </Part>
  );
}

export function Part({
  title,
  one,
  edits,
  onAdd,
  error,
  children,
}: {
  title: string;
  one: string;
  edits: boolean;
  onAdd: () => void;
  error?: Error | null;
  children: ReactNode;
}) {
  return (
    <Section
      title={title}
      aside={
        edits && (
          <Button size="sm" onClick={onAdd} aria-label={`Add ${one}`}>
            Add
          </Button>
        )
      }
    >
      {children}
      {error && <Trouble error={error} />}
    </Section>
  );
}

export function Row({ name, says, action }: { name: ReactNode; says: ReactNode; action: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-2 px-4 py-2">
      <div className="min-w-0 flex-1 basis-44">
        <p className="font-[600] break-words">{name}</p>
        {says && <p className="text-xs break-words text-ink-2">{says}</p>}
      </div>
      {action && <div className="ml-auto flex">{action}</div>}
    </li>
  );
}
