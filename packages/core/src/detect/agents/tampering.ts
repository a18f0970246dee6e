import type { ToolEffect } from '../../prepare/inventory/index.ts';
import type { ToolCall } from '../signals/index.ts';

const MOST_READ = 20_000;

/** Places where credentials lie, as commands and paths name them. Templates of them hold none. */
const CREDENTIALS =
  /(?:^|[/\\"'\s=:@])((?:\.env(?:\.(?!example|sample|template|dist)[\w-]{1,30})?|id_(?:rsa|dsa|ecdsa|ed25519)|\.aws[/\\]credentials|\.netrc|\.pgpass|\.git-credentials|\.npmrc|\.pypirc|\.docker[/\\]config\.json|\.kube[/\\]config|kubeconfig|etc[/\\]shadow|credentials\.(?:json|ya?ml|toml|ini|csv)|secrets?\.(?:json|ya?ml|toml|ini|env)|service[-_]account[\w-]{0,40}\.json|application_default_credentials\.json|[\w-]{0,40}key[\w-]{0,20}\.pem|[\w-]{1,40}\.(?:p12|pfx|kdbx|keystore)|proc[/\\]self[/\\]environ)(?![\w.-])|169\.254\.169\.254|metadata\.google\.internal|printenv(?!\w))/i;

/** Records of what was done. */
const LOGS =
  /(?:^|[/\\"'\s=>])(var[/\\]log[/\\][\w./\\-]{1,80}|[\w.-]{0,40}(?:audit|access|auth|event|security|activity|session|agent|server|app|application|system|error)[\w-]{0,20}\.log(?:\.\d{1,3}|\.gz)?|\.(?:bash|zsh)_history)(?![\w-])/i;

/** Instructions and settings an agent itself works by. */
const INSTRUCTIONS =
  /(?:^|[/\\"'\s=>])((?:AGENTS|CLAUDE|GEMINI|SOUL)\.md|\.cursorrules|\.cursor[/\\]rules|\.windsurfrules|\.clinerules|copilot-instructions\.md|\.claude[/\\]settings[\w.]{0,20}\.json|\.vscode[/\\]settings\.json|\.?mcp\.json|system[-_]prompt[\w.-]{0,20})(?![\w-])/i;

const EDITS =
  /(?:^|[_\-.\s]|[a-z](?=[A-Z]))(?:write|edit|update|patch|replace|append|delete|remove|truncate|overwrite|create|save|put|move|rename|clear|insert|modify)(?:[_\-.\sA-Z]|$)/i;
/** Ends in a change, in a command line. */
const CHANGES =
  /(?:^|[\s;&|"'(])(?:rm|shred|truncate|unlink|tee|mv|cp|chattr|dd)\s|(?:^|\s)sed\s+-i|>{1,2}\s*["']?[~./\w]/;
/** Takes away the record of what was done by itself. */
const UNRECORDS =
  /(?:^|[\s;&|"'(])(?:history\s+-c|unset\s+HISTFILE|wevtutil\s+cl|Clear-EventLog|auditctl\s+-(?:e\s*0|D)|journalctl\s+--vacuum-\w+|systemctl\s+(?:stop|disable)\s+(?:auditd|rsyslog|journald))/i;
const NAMED_LOGS = /(?:delete|clear|purge|edit|truncate|disable|wipe)[_\-.]?(?:audit[_\-.]?)?logs?(?:$|[_\-.])/i;
const NAMED_INSTRUCTIONS =
  /(?:update|set|edit|write|replace|change|rewrite)[_\-.]?(?:own[_\-.]?)?(?:system[_\-.]?prompt|instructions|guardrails?)(?:$|[_\-.])/i;

/** What a call reaches for that no task of another kind needs. */
export interface Reached {
  readonly kind: 'credentials-read' | 'records-edited' | 'instructions-edited';
  /** As the call names it. */
  readonly what: string;
}

/** What whoever gave the task spoke of is needed for it. */
function isNeeded(what: string, said: string): boolean {
  const last = what.split(/[/\\]/).at(-1)!.toLowerCase();
  return said.includes(last === '' ? what.toLowerCase() : last);
}

/**
 * Whether a call reaches for credentials, edits the records of what was done, or edits the instructions the agent works by,
 * without anybody having spoken of that. `said`: what the person and the instructions said, in lower case; `effect`: what its
 * tool does, where somebody has said.
 */
export function reachedFor(call: ToolCall, said: string, effect: ToolEffect | undefined): Reached | null {
  const text = (call.arguments ?? '').slice(0, MOST_READ).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
  const edits = effect === 'writes' || effect === 'destroys' || EDITS.test(call.name) || CHANGES.test(text);
  const found: (Reached | null)[] = [
    match('records-edited', UNRECORDS, text),
    match('records-edited', NAMED_LOGS, call.name),
    match('instructions-edited', NAMED_INSTRUCTIONS, call.name),
    edits ? match('records-edited', LOGS, text) : null,
    edits ? match('instructions-edited', INSTRUCTIONS, text) : null,
    match('credentials-read', CREDENTIALS, text),
  ];
  return found.find((it) => it !== null && !isNeeded(it.what, said)) ?? null;
}

function match(kind: Reached['kind'], pattern: RegExp, text: string): Reached | null {
  const found = pattern.exec(text);
  return found === null ? null : { kind, what: (found[1] ?? found[0]).trim().slice(0, 80) };
}
