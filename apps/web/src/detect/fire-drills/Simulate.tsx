import { fireDrills } from '@firebreak/contract/detect/fire-drills';
import { inventory } from '@firebreak/contract/prepare/inventory';
import {
  ARCHETYPES,
  type Archetype,
  CHANNELS,
  type Channel,
  EVIDENCE_CLASSES,
  type EvidenceClass,
} from '@firebreak/core/detect/signals';
import { CHANNEL_NAMES } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ARCHETYPE_WORDS } from '../archetypes/index.ts';
import { WhySignal } from '../paging/index.ts';

const EVIDENCE: Record<EvidenceClass, string> = {
  verified: 'proves itself',
  strong: 'rarely wrong',
  weak: 'a heuristic',
};

/** One marked signal through the real door; the next one may stand beside it. */
export function Simulate({ onClose }: { onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [said, setSaid] = useState({
    system: '',
    detector: 'trial',
    kind: 'trial',
    text: '',
    archetype: '',
    severity: '',
  });
  const [channel, setChannel] = useState<Channel>('output-filter');
  const [evidenceClass, setEvidence] = useState<EvidenceClass>('strong');
  const [raised, setRaised] = useState<readonly string[]>([]);
  const simulate = useAct(fireDrills.simulate, {
    refreshes: ['/api/v1/candidates', '/api/v1/signals'],
    done: ({ signal }) => setRaised((before) => [...before, signal]),
  });
  const change = (part: Partial<typeof said>) => setSaid({ ...said, ...part });
  const system = said.system || systems[0]?.key || '';
  return (
    <Dialog
      title="Simulate a signal"
      about="Through the same door, grouping and pages as a real one. It is marked, joins nothing real, and counts in no figure. Whoever is subscribed to pages may be told."
      onClose={onClose}
      onSubmit={() =>
        simulate.mutate({
          body: {
            system,
            channel,
            kind: said.kind,
            detector: said.detector,
            evidenceClass,
            archetype: (said.archetype || null) as Archetype | null,
            severityHint: (Number(said.severity) || null) as 1 | null,
            text: said.text,
            mark: simulate.data?.mark ?? null,
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Done</Button>
          <Button
            type="submit"
            look="strong"
            busy={simulate.isPending}
            disabled={system === '' || said.text.trim().length < 3 || !said.detector.trim() || !said.kind.trim()}
          >
            {raised.length === 0 ? 'Raise it' : 'Raise another beside it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="AI system"
            value={system}
            onText={(value) => change({ system: value })}
            options={systems.map((it) => ({ value: it.key, label: it.name }))}
          />
          <Select
            label="Channel"
            value={channel}
            onText={(value) => setChannel(value as Channel)}
            options={CHANNELS.map((value) => ({ value: value as string, label: CHANNEL_NAMES[value] }))}
          />
          <Input label="Detector" value={said.detector} onText={(detector) => change({ detector })} />
          <Select
            label="How far it can be believed"
            value={evidenceClass}
            onText={(value) => setEvidence(value as EvidenceClass)}
            options={EVIDENCE_CLASSES.map((value) => ({ value: value as string, label: EVIDENCE[value] }))}
          />
          <Select
            label="Kind of failure"
            value={said.archetype}
            onText={(archetype) => change({ archetype })}
            options={[
              { value: '', label: 'Not said' },
              ...ARCHETYPES.map((value) => ({ value: value as string, label: ARCHETYPE_WORDS[value] })),
            ]}
          />
          <Select
            label="Severity as the sender sees it"
            value={said.severity}
            onText={(severity) => change({ severity })}
            options={[
              { value: '', label: 'Not said' },
              ...[1, 2, 3, 4].map((n) => ({ value: String(n), label: `Sev ${n}` })),
            ]}
          />
        </div>
        <TextArea label="What is observed" rows={2} value={said.text} onText={(text) => change({ text })} required />
        {raised.length > 0 && (
          <Notice tone="moss" live title={raised.length === 1 ? 'It is raised.' : `${raised.length} are raised.`}>
            <span className="flex flex-wrap items-center gap-2">
              In a moment it stands in a candidate.
              <WhySignal key={raised.at(-1)} id={raised.at(-1)!} />
            </span>
          </Notice>
        )}
        {simulate.error && <Trouble error={simulate.error} />}
      </div>
    </Dialog>
  );
}
