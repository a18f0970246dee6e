import type { ReactNode } from 'react';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { sentence } from '../../ui/sentence.ts';
import type { ControlDraft } from './control-draft.ts';

interface Props {
  readonly draft: ControlDraft;
  readonly change: (part: Partial<ControlDraft>) => void;
}

/** What a control of the kind picked needs to know. */
export function ControlFields(props: Props) {
  switch (props.draft.kind) {
    case 'disable':
      return null;
    case 'route':
      return <RouteFields {...props} />;
    case 'fence':
      return <FenceFields {...props} />;
    case 'block':
      return <BlockFields {...props} />;
    case 'input':
      return <InputFields {...props} />;
    case 'retrieval':
      return (
        <Input
          label="Index or memory"
          hint="As the guard is told it: kb-2026"
          required
          value={props.draft.index}
          onText={(index) => props.change({ index })}
        />
      );
    case 'review':
      return <ReviewFields {...props} />;
    case 'revoke':
      return <RevokeFields {...props} />;
    case 'pause':
      return (
        <Input
          label="Schedule or trigger"
          optional
          hint="Empty: everything that starts by itself."
          value={props.draft.trigger}
          onText={(trigger) => props.change({ trigger })}
        />
      );
    case 'limit':
      return <LimitFields {...props} />;
    case 'settings':
      return <SettingsFields {...props} />;
  }
}

const Two = ({ children }: { children: ReactNode }) => <div className="grid gap-3 phone:grid-cols-2">{children}</div>;

function RouteFields({ draft, change }: Props) {
  return (
    <fieldset className="grid gap-3 phone:grid-cols-2">
      <legend className="mb-1.5 font-[600]">Away from what, to what</legend>
      {(['prompt', 'model', 'provider'] as const).map((part) => (
        <div key={part} className="contents">
          <Input
            label={`${part === 'provider' ? 'Vendor' : sentence(part)} to leave`}
            optional
            value={draft.from[part]}
            onText={(text) => change({ from: { ...draft.from, [part]: text } })}
          />
          <Input
            label={`${part === 'provider' ? 'Vendor' : sentence(part)} to use`}
            optional
            value={draft.to[part]}
            onText={(text) => change({ to: { ...draft.to, [part]: text } })}
          />
        </div>
      ))}
    </fieldset>
  );
}

function FenceFields({ draft, change }: Props) {
  return (
    <div className="grid gap-3">
      <Two>
        <Select
          label="Countries"
          value={draft.countryMode}
          onText={(mode) => change({ countryMode: mode as ControlDraft['countryMode'] })}
          options={[
            { value: 'none', label: 'Everywhere' },
            { value: 'deny', label: 'Refuse these' },
            { value: 'allow', label: 'Allow only these' },
          ]}
        />
        {draft.countryMode !== 'none' && (
          <Input
            label="Country codes"
            hint="Two letters each: DE, FR. An unknown country is refused."
            value={draft.countries}
            onText={(countries) => change({ countries })}
          />
        )}
      </Two>
      <Check
        label="Only people who are signed in"
        checked={draft.signedInOnly}
        onCheck={(signedInOnly) => change({ signedInOnly })}
      />
    </div>
  );
}

function BlockFields({ draft, change }: Props) {
  return (
    <div className="grid gap-3">
      <TextArea
        label="Phrases"
        optional
        rows={3}
        hint="One to a line; found anywhere, in capitals or not."
        value={draft.phrases}
        onText={(phrases) => change({ phrases })}
      />
      <TextArea
        label="Patterns"
        optional
        rows={2}
        hint="One to a line, in the RE2 syntax: (?i)two devices? per account. A pattern cannot slow the application down."
        value={draft.patterns}
        onText={(patterns) => change({ patterns })}
      />
      <Select
        label="Where to look"
        value={draft.direction}
        onText={(direction) => change({ direction: direction as ControlDraft['direction'] })}
        options={[
          { value: '', label: 'Questions and answers' },
          { value: 'input', label: 'Questions only' },
          { value: 'output', label: 'Answers only' },
        ]}
      />
    </div>
  );
}

function InputFields({ draft, change }: Props) {
  return (
    <div className="grid gap-3">
      <Input
        label="Longest text, in characters"
        optional
        inputMode="numeric"
        value={draft.maxCharacters}
        onText={(maxCharacters) => change({ maxCharacters })}
      />
      <Check label="Refuse files and images" checked={draft.noFiles} onCheck={(noFiles) => change({ noFiles })} />
      <Check label="Refuse links" checked={draft.noLinks} onCheck={(noLinks) => change({ noLinks })} />
    </div>
  );
}

function ToolNames({ draft, change, hint }: Props & { hint: string }) {
  return (
    <Input
      label="Tools"
      optional
      hint={hint}
      value={draft.tools}
      onText={(tools) => change({ tools })}
      placeholder="send_mail, refund"
    />
  );
}

function ReviewFields(props: Props) {
  const { draft, change } = props;
  return (
    <Two>
      <ToolNames {...props} hint="Only calls of these wait. Empty: every answer waits." />
      <Input
        label="Reviewers"
        optional
        hint="A queue of your own; otherwise the system's."
        value={draft.queue}
        onText={(queue) => change({ queue })}
      />
    </Two>
  );
}

function RevokeFields(props: Props) {
  const { draft, change } = props;
  return (
    <div className="grid gap-3">
      <ToolNames {...props} hint="Empty: all of them." />
      <Two>
        <Input
          label="Agent"
          optional
          hint="Empty: every agent of the system."
          value={draft.agent}
          onText={(agent) => change({ agent })}
        />
        <Input
          label="Credential"
          optional
          hint="Its name, never the secret."
          value={draft.credential}
          onText={(credential) => change({ credential })}
        />
      </Two>
    </div>
  );
}

function LimitFields({ draft, change }: Props) {
  return (
    <div className="grid gap-3 phone:grid-cols-3">
      <Input
        label="Requests"
        inputMode="numeric"
        required
        value={draft.requests}
        onText={(requests) => change({ requests })}
      />
      <Input
        label="In how many seconds"
        inputMode="numeric"
        required
        value={draft.seconds}
        onText={(seconds) => change({ seconds })}
      />
      <Select
        label="For"
        value={draft.per}
        onText={(per) => change({ per: per as ControlDraft['per'] })}
        options={[
          { value: 'subject', label: 'Each person' },
          { value: 'everyone', label: 'Everyone together' },
        ]}
        hint="Each instance counts for itself."
      />
    </div>
  );
}

function SettingsFields({ draft, change }: Props) {
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 phone:grid-cols-3">
        <Input
          label="Temperature at most"
          optional
          inputMode="decimal"
          value={draft.temperature}
          onText={(temperature) => change({ temperature })}
        />
        <Input
          label="Top-p at most"
          optional
          inputMode="decimal"
          value={draft.topP}
          onText={(topP) => change({ topP })}
        />
        <Input
          label="Tokens at most"
          optional
          inputMode="numeric"
          value={draft.maxTokens}
          onText={(maxTokens) => change({ maxTokens })}
        />
      </div>
      <TextArea
        label="Settings of the application"
        optional
        rows={2}
        hint="One to a line: answer_threshold = 0.9. The application reads them from its guard."
        value={draft.values}
        onText={(values) => change({ values })}
      />
    </div>
  );
}
