import { type AiSystem, inventory } from '@firebreak/contract/prepare/inventory';
import {
  ARCHITECTURES,
  type Architecture,
  AUTONOMY,
  type Autonomy,
  LOGGING,
  type Logging,
  SYSTEM_TYPES,
  type SystemType,
} from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import {
  ARCHITECTURE_WORDS,
  AUTONOMY_WORDS,
  keyFrom,
  LOGGING_WORDS,
  TYPE_WORDS,
} from '../../prepare/inventory/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { client, tell } from '../api.ts';
import { refresh } from '../ask.ts';
import { Trouble } from '../Trouble.tsx';
import { useDraft } from './draft.ts';

const options = <V extends string>(values: readonly V[], words: Readonly<Record<V, string>>) =>
  values.map((value) => ({ value, label: value === 'unsaid' ? 'Choose …' : words[value] }));

const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter(Boolean),
  ),
];

/** What a working entry says of a system, and nothing more: registers it, or completes one that is there. */
export function EntryForm({ system, onSaved }: { system: AiSystem | null; onSaved?: () => void }) {
  const [draft, change, forget] = useDraft(`entry.${system?.key ?? 'new'}`, {
    name: system?.name ?? '',
    type: (system?.type ?? 'generative') as SystemType,
    purpose: system?.purpose ?? '',
    owner: system?.owner ?? '',
    population: system?.population ?? '',
    architecture: (system?.architecture ?? 'unsaid') as Architecture,
    autonomy: (system?.autonomy ?? 'unsaid') as Autonomy,
    logging: (system?.logging ?? 'unsaid') as Logging,
    features: system?.features.map(({ name }) => name).join(', ') ?? '',
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const told = error ? tell(error) : null;
  const submit = async (): Promise<void> => {
    const { features, ...said } = draft;
    const named = namesIn(features).map((name) => ({ key: keyFrom(name), name }));
    setBusy(true);
    setError(null);
    try {
      if (system === null)
        await client.call(inventory.register, { body: { ...said, key: keyFrom(draft.name), features: named } });
      else {
        const { riskClass, regions, vendor, criticality } = system;
        const body = { riskClass, regions, vendor, criticality, ...said };
        await client.call(inventory.describe, { params: { system: system.id }, body });
        for (const { key, name } of named)
          if (!system.features.some((there) => there.name === name))
            await client.call(inventory.addFeature, { params: { system: system.id, feature: key }, body: { name } });
      }
      forget();
      onSaved?.();
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
      refresh('/api/v1/systems', '/api/v1/moves');
    }
  };
  return (
    <form
      noValidate
      className="grid gap-4 phone:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Input
        label="Name"
        hint={
          draft.name === ''
            ? 'As people call it: Support bot'
            : `Programs will call it ${system?.key ?? keyFrom(draft.name)}`
        }
        value={draft.name}
        onText={(name) => change({ name })}
        required
        error={told?.fields.name ?? told?.fields.key}
      />
      <Input
        label="Who answers for it"
        hint="A team or a person"
        value={draft.owner}
        onText={(owner) => change({ owner })}
        error={told?.fields.owner}
      />
      <div className="phone:col-span-2">
        <Input
          label="What people use it for"
          hint="In a sentence: answers customers about their subscription"
          value={draft.purpose}
          onText={(purpose) => change({ purpose })}
          error={told?.fields.purpose}
        />
      </div>
      <Select
        label="Kind"
        value={draft.type}
        onText={(type) => change({ type: type as SystemType })}
        options={options(SYSTEM_TYPES, TYPE_WORDS)}
      />
      <Select
        label="Built as"
        value={draft.architecture}
        onText={(architecture) => change({ architecture: architecture as Architecture })}
        options={options(ARCHITECTURES, ARCHITECTURE_WORDS)}
      />
      <Select
        label="How far it acts alone"
        value={draft.autonomy}
        onText={(autonomy) => change({ autonomy: autonomy as Autonomy })}
        options={options(AUTONOMY, AUTONOMY_WORDS)}
      />
      <Select
        label="How it logs"
        hint="“Keeps no log” is an answer too: then you know what is missing."
        value={draft.logging}
        onText={(logging) => change({ logging: logging as Logging })}
        options={options(LOGGING, LOGGING_WORDS)}
      />
      <Input
        label="Features"
        hint="The parts you could stop one by one, by commas: Policy answers, Order status"
        value={draft.features}
        onText={(features) => change({ features })}
        error={told?.fields.features}
      />
      <Input
        label="Who meets it"
        optional
        hint="Customers in the EU, about 40,000 a month"
        value={draft.population}
        onText={(population) => change({ population })}
        error={told?.fields.population}
      />
      {error !== null && (
        <div className="phone:col-span-2">
          <Trouble error={error} />
        </div>
      )}
      <div className="flex flex-wrap gap-2 phone:col-span-2">
        <Button type="submit" look="strong" busy={busy} disabled={draft.name.trim() === ''}>
          {system === null ? 'Register it' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
