import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import type { TOOL_EFFECTS, TOOL_READS } from '@firebreak/core/prepare/inventory';
import { limitsIn, sayLimits, sayUndoLine, undoIn } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Form } from './PartForms.tsx';
import { EFFECT_WORDS, READS_WORDS, rateIn, sayRate } from './tool-words.ts';

type Tool = AiSystem['tools'][number];
type Effect = (typeof TOOL_EFFECTS)[number];
type Reads = (typeof TOOL_READS)[number];

/** A tool the system may use, and what calls of it are held against. */
export function ToolForm({ system, tool, onClose }: { system: AiSystem; tool?: Tool; onClose: () => void }) {
  const [name, setName] = useState(tool?.name ?? '');
  const [permissions, setPermissions] = useState(tool?.permissions.join('\n') ?? '');
  const [note, setNote] = useState(tool?.note ?? '');
  const [effect, setEffect] = useState<Effect | ''>(tool?.manifest?.effect ?? '');
  const [reads, setReads] = useState<Reads>(tool?.manifest?.reads ?? 'nothing');
  const [limits, setLimits] = useState(sayLimits(tool?.manifest?.limits ?? []));
  const [agents, setAgents] = useState(tool?.manifest?.agents?.join(', ') ?? '');
  const [approval, setApproval] = useState(tool?.manifest?.approval === true ? 'yes' : 'no');
  const [reversible, setReversible] = useState<'' | 'yes' | 'no'>(tool?.manifest?.reversible ?? '');
  const [undo, setUndo] = useState(sayUndoLine(tool?.manifest?.undo));
  const [instruction, setInstruction] = useState(tool?.manifest?.undo?.instruction ?? '');
  const [server, setServer] = useState(tool?.manifest?.server ?? '');
  const [often, setOften] = useState(sayRate(tool?.manifest?.rate));
  const rate = rateIn(often);
  const manifest = () => {
    const named = agents
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    const how = undoIn(undo, instruction);
    return {
      effect: effect as Effect,
      reads,
      limits: limitsIn(limits),
      ...(named.length > 0 && { agents: named }),
      ...(server.trim() !== '' && { server: server.trim() }),
      ...(approval === 'yes' && { approval: true }),
      ...(rate && { rate }),
      ...(reversible !== '' && { reversible }),
      ...(how !== undefined && { undo: how }),
    };
  };
  const grant = useAct(systemParts.grantTool, { refreshes: ['/api/v1/systems'], done: onClose });
  const lines = permissions
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return (
    <Form
      title={tool ? `Change ${tool.name}` : 'Add a tool'}
      does={tool ? 'Save' : 'Add'}
      busy={grant.isPending}
      error={grant.error}
      onClose={onClose}
      onSubmit={() =>
        rate !== null &&
        grant.mutate({
          params: { system: system.id },
          body: {
            name,
            permissions: lines,
            note,
            ...(effect !== '' && { manifest: manifest() }),
          },
        })
      }
    >
      <Input
        label="Name"
        hint="As traces name it: refund_order"
        value={name}
        onText={setName}
        required
        disabled={tool !== undefined}
      />
      <TextArea
        label="What it may do"
        optional
        hint="One permission a line: read orders, refund up to 50 EUR"
        value={permissions}
        onText={setPermissions}
      />
      <Select
        label="A call of it"
        value={effect}
        onText={(value) => setEffect(value as Effect | '')}
        hint="Calls are held against it as they come in."
        options={[
          { value: '', label: 'nobody has said' },
          ...Object.entries(EFFECT_WORDS).map(([value, label]) => ({ value, label })),
        ]}
      />
      {effect !== '' && (
        <>
          <Select
            label="It hands the assistant"
            value={reads}
            onText={(value) => setReads(value as Reads)}
            hint="Untrusted text, then private data, then something sent, in one session, raises a signal."
            options={Object.entries(READS_WORDS).map(([value, label]) => ({ value, label }))}
          />
          <TextArea
            label="Limits of its arguments"
            optional
            hint="One a line: amount 50, amount 1..50, amount 5.., currency EUR, USD, note 200 characters, order /^ORD-/"
            value={limits}
            onText={setLimits}
          />
          <Input
            label="Only these agents may call it"
            optional
            hint="Names with commas between them; enforced where calls pass the MCP proxy."
            value={agents}
            onText={setAgents}
          />
          <Input
            label="Of the MCP server"
            optional
            hint="Its name in the proxy; without one, the tool of this name on any server."
            value={server}
            onText={setServer}
          />
          <Input
            label="How often it may be called"
            optional
            hint="10 in 60 seconds, 100 per hour; counted by each MCP proxy for itself."
            value={often}
            onText={setOften}
            error={rate === null ? 'Write it so: 10 in 60 seconds, or 100 per hour; a day at most.' : undefined}
          />
          <Select
            label="Before each call"
            value={approval}
            onText={setApproval}
            options={[
              { value: 'no', label: 'nobody is asked' },
              { value: 'yes', label: 'a person agrees' },
            ]}
          />
          <Select
            label="Can a call be undone?"
            value={reversible}
            onText={(value) => setReversible(value as typeof reversible)}
            options={[
              { value: '', label: 'nobody has said' },
              { value: 'yes', label: 'yes' },
              { value: 'no', label: 'no' },
            ]}
          />
          {reversible !== 'no' && (
            <Input
              label="The tool that undoes it"
              optional
              hint="With where its arguments come from: cancel_refund id=result.id order=arguments.order"
              value={undo}
              onText={setUndo}
            />
          )}
          <Input
            label="What else has to be done"
            optional
            hint="For people: tell the customer, phone the bank"
            value={instruction}
            onText={setInstruction}
          />
        </>
      )}
      <Input label="Note" optional value={note} onText={setNote} />
    </Form>
  );
}
