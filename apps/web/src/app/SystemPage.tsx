import { type AiSystem, inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ChannelList } from '../detect/channels/ChannelList.tsx';
import { MustNotComeOut } from '../detect/protected-texts/index.ts';
import { Budgets } from '../prepare/inventory/Budgets.tsx';
import { ChangeForm } from '../prepare/inventory/ChangeForm.tsx';
import { ChangeLine } from '../prepare/inventory/ChangeLine.tsx';
import { Dependencies } from '../prepare/inventory/Dependencies.tsx';
import { FeatureForm } from '../prepare/inventory/FeatureForm.tsx';
import { Approvals, Guardrails, Tools } from '../prepare/inventory/Parts.tsx';
import { SystemForm } from '../prepare/inventory/SystemForm.tsx';
import { VersionForm } from '../prepare/inventory/VersionForm.tsx';
import {
  ARCHITECTURE_WORDS,
  AUTONOMY_WORDS,
  CRITICALITY_WORDS,
  LOGGING_WORDS,
  RISK_WORDS,
  TYPE_WORDS,
  versionsLine,
} from '../prepare/inventory/words.ts';
import { PoliciesOfSystem } from '../prepare/policies/PoliciesOfSystem.tsx';
import { CapsuleList } from '../respond/capsules/index.ts';
import { ControlCoverage } from '../respond/containment/ControlCoverage.tsx';
import { ControlList } from '../respond/containment/ControlList.tsx';
import { GuardList } from '../respond/containment/GuardList.tsx';
import { HeldBy } from '../respond/containment/HeldBeside.tsx';
import { HoldCard } from '../respond/containment/HoldCard.tsx';
import { RightsMatrix } from '../respond/decision-rights/index.ts';
import { GatewayList } from '../respond/gateways/index.ts';
import { Tripwires } from '../respond/tripwires/index.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../ui/Card.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Input } from '../ui/Field.tsx';
import { Flag, Id } from '../ui/Marks.tsx';
import { Ago } from '../ui/Time.tsx';
import { isCode } from './api.ts';
import { useAct, useAsk } from './ask.ts';
import { Page } from './Page.tsx';
import { useMay } from './session.tsx';
import { Shown, Trouble } from './Trouble.tsx';

type Open = 'change' | 'describe' | 'version' | 'feature' | 'retire' | null;

export function SystemPage() {
  const { system: key } = useParams({ from: '/shell/systems/$system' });
  const read = useAsk(inventory.show, { params: { system: key } });
  const edits = useMay('system.edit');
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const system = read.data?.system;
  return (
    <Page
      title={system?.name ?? key}
      eyebrow={
        <>
          <Link to="/systems" className="hover:underline">
            Systems
          </Link>{' '}
          · <Id>{key}</Id>
        </>
      }
      lead={system?.purpose || undefined}
      system={key}
      actions={
        edits &&
        system &&
        !system.retired && (
          <>
            <Button onClick={() => setOpen('version')}>Record versions</Button>
            <Button onClick={() => setOpen('change')}>Record a change</Button>
            <Button onClick={() => setOpen('describe')}>Edit</Button>
          </>
        )
      }
    >
      {isCode(read.error, 'system.unknown') ? (
        <Unregistered system={key} />
      ) : (
        <Shown of={read} lines={8}>
          {({ system }) => (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
              <div className="min-w-0">
                <Held system={system} />
                <ControlList system={system} />
                <Tripwires system={system} />
                <RightsMatrix system={system.key} />
                <CapsuleList system={system.key} />
                <Section title="Control coverage">
                  <ControlCoverage system={system.key} />
                </Section>
                <Section title="Versions and changes, newest first">
                  <ChangeLine system={system} />
                </Section>
                <Dependencies system={system} edits={edits && !system.retired} />
                <MustNotComeOut system={system.key} edits={edits && !system.retired} />
                <Section title="Guards">
                  <GuardList system={system.key} />
                </Section>
                <GatewayList system={system.key} />
              </div>
              <aside className="min-w-0">
                <About system={system} />
                <Deployments system={system} />
                <ChannelList system={system} edits={edits && !system.retired} />
                <Features system={system} edits={edits} onAdd={() => setOpen('feature')} />
                <Tools system={system} edits={edits && !system.retired} />
                <Budgets system={system} edits={edits && !system.retired} />
                <Guardrails system={system} edits={edits && !system.retired} />
                <Approvals system={system} edits={edits && !system.retired} />
                <PoliciesOfSystem system={system.key} />
                {edits && !system.retired && (
                  <Button look="quiet" size="sm" onClick={() => setOpen('retire')}>
                    Retire this system …
                  </Button>
                )}
              </aside>
              {open === 'describe' && <SystemForm system={system} onClose={close} />}
              {open === 'version' && <VersionForm system={system} onClose={close} />}
              {open === 'change' && <ChangeForm system={system} onClose={close} />}
              {open === 'feature' && <FeatureForm system={system} onClose={close} />}
              {open === 'retire' && <Retire system={system} onClose={close} />}
            </div>
          )}
        </Shown>
      )}
    </Page>
  );
}

function Unregistered({ system }: { system: string }) {
  return (
    <Empty
      title={`${system} is not registered`}
      action={
        <Link to="/systems" className={buttonClass('plain')}>
          To the systems
        </Link>
      }
    >
      Telemetry or an incident may name it already. Register it with exactly this key, and its controls, versions and
      guards have a place.
    </Empty>
  );
}

function Held({ system }: { system: AiSystem }) {
  const holds = useAsk(containment.listHolds, { query: { state: 'active', system: system.key } }, { every: 10_000 });
  if (!holds.data || holds.data.holds.length === 0) return null;
  return (
    <Section title="In force">
      <div className="grid gap-3">
        {holds.data.holds.map((hold) => (
          <HoldCard key={hold.hold} hold={hold} where="system" />
        ))}
      </div>
    </Section>
  );
}

function About({ system }: { system: AiSystem }) {
  return (
    <Section title="About">
      <Card>
        {system.retired && (
          <p className="mb-2">
            <Flag tone="amber">retired</Flag>
          </p>
        )}
        <Pairs>
          <dt>Kind</dt>
          <dd>{TYPE_WORDS[system.type]}</dd>
          <dt>Owner</dt>
          <dd>{system.owner || 'nobody named yet'}</dd>
          <dt>Risk class</dt>
          <dd>{RISK_WORDS[system.riskClass]}</dd>
          <dt>Met by</dt>
          <dd>{system.population || 'not said'}</dd>
          <dt>Regions</dt>
          <dd>{system.regions.join(', ') || 'not said'}</dd>
          <dt>Built as</dt>
          <dd>{ARCHITECTURE_WORDS[system.architecture]}</dd>
          <dt>Autonomy</dt>
          <dd>{AUTONOMY_WORDS[system.autonomy]}</dd>
          <dt>Criticality</dt>
          <dd>{CRITICALITY_WORDS[system.criticality]}</dd>
          <dt>Logs</dt>
          <dd>{LOGGING_WORDS[system.logging]}</dd>
          <dt>Vendor</dt>
          <dd>{system.vendor || 'not said'}</dd>
        </Pairs>
      </Card>
    </Section>
  );
}

function Deployments({ system }: { system: AiSystem }) {
  return (
    <Section title="Running now">
      {system.deployments.length === 0 ? (
        <Empty title="No version recorded">
          Until versions are recorded, nobody can say what changed before something broke, and no order can roll back.
        </Empty>
      ) : (
        <Rows label="Deployments">
          {system.deployments.map((deployment) => (
            <li key={deployment.id} className="px-4 py-2.5">
              <p className="font-[600]">{deployment.name}</p>
              <p className="text-xs text-ink-2">
                {versionsLine(deployment.versions)} · since <Ago at={deployment.since} />
              </p>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Features({ system, edits, onAdd }: { system: AiSystem; edits: boolean; onAdd: () => void }) {
  return (
    <Section
      title="Features"
      aside={
        edits &&
        !system.retired && (
          <Button size="sm" onClick={onAdd}>
            Add
          </Button>
        )
      }
    >
      {system.features.length === 0 ? (
        <Empty title="One block">
          Without features only the whole system can be stopped. Name the parts that could fail alone.
        </Empty>
      ) : (
        <Rows label="Features">
          {system.features.map((feature) => (
            <li key={feature.key} className="flex items-baseline justify-between gap-3 px-4 py-2">
              <span>
                {feature.name}
                <HeldBy system={system.key} feature={feature.key} />
              </span>
              <Id>{feature.key}</Id>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Retire({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const retire = useAct(inventory.retire, { refreshes: ['/api/v1/systems'], done: onClose });
  return (
    <Dialog
      title={`Retire ${system.name}?`}
      about="It leaves the lists; its record, its incidents and its evidence stay."
      onClose={onClose}
      width="narrow"
      onSubmit={() => retire.mutate({ params: { system: system.id }, body: { reason } })}
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
