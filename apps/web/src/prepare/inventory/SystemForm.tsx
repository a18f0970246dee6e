import { type AiSystem, inventory } from '@firebreak/contract/prepare/inventory';
import {
  ARCHITECTURES,
  type Architecture,
  AUTONOMY,
  type Autonomy,
  CRITICALITY,
  type Criticality,
  LOGGING,
  type Logging,
  RISK_CLASSES,
  type RiskClass,
  SYSTEM_TYPES,
  type SystemType,
} from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import {
  ARCHITECTURE_WORDS,
  AUTONOMY_WORDS,
  CRITICALITY_WORDS,
  keyFrom,
  LOGGING_WORDS,
  RISK_WORDS,
  TYPE_WORDS,
} from './words.ts';

const list = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** Registers a system, or describes one anew. */
export function SystemForm({
  system,
  onClose,
  onDone,
}: {
  system?: AiSystem;
  onClose: () => void;
  onDone?: (system: AiSystem) => void;
}) {
  const [name, setName] = useState(system?.name ?? '');
  const [key, setKey] = useState<string | null>(system?.key ?? null);
  const [type, setType] = useState<SystemType>(system?.type ?? 'generative');
  const [purpose, setPurpose] = useState(system?.purpose ?? '');
  const [owner, setOwner] = useState(system?.owner ?? '');
  const [riskClass, setRiskClass] = useState<RiskClass>(system?.riskClass ?? 'unassessed');
  const [population, setPopulation] = useState(system?.population ?? '');
  const [regions, setRegions] = useState(system?.regions.join(', ') ?? '');
  const [vendor, setVendor] = useState(system?.vendor ?? '');
  const [architecture, setArchitecture] = useState<Architecture>(system?.architecture ?? 'unsaid');
  const [autonomy, setAutonomy] = useState<Autonomy>(system?.autonomy ?? 'unsaid');
  const [criticality, setCriticality] = useState<Criticality>(system?.criticality ?? 'unsaid');
  const [logging, setLogging] = useState<Logging>(system?.logging ?? 'unsaid');
  const [features, setFeatures] = useState('');
  const done = (answer: { system: AiSystem }): void => {
    onClose();
    onDone?.(answer.system);
  };
  const register = useAct(inventory.register, { refreshes: ['/api/v1/systems'], done });
  const describe = useAct(inventory.describe, { refreshes: ['/api/v1/systems'], done });
  const doing = system ? describe : register;
  const told = doing.error ? tell(doing.error) : null;
  const description = {
    name,
    type,
    purpose,
    owner,
    riskClass,
    population,
    regions: list(regions),
    vendor,
    architecture,
    autonomy,
    criticality,
    logging,
  };
  const submit = (): void => {
    if (system) describe.mutate({ params: { system: system.id }, body: description });
    else
      register.mutate({
        body: {
          ...description,
          key: key ?? keyFrom(name),
          features: list(features).map((each) => ({ key: keyFrom(each), name: each })),
        },
      });
  };
  return (
    <Dialog
      title={system ? `Describe ${system.name}` : 'Register an AI system'}
      about={
        system
          ? 'The key stays: guards and telemetry use it.'
          : 'What it is and who answers for it. Everything can be changed later, except the key.'
      }
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={doing.isPending}>
            {system ? 'Save' : 'Register'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 phone:grid-cols-2">
        <Input label="Name" value={name} onText={setName} required error={told?.fields.name} />
        {!system && (
          <Input
            label="Key"
            hint="How guards and telemetry name it."
            value={key ?? keyFrom(name)}
            onText={setKey}
            required
            spellCheck={false}
            className="font-mono"
            error={told?.fields.key}
          />
        )}
        <Select
          label="Kind"
          value={type}
          onText={(value) => setType(value as SystemType)}
          options={SYSTEM_TYPES.map((each) => ({ value: each, label: TYPE_WORDS[each] }))}
        />
        <Input
          label="Owner"
          optional
          hint="A team or a person who answers for it."
          value={owner}
          onText={setOwner}
          error={told?.fields.owner}
        />
        <div className="phone:col-span-2">
          <TextArea
            label="Purpose"
            optional
            hint="What people use it for, in a sentence."
            rows={2}
            value={purpose}
            onText={setPurpose}
            error={told?.fields.purpose}
          />
        </div>
        <div className="phone:col-span-2">
          <Select
            label="Risk class, EU AI Act"
            hint="Your reading, or counsel's. Firebreak does not decide it."
            value={riskClass}
            onText={(value) => setRiskClass(value as RiskClass)}
            options={RISK_CLASSES.map((each) => ({ value: each, label: RISK_WORDS[each] }))}
          />
        </div>
        <Input
          label="Who meets it"
          optional
          hint="Customers in the EU, about 40,000 a month"
          value={population}
          onText={setPopulation}
        />
        <Input
          label="Regions"
          optional
          hint="Separated by commas: DE, FR, US"
          value={regions}
          onText={setRegions}
          error={told?.fields.regions}
        />
        <Input label="Vendor" optional hint="Whose model or product it runs on." value={vendor} onText={setVendor} />
        <Select
          label="Built as"
          hint="Decides which orders make sense for it."
          value={architecture}
          onText={(value) => setArchitecture(value as Architecture)}
          options={ARCHITECTURES.map((each) => ({ value: each, label: ARCHITECTURE_WORDS[each] }))}
        />
        <Select
          label="Autonomy"
          value={autonomy}
          onText={(value) => setAutonomy(value as Autonomy)}
          options={AUTONOMY.map((each) => ({ value: each, label: AUTONOMY_WORDS[each] }))}
        />
        <Select
          label="Criticality"
          value={criticality}
          onText={(value) => setCriticality(value as Criticality)}
          options={CRITICALITY.map((each) => ({ value: each, label: CRITICALITY_WORDS[each] }))}
        />
        <Select
          label="Logs"
          hint="Where its questions and answers can be read afterwards."
          value={logging}
          onText={(value) => setLogging(value as Logging)}
          options={LOGGING.map((each) => ({ value: each, label: LOGGING_WORDS[each] }))}
        />
        {!system && (
          <Input
            label="Features"
            optional
            hint="The parts you could stop one by one, separated by commas: Policy answers, Order status"
            value={features}
            onText={setFeatures}
            error={told?.fields.features}
          />
        )}
        {doing.error && (
          <div className="phone:col-span-2">
            <Trouble error={doing.error} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
