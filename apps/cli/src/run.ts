import { Problem, Unreachable } from '@firebreak/client';
import { Command, CommanderError } from 'commander';
import { AnswerIsNo, BadInput, createCli, EXIT, type Register } from './cli.ts';
import { access } from './detect/access.ts';
import { backtest } from './detect/backtest.ts';
import { candidates } from './detect/candidates.ts';
import { channels } from './detect/channels.ts';
import { evals } from './detect/evals.ts';
import { evaluations } from './detect/evaluations.ts';
import { feedback } from './detect/feedback.ts';
import { fireDrills } from './detect/fire-drills.ts';
import { measures } from './detect/measures.ts';
import { moderators } from './detect/moderators.ts';
import { monitors } from './detect/monitors.ts';
import { oversight } from './detect/oversight.ts';
import { conditions, silences } from './detect/paging.ts';
import { predictions } from './detect/predictions.ts';
import { probes } from './detect/probes.ts';
import { protectedTexts } from './detect/protected-texts.ts';
import { quality } from './detect/quality.ts';
import { reports } from './detect/reports.ts';
import { signals } from './detect/signals.ts';
import { similar } from './detect/similar.ts';
import { sources } from './detect/sources.ts';
import { changes } from './prepare/changes.ts';
import { inventory } from './prepare/inventory.ts';
import { moves } from './prepare/moves.ts';
import { people } from './prepare/people.ts';
import { playbooks } from './prepare/playbooks.ts';
import { policies } from './prepare/policies.ts';
import { records } from './prepare/records.ts';
import { risks } from './prepare/risks.ts';
import { roleDirectory } from './prepare/role-directory.ts';
import { rubric } from './prepare/rubric.ts';
import { applySystems } from './prepare/systems-file.ts';
import { tools } from './prepare/tools.ts';
import { vendors } from './prepare/vendors.ts';
import { evidence } from './prove/evidence.ts';
import { stats } from './prove/stats.ts';
import { actionAudit } from './respond/action-audit.ts';
import { approvals, breakGlass } from './respond/break-glass.ts';
import { capsules } from './respond/capsules.ts';
import { containment } from './respond/containment.ts';
import { controlTests } from './respond/control-tests.ts';
import { decisionRights } from './respond/decision-rights.ts';
import { doctor } from './respond/doctor.ts';
import { executors } from './respond/executors.ts';
import { gateways } from './respond/gateways.ts';
import { heldAnswers } from './respond/held-answers.ts';
import { incidents } from './respond/incidents.ts';
import { links, subscriptions } from './respond/links.ts';
import { mcpProxy } from './respond/mcp-proxy.ts';
import { parents } from './respond/parents.ts';
import { policyCheck } from './respond/policy-check.ts';
import { recommendation } from './respond/recommendation.ts';
import { recordLocks } from './respond/record-locks.ts';
import { restorations } from './respond/restorations.ts';
import { runner } from './respond/runner.ts';
import { tasks } from './respond/tasks.ts';
import { transmitters } from './respond/transmitters.ts';
import { tripwires } from './respond/tripwires.ts';
import { vendorIncidents } from './respond/vendor-incidents.ts';
import { store } from './store.ts';

const REGISTERS: readonly Register[] = [
  store,
  people,
  moves,
  records,
  risks,
  policies,
  vendors,
  roleDirectory,
  rubric,
  inventory,
  tools,
  applySystems,
  changes,
  channels,
  moderators,
  measures,
  access,
  oversight,
  predictions,
  monitors,
  evals,
  evaluations,
  probes,
  protectedTexts,
  feedback,
  reports,
  playbooks,
  sources,
  signals,
  candidates,
  silences,
  conditions,
  quality,
  fireDrills,
  backtest,
  stats,
  similar,
  incidents,
  parents,
  links,
  subscriptions,
  transmitters,
  tripwires,
  restorations,
  executors,
  runner,
  tasks,
  policyCheck,
  vendorIncidents,
  containment,
  controlTests,
  decisionRights,
  approvals,
  breakGlass,
  capsules,
  recommendation,
  doctor,
  gateways,
  heldAnswers,
  mcpProxy,
  actionAudit,
  evidence,
  recordLocks,
];

interface Streams {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly err: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs one command line and answers its exit code: 0 done, 1 the answer is no, 2 bad usage or input, 3 no server. */
export async function run(argv: readonly string[], { out, err, env }: Streams): Promise<number> {
  const program = new Command('firebreak')
    .description('AI incident response from a terminal')
    .option('--json', 'print JSON even to a terminal')
    .configureOutput({ writeOut: (text) => void out.write(text), writeErr: (text) => void err.write(text) })
    .exitOverride();
  const cli = createCli({ out, env }, () => program.opts<{ json?: boolean }>().json === true);
  for (const register of REGISTERS) register(program, cli);
  try {
    await program.parseAsync([...argv]);
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof AnswerIsNo) return EXIT.no;
    if (error instanceof BadInput) {
      err.write(`${error.message}\n`);
      return EXIT.usage;
    }
    if (error instanceof Unreachable) {
      err.write(
        `No answer from ${error.url}. Is the server running? Start it with “npm start”, or set FIREBREAK_URL.\n`,
      );
      return EXIT.unreachable;
    }
    if (error instanceof Problem) {
      err.write(
        `${error.title}: ${error.detail}\n${error.errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}\n`).join('')}`,
      );
      return EXIT.usage;
    }
    throw error;
  }
}
