import { refresh } from './ask.ts';
import { type Hint, type LiveFact, onFact, onHint, onResync } from './live.ts';

const SYSTEMS = '/api/v1/systems';
const INCIDENTS = '/api/v1/incidents';
const CANDIDATES = '/api/v1/candidates';
const HOLDS = '/api/v1/holds';
const COVERAGE = '/api/v1/coverage';
const PEOPLE = '/api/v1/people';
const ROLES = '/api/v1/role-directory';
const TASKS = '/api/v1/tasks';
const MOVES = '/api/v1/moves';
const APPROVALS = '/api/v1/approvals';

/** Which addresses a fact makes old. An unknown kind of fact makes nothing old: its screen does not exist yet. */
export function pathsTouchedBy(type: string): readonly string[] {
  const noun = type.slice(0, type.indexOf('.'));
  switch (noun) {
    case 'incident':
    case 'severity':
    case 'archetype':
    case 'time':
    case 'step':
      return [INCIDENTS, TASKS];
    case 'role':
      return [INCIDENTS, TASKS, ROLES, MOVES];
    case 'right':
      return [ROLES];
    case 'risk':
      return ['/api/v1/risks'];
    case 'rubric':
      return ['/api/v1/rubric', MOVES];
    case 'candidate':
      return [CANDIDATES, '/api/v1/late-reports', '/api/v1/quality'];
    case 'containment':
    case 'evidence':
      return [HOLDS, INCIDENTS, TASKS, SYSTEMS, '/api/v1/containment', APPROVALS, '/api/v1/record-locks'];
    case 'pull':
    case 'restoration':
    case 'glass':
      return [INCIDENTS, HOLDS, APPROVALS, '/api/v1/glasses', '/api/v1/restorations'];
    case 'rights':
      return [SYSTEMS, APPROVALS];
    case 'tripwire':
      return ['/api/v1/tripwires'];
    case 'capsule':
      return [SYSTEMS, '/api/v1/capsules'];
    case 'control':
    case 'system':
    case 'feature':
    case 'version':
    case 'tool':
    case 'guardrail':
    case 'budget':
    case 'approval':
    case 'dependency':
    case 'channel':
    case 'change':
      return [SYSTEMS, COVERAGE, '/api/v1/containment', MOVES];
    case 'playbook':
      return ['/api/v1/playbooks', TASKS, MOVES];
    case 'policy':
    case 'exception':
      return ['/api/v1/policies', '/api/v1/policy-exceptions'];
    case 'vendor':
    case 'escalation':
    case 'responsibilities':
    case 'question':
      return [
        '/api/v1/vendors',
        '/api/v1/vendor-questions',
        '/api/v1/vendor-incidents',
        '/api/v1/incidents/:incident/vendors',
      ];
    case 'answer':
      return ['/api/v1/held-answers'];
    case 'review':
    case 'review-promise':
      return ['/api/v1/reviews'];
    case 'monitor':
      return ['/api/v1/monitors', COVERAGE];
    case 'oversight':
    case 'supplier-notice':
      return ['/api/v1/oversight'];
    case 'heartbeat':
      return ['/api/v1/heartbeats'];
    case 'watch':
    case 'alarm-budget':
      return ['/api/v1/watches'];
    case 'executor':
      return ['/api/v1/executors', '/api/v1/incidents'];
    case 'moderator':
      return ['/api/v1/moderators'];
    case 'target':
    case 'eval-suite':
    case 'eval-run':
      return ['/api/v1/evals', '/api/v1/eval-targets', '/api/v1/eval-runs', '/api/v1/probes', COVERAGE];
    case 'records':
      return ['/api/v1/record-rules'];
    case 'source':
      return ['/api/v1/sources'];
    case 'fire-drill':
      return ['/api/v1/fire-drills'];
    case 'backtest':
      return ['/api/v1/backtests'];
    case 'protected-text':
      return ['/api/v1/protected-texts'];
    case 'silence':
      return ['/api/v1/silences', CANDIDATES];
    case 'condition':
      return ['/api/v1/conditions', CANDIDATES];
    case 'person':
      return [PEOPLE, '/api/v1/me', ROLES];
    case 'key':
      return ['/api/v1/keys'];
    default:
      return [];
  }
}

export function pathsTouchedByHint(kind: string): readonly string[] {
  if (kind.startsWith('guard') || kind.startsWith('ack')) return [HOLDS, SYSTEMS, '/api/v1/guard'];
  if (kind === 'measures') return ['/api/v1/measures', '/api/v1/watches', '/api/v1/alarms'];
  if (kind === 'moderation') return ['/api/v1/moderators'];
  if (kind === 'monitors') return ['/api/v1/monitors', '/api/v1/heartbeats', COVERAGE];
  if (kind.startsWith('signal') || kind.startsWith('candidate'))
    return [CANDIDATES, '/api/v1/signals', '/api/v1/access', '/api/v1/silences', '/api/v1/conditions'];
  if (kind === 'feedback') return ['/api/v1/telemetry', '/api/v1/reviews', COVERAGE];
  return ['/api/v1/telemetry', '/api/v1/interactions', COVERAGE];
}

/** A flood of facts becomes one refresh per address and quarter of a second; of measurements, per two seconds. */
const FACT_MS = 250;
const HINT_MS = 2_000;

function gather(ms: number): { add: (paths: readonly string[]) => void; stop: () => void } {
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(paths) {
      for (const path of paths) due.add(path);
      if (due.size === 0) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh(...due);
        due.clear();
      }, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Keeps every list on screen true while the stream runs. Returns the way to stop. */
export function followFacts(): () => void {
  const facts = gather(FACT_MS);
  const hints = gather(HINT_MS);
  const ends = [
    onFact((fact: LiveFact) => facts.add(pathsTouchedBy(fact.type))),
    onHint((hint: Hint) => hints.add(pathsTouchedByHint(hint.kind))),
    onResync(() => refresh('/api/')),
  ];
  return () => {
    facts.stop();
    hints.stop();
    for (const end of ends) end();
  };
}
